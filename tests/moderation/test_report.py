"""Reporting a listing: who may, what must be said, and how often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.kit.db import db, step
from storefront.moderation.models import Report
from tests.browser import Browser
from tests.cast import Cast
from tests.moderation.acts import COPYRIGHT, SWORN_FORM, complain, decide, events, state
from tests.worlds import make_offer, make_team

HERE = "/listings/field-notes"


def reports() -> list[Report]:
    query = sa.select(Report).order_by(Report.id)
    return list(db.session.scalars(query, execution_options={"populate_existing": True}))


def test_bob_reports_a_listing(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    answer = client.as_person(cast.bob).post(f"{HERE}/reports", data={"reason": "spam", "details": "An\r\nad."})

    assert (answer.status_code, answer.location) == (303, HERE)
    assert "An operator will look at it" in client.get(HERE).text
    assert [(report.reason, report.details, report.state) for report in reports()] == [("spam", "An\nad.", "open")]
    (event,) = events("report.filed")
    assert (event.actor_id, event.data) == (cast.bob.id, {})


def test_again_is_the_same_report_amended(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    client.as_person(cast.bob).post(f"{HERE}/reports", data=SWORN_FORM)
    make_offer(cast.alice, "Ferry Lines")
    for reason in ("misleading", "other"):
        client.post("/listings/ferry-lines/reports", data={"reason": reason, "details": "Not what it says."})

    assert [report.reason for report in reports()] == ["copyright", "other"]
    assert "Not what it says." in client.get("/listings/ferry-lines/report").text


def test_a_claim_taken_back_keeps_no_oath(client: Browser, cast: Cast) -> None:
    """What was sworn goes with the claim."""
    listing = make_offer(cast.alice)
    decide("restore", complain(cast.bob, listing, COPYRIGHT), cast.carol)
    client.as_person(cast.bob).post(f"{HERE}/reports", data={"reason": "spam"})

    (report,) = reports()
    assert (report.sworn_at, report.contact_email, report.claimed_work) == (None, "", "")


def test_htmx_gets_a_word_in_place_of_the_form(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    answer = client.as_person(cast.bob).htmx(f"{HERE}/reports", method="POST", data={"reason": "spam"})

    assert answer.status_code == 200
    assert "Thank you." in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("lacking", [name for name in SWORN_FORM if name != "reason"])
def test_a_copyright_report_is_sworn_and_complete(client: Browser, cast: Cast, lacking: str) -> None:
    listing = make_offer(cast.alice)
    said = {name: value for name, value in SWORN_FORM.items() if name != lacking}
    for data in (said, {**said, lacking: ""} if lacking not in ("good_faith", "under_penalty") else said):
        answer = client.as_person(cast.bob).post(f"{HERE}/reports", data=data)
        assert answer.status_code == 422
    assert f'id="{lacking}-error"' in answer.text

    assert (reports(), state(listing)) == ([], "published")
    assert client.post(f"{HERE}/reports", data=SWORN_FORM).location == "/catalog"
    assert state(listing) == "suspended"


@pytest.mark.parametrize(
    "data",
    [
        {}, {"reason": "boring"}, {"reason": "other"}, {"reason": "other", "details": "   "},
        {"reason": "spam", "details": "x" * 2001}, {**SWORN_FORM, "contact_email": "bernt"},
    ],
)  # fmt: skip
def test_what_can_not_be_filed_is_said_beside_the_form(client: Browser, cast: Cast, data: dict[str, str]) -> None:
    make_offer(cast.alice)
    client.as_person(cast.bob)
    page, part = client.post(f"{HERE}/reports", data=data), client.htmx(f"{HERE}/reports", method="POST", data=data)

    assert (page.status_code, part.status_code, reports()) == (422, 422, [])
    assert 'class="err"' in page.text
    assert "<html" not in part.text


def test_the_longest_details_and_any_letters_fit(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    long = "\N{WATER WAVE}" * 2000
    client.as_person(cast.bob).post(f"{HERE}/reports", data={"reason": "other", "details": long})

    assert [report.details for report in reports()] == [long]


def test_nobody_reports_their_own(client: Browser, cast: Cast) -> None:
    editor = cast.person("Erin")
    make_offer(cast.alice, into=make_team(cast.alice, editor=editor))
    for person in (cast.alice, editor):
        client.as_person(person)
        assert "/report" not in client.get(HERE).text
        assert client.get(f"{HERE}/report").status_code == 409
        assert client.post(f"{HERE}/reports", data=SWORN_FORM).status_code == 409
    assert reports() == []


def test_a_verified_e_mail_is_needed(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    with step():
        db.session.get_one(Person, cast.bob.id).confirmed_at = None
    client.as_person(cast.bob)

    assert client.get(f"{HERE}/report").status_code == 403
    assert client.post(f"{HERE}/reports", data={"reason": "spam"}).status_code == 403
    assert reports() == []


def test_strangers_are_led_to_sign_in_and_back(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    answer = client.get(f"{HERE}/report")
    assert answer.location == "/login?next=/listings/field-notes/report"
    assert client.post(f"{HERE}/reports", data={"reason": "spam"}).location.startswith("/login")


def test_a_strangers_page_has_the_button_and_no_token(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    answer = client.get(HERE)

    assert f'href="{HERE}/report"' in answer.text
    assert "csrf" not in answer.text
    assert "<dialog" not in answer.text
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in answer.headers


def test_ten_a_day(client: Browser, cast: Cast, move_clock: Callable[[timedelta], None]) -> None:
    for number in range(11):
        make_offer(cast.alice, f"Work {number}")
    client.as_person(cast.bob)

    def report(number: int) -> int:
        return client.post(f"/listings/work-{number}/reports", data={"reason": "spam"}).status_code

    assert [report(number) for number in range(11)] == [303] * 10 + [429]
    assert report(3) == 303  # amending one of the ten is not another
    move_clock(timedelta(hours=25))
    assert report(10) == 303


def test_mallory_can_not_forge_a_report(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    answer = client.as_person(cast.bob).post(f"{HERE}/reports", data={"reason": "spam"}, forged=True)
    assert (answer.status_code, reports()) == (400, [])
