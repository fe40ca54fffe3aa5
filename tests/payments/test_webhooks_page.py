"""``/admin/webhooks``: operators see every event Stripe sent, why it ended as it did, and replay it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from storefront.checkout.models import Order
from storefront.kit.concerns import MOST_COUNTED
from storefront.kit.db import db, step
from storefront.licenses.models import License
from storefront.payments import queries, webhooks
from storefront.payments.models import StripeEvent
from tests.browser import Browser
from tests.cast import Cast
from tests.payments.events import COMPLETED, ignored, kept, parked, payment

PAGE = "/admin/webhooks"


def listed(page: str) -> list[int]:
    """Row ids in the queue, in their order."""
    queue = page[page.index('id="payments-queue"') : page.index('id="payments-event"')]
    return [int(found) for found in re.findall(rf'href="{PAGE}/(\d+)', queue)]


def fail_once(event: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> int:
    """The row id of ``event`` after its handling broke."""
    event_id = webhooks.keep(event)
    with monkeypatch.context() as broken:
        broken.setattr(webhooks, "_dispatch", lambda _event: 1 / 0)
        assert webhooks.handle(event_id) == "failed"
    return event_id


def test_carol_sees_every_event_the_newest_first(client: Browser, cast: Cast) -> None:
    ids = [ignored(), parked(), kept()]

    page = client.as_person(cast.carol).get(PAGE).text

    assert listed(page) == ids[::-1]
    assert "Its metadata does not say what was bought." in page
    assert "1 need you" in page


@pytest.mark.parametrize(("state", "index"), [("kept", 2), ("parked", 1), ("ignored", 0)])
def test_a_tab_shows_one_state(client: Browser, cast: Cast, state: str, index: int) -> None:
    ids = [ignored(), parked(), kept()]
    page = client.as_person(cast.carol).get(f"{PAGE}?state={state}").text
    assert listed(page) == [ids[index]]


def test_no_events_yet(client: Browser, cast: Cast) -> None:
    client.as_person(cast.carol)
    assert "No event has come from Stripe yet." in client.get(PAGE).text
    assert "No event is failed now." in client.get(f"{PAGE}?state=failed").text


def test_an_event_shows_why_and_what_was_sent(client: Browser, cast: Cast) -> None:
    event_id = parked()
    page = client.as_person(cast.carol).get(f"{PAGE}/{event_id}").text
    assert "Its metadata does not say what was bought." in page
    assert "It was parked for an operator." in page
    assert "1 attempt" in page
    assert "&#34;payment_status&#34;: &#34;paid&#34;" in page
    assert page.count("<h1") == 1


def test_what_stripe_sent_is_shown_as_text(client: Browser, cast: Cast) -> None:
    event_id = kept("payout.paid", note="</pre><script>alert(1)</script>")
    assert "<script>alert" not in client.as_person(cast.carol).get(f"{PAGE}/{event_id}").text


def test_replaying_what_failed_pays_the_order(client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    order, event = payment(cast)
    event_id = fail_once(event, monkeypatch)
    client.as_person(cast.carol)
    assert "ZeroDivisionError" in client.get(f"{PAGE}/{event_id}").text

    answer = client.post(f"{PAGE}/{event_id}/replays")

    assert answer.status_code == 303
    assert answer.location == f"{PAGE}/{event_id}"
    assert "Handled." in client.get(answer.location).text
    assert db.session.get_one(Order, order.id, populate_existing=True).status == "paid"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(License)) == 1


def test_replaying_twice_pays_once(client: Browser, cast: Cast) -> None:
    _order, event = payment(cast)
    event_id = webhooks.keep(event)
    client.as_person(cast.carol)
    for _ in range(2):
        client.post(f"{PAGE}/{event_id}/replays")

    assert db.session.scalar(sa.select(sa.func.count()).select_from(License)) == 1
    assert db.session.get_one(StripeEvent, event_id, populate_existing=True).attempts == 1
    assert ">Replay</button>" not in client.get(f"{PAGE}/{event_id}").text


def test_htmx_gets_the_event_the_queue_and_a_word(client: Browser, cast: Cast) -> None:
    event_id = parked()
    answer = client.as_person(cast.carol).htmx(f"{PAGE}/{event_id}/replays?state=parked", method="POST")

    assert answer.status_code == 200
    assert 'id="payments-event"' in answer.text
    assert 'id="payments-queue"' in answer.text
    assert "It is parked again." in answer.text
    assert "2 attempts" in answer.text
    assert "<html" not in answer.text


def test_the_menu_counts_what_needs_an_operator(client: Browser, cast: Cast) -> None:
    parked()
    ignored()
    assert queries.trouble() == 1
    page = client.as_person(cast.carol).get("/library").text
    assert f'href="{PAGE}"' in page
    assert '<span class="badge2 is-warn ml-auto">1</span>' in page
    assert PAGE not in client.as_person(cast.bob).get("/library").text


def test_counts_stop_at_a_hundred(client: Browser, cast: Cast) -> None:
    event = db.session.get_one(StripeEvent, parked())
    with step():
        copied = {
            "type": COMPLETED, "livemode": False, "payload": {}, "state": "parked", "reason": "No.",
            "attempts": 1, "created_at": event.created_at, "received_at": event.received_at,
        }  # fmt: skip
        rows = [{**copied, "stripe_id": f"evt_{number}"} for number in range(120)]
        db.session.execute(sa.insert(StripeEvent), rows)

    assert queries.counts()["parked"] == MOST_COUNTED
    assert "99+" in client.as_person(cast.carol).get(PAGE).text


def test_pages_hold_every_event_once(
    client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch, count_statements: Callable[..., Any]
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    ids = [ignored() for _ in range(5)]
    seen, after = [], None
    while True:
        page = queries.events_page(None, after)
        seen += [row.id for row in page.rows]
        after = page.next
        if after is None:
            break
    assert seen == ids[::-1]

    client.as_person(cast.carol)
    first = client.get(PAGE).text
    assert "Older" in first
    older = f"{PAGE}?after={queries.events_page(None).next}"
    with count_statements() as run:
        client.get(older)
    assert len(run) <= 8  # four of them for the bar: a count each for webhooks, disputes, health and reports


@pytest.mark.parametrize("query", ["after=x", "after=W10", "state=parked&after=%00"])
def test_a_broken_cursor_is_a_clean_page(client: Browser, cast: Cast, query: str) -> None:
    assert client.as_person(cast.carol).get(f"{PAGE}?{query}").status_code == 400


def test_an_unknown_state_shows_all(client: Browser, cast: Cast) -> None:
    event_id = ignored()
    answer = client.as_person(cast.carol).get(f"{PAGE}?state=%27%22x")
    assert answer.status_code == 200
    assert listed(answer.text) == [event_id]


@pytest.mark.parametrize("path", ["", "/1", "/999999"])
def test_for_everybody_else_the_page_does_not_exist(client: Browser, cast: Cast, path: str) -> None:
    parked()
    for person in (cast.bob, cast.alice, cast.mallory):
        assert client.as_person(person).get(PAGE + path).status_code == 404


def test_mallory_cannot_replay(client: Browser, cast: Cast) -> None:
    event_id = parked()
    assert client.as_person(cast.mallory).post(f"{PAGE}/{event_id}/replays").status_code == 404
    assert db.session.get_one(StripeEvent, event_id, populate_existing=True).attempts == 1


def test_signed_out_it_leads_to_signing_in(client: Browser) -> None:
    answer = client.get(PAGE)
    assert answer.status_code in (302, 303)
    assert "/login" in answer.location


def test_an_event_that_is_not_there_is_not_found(client: Browser, cast: Cast) -> None:
    client.as_person(cast.carol)
    for event_id in (424242, 2**63, 10**40):
        assert client.get(f"{PAGE}/{event_id}").status_code == 404
        assert client.post(f"{PAGE}/{event_id}/replays").status_code == 404
