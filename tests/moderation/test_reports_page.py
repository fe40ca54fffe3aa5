"""``/admin/reports``: operators read reports and decide, each time for a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from storefront.kit.concerns import MOST_COUNTED
from storefront.kit.db import db
from storefront.moderation import queries
from storefront.moderation.models import Decision, Report
from storefront.moderation.services import Claim
from tests.browser import Browser
from tests.cast import Cast
from tests.letterbox import last_letter
from tests.moderation.acts import COPYRIGHT, complain, crowd, decide, events, state
from tests.worlds import make_offer

PAGE = "/admin/reports"


def listed(page: str) -> list[str]:
    """Public ids in the queue, in their order."""
    queue = page[page.index('id="moderation-queue"') :].split("</section>")[0]
    return re.findall(rf'href="{PAGE}/(rep_\w+)', queue)


def press(client: Browser, report: Report, verdict: str, reason: str = "Looked at closely.", **how: Any) -> Any:
    send = client.htmx if how.pop("htmx", False) else client.open
    data = {"verdict": verdict, "reason": reason}
    return send(f"{PAGE}/{report.public_id}/decisions", method="POST", data=data)


def test_carol_reads_what_waits_the_newest_first(client: Browser, cast: Cast) -> None:
    first, second = make_offer(cast.alice), make_offer(cast.alice, "Ferry Lines")
    waiting = [complain(cast.bob, first, COPYRIGHT), complain(cast.bob, second)]

    page = client.as_person(cast.carol).get(PAGE).text
    assert listed(page) == [report.public_id for report in reversed(waiting)]
    assert "2 open" in page

    page = client.get(f"{PAGE}/{waiting[0].public_id}").text
    for words in (*vars(COPYRIGHT).values(), "Bob", "under penalty of perjury", "by rule"):
        assert words in page or words == "copyright"
    assert page.count("<h1") == 1


def test_nothing_waits(client: Browser, cast: Cast) -> None:
    page = client.as_person(cast.carol).get(PAGE).text
    assert "No report waits for you." in page
    assert "All is decided" in page


@pytest.mark.parametrize(("verdict", "name", "down"), [("dismiss", "dismissed", False), ("uphold", "upheld", True)])
def test_a_decision_is_in_the_audit_log_with_its_actor_and_reason(
    client: Browser, cast: Cast, verdict: str, name: str, down: bool
) -> None:
    listing = make_offer(cast.alice)
    report = complain(cast.bob, listing)
    client.as_person(cast.carol)

    answer = press(client, report, verdict, "It says so itself.")

    assert answer.location == f"{PAGE}/{report.public_id}?state=open"
    (event,) = events(f"report.{name}")
    decision = db.session.get_one(Decision, event.data["decision"])
    assert event.actor_id == decision.operator_id == cast.carol.id
    assert (decision.verdict, decision.reason) == (name, "It says so itself.")
    assert (state(listing) == "suspended") is down
    assert len(events("listing.suspended")) == down
    assert "It says so itself." in client.get(answer.location).text
    assert "It says so itself." in last_letter("bob@example.com").text
    assert listed(client.get(PAGE).text) == []
    assert listed(client.get(f"{PAGE}?state={name}").text) == [report.public_id]


def test_upholding_tells_the_creator_in_the_operators_words(client: Browser, cast: Cast) -> None:
    report = complain(cast.bob, make_offer(cast.alice))
    press(client.as_person(cast.carol), report, "uphold", "It is an advertisement.")

    assert "It is an advertisement. To appeal, write to" in " ".join(last_letter("alice@example.com").text.split())
    assert "It is an advertisement." in client.as_person(cast.alice).get("/listings/field-notes").text


def test_restoring_puts_it_back_and_dismisses_what_stands(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    reports = [complain(person, listing) for person in crowd(cast, 3)]
    press(client.as_person(cast.carol), reports[1], "restore", "A joke of three friends.")

    assert state(listing) == "published"
    assert len(events("report.dismissed")) == 3
    verdicts = db.session.scalars(sa.select(Decision.verdict).order_by(Decision.id)).all()
    assert verdicts == ["restored"] + ["dismissed"] * 3
    assert "A joke of three friends." in last_letter("alice@example.com").text
    assert client.as_person(None).get("/listings/field-notes").status_code == 200


@pytest.mark.parametrize("verdict", ["dismiss", "uphold", "restore"])
@pytest.mark.parametrize("reason", ["", "  \r\n "])
def test_a_decision_without_a_reason_is_not_kept(client: Browser, cast: Cast, verdict: str, reason: str) -> None:
    listing = make_offer(cast.alice)
    report = complain(cast.bob, listing, COPYRIGHT)
    client.as_person(cast.carol)
    page, part = press(client, report, verdict, reason), press(client, report, verdict, reason, htmx=True)

    assert (page.status_code, part.status_code) == (422, 422)
    assert "A decision without one is not kept." in page.text
    assert 'id="moderation-report"' in part.text
    assert "<html" not in part.text
    assert db.session.scalars(sa.select(Decision)).all() == []
    assert state(listing) == "suspended"


def test_two_operators_decide_once(client: Browser, cast: Cast) -> None:
    report = complain(cast.bob, make_offer(cast.alice))
    client.as_person(cast.carol)
    assert [press(client, report, verb).status_code for verb in ("dismiss", "uphold", "dismiss")] == [303, 409, 409]
    assert press(client, report, "restore").status_code == 409  # it never was suspended
    assert press(client, report, "explode").status_code == 422


def test_htmx_gets_the_report_the_queue_the_badge_and_a_word(client: Browser, cast: Cast) -> None:
    report = complain(cast.bob, make_offer(cast.alice))
    answer = press(client.as_person(cast.carol), report, "dismiss", htmx=True)

    assert answer.status_code == 200
    for part in ('id="moderation-report"', 'id="moderation-queue"', ".badge2", "Dismissed."):
        assert part in answer.text
    assert "<html" not in answer.text


def test_the_menu_counts_what_waits(client: Browser, cast: Cast) -> None:
    complain(cast.bob, make_offer(cast.alice))
    page = client.as_person(cast.carol).get("/library").text
    assert f'href="{PAGE}"' in page
    assert '<span class="badge2 is-warn ml-auto">1</span>' in page
    assert PAGE not in client.as_person(cast.bob).get("/library").text


def test_counts_stop_at_a_hundred(client: Browser, cast: Cast) -> None:
    report = complain(cast.bob, make_offer(cast.alice))
    listings = [make_offer(cast.alice, f"Work {number}") for number in range(3)]
    people = crowd(cast, 35)
    columns: dict[str, Any] = {
        "reason": "spam",
        "details": "",
        "claimed_work": "",
        "contact_name": "",
        "contact_address": "",
    }
    columns |= {"contact_email": "", "state": "open", "filed_at": report.filed_at}
    rows = [
        {**columns, "public_id": f"rep_{each.id}_{person.id}", "listing_id": each.id, "person_id": person.id}
        for each in listings
        for person in people
    ]
    db.session.execute(sa.insert(Report), rows)
    db.session.commit()

    assert queries.waiting() == MOST_COUNTED
    assert "99+ open" in client.as_person(cast.carol).get(PAGE).text


def test_pages_hold_every_report_once_and_cost_the_same(
    client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch, count_statements: Callable[..., Any]
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    made = [complain(cast.bob, make_offer(cast.alice, f"Work {number}")) for number in range(5)]
    client.as_person(cast.carol)
    seen: list[str] = []
    costs, after = [], ""
    for last in (False, False, True):
        with count_statements() as run:
            page = client.get(f"{PAGE}?after={after}").text
        costs.append(len(run))
        seen += listed(page)
        after = queries.reports_page("open", after or None).next or ""
        assert (not after) is last

    assert seen == [report.public_id for report in reversed(made)]
    assert max(costs) <= 10
    assert len(set(costs)) == 1


@pytest.mark.parametrize("query", ["after=x", "after=W10", "state=upheld&after=%00"])
def test_a_broken_cursor_is_a_clean_page(client: Browser, cast: Cast, query: str) -> None:
    assert client.as_person(cast.carol).get(f"{PAGE}?{query}").status_code == 400


def test_what_was_written_is_shown_as_text(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    complain(cast.bob, listing, Claim("other", "<script>alert(1)</script>"))
    assert "<script>alert" not in client.as_person(cast.carol).get(PAGE).text


def test_for_everybody_else_the_page_does_not_exist(client: Browser, cast: Cast) -> None:
    report = complain(cast.bob, make_offer(cast.alice))
    for person in (cast.bob, cast.alice, cast.mallory):
        for path in (PAGE, f"{PAGE}/{report.public_id}", f"{PAGE}/rep_made_up"):
            assert client.as_person(person).get(path).status_code == 404
    assert client.as_person(cast.carol).get(f"{PAGE}/rep_made_up").status_code == 404


def test_a_decision_that_was_made_is_not_changed(cast: Cast) -> None:
    report = complain(cast.bob, make_offer(cast.alice))
    decide("dismiss", report, cast.carol)
    with pytest.raises(sa.exc.DBAPIError):
        db.session.execute(sa.update(Decision).values(reason="Another."))
    db.session.rollback()
