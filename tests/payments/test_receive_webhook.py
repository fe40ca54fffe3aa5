"""What comes in at the webhook's address: only what Stripe signed, each event once, nothing dropped."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storefront.checkout import services
from storefront.checkout.models import Order
from storefront.kit import clock
from storefront.kit.db import db, settle_reads, step
from storefront.licenses.models import License
from storefront.payments import webhooks
from storefront.payments.models import StripeEvent
from tests.browser import Browser
from tests.cast import Cast
from tests.checkout.stripe_words import event_body, session_body
from tests.stripe import Stripe
from tests.worlds import make_offer


@pytest.fixture
def order(cast: Cast) -> Order:
    listing = make_offer(cast.alice)
    with step():
        order, _stale = services.open_order(listing, cast.bob)
    return order


def paid(order: Order, **changed: Any) -> dict[str, Any]:
    return event_body("checkout.session.completed", session_body(order, **changed))


def kept() -> list[tuple[str, str]]:
    query = sa.select(StripeEvent).execution_options(populate_existing=True).order_by(StripeEvent.id)
    return [(event.state, event.reason) for event in db.session.scalars(query)]


def licenses() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(License)) or 0


def test_a_signed_event_is_handled(client: Browser, order: Order) -> None:
    answer = Stripe.send(client, paid(order))

    assert (answer.status_code, answer.json) == (200, {"state": "handled"})
    assert licenses() == 1


@pytest.mark.parametrize("address", ["/webhooks/stripe", "/v1/webhooks/stripe", "/webhooks/stripe/connect"])
@pytest.mark.parametrize("signature", ["", "t=1,v1=abc", "nonsense", "t=,v1=", "v1=abc", "t=٣,v1=abc"])
def test_an_unsigned_body_changes_nothing(client: Browser, address: str, signature: str) -> None:
    answer = client.post(address, data=b"{}", headers={"Stripe-Signature": signature}, forged=True)

    assert answer.status_code == 400
    assert kept() == []


def test_a_tampered_body_changes_nothing(client: Browser, order: Order) -> None:
    answer = Stripe.send(client, paid(order), secret="whsec_of_somebody_else")

    assert answer.status_code == 400
    assert licenses() == 0


@pytest.mark.parametrize("shift", [-301, 3600])
def test_a_signature_from_another_time_changes_nothing(client: Browser, order: Order, shift: int) -> None:
    answer = Stripe.send(client, paid(order), timestamp=int(time.time()) + shift)

    assert answer.status_code == 400
    assert kept() == []


def test_an_unknown_type_is_kept_and_ignored(client: Browser, cast: Cast) -> None:
    Stripe.send(client, event_body("charge.captured", {"id": "ch_1", "object": "charge"}))

    assert kept() == [("ignored", "")]


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        ({}, "does not say what was bought"),
        ({"type": "listing_purchase"}, "does not have"),
        ({"type": "listing_purchase", "order": "ord_of_another_shop"}, "does not have"),
    ],
)
def test_foreign_metadata_is_parked(client: Browser, order: Order, metadata: dict[str, str], why: str) -> None:
    Stripe.send(client, paid(order, metadata=metadata))

    ((state, reason),) = kept()
    assert state == "parked"
    assert why in reason
    assert licenses() == 0


@pytest.mark.parametrize("name", ["listing", "buyer", "workspace", "price"])
def test_metadata_that_does_not_fit_the_order_is_parked(client: Browser, order: Order, name: str) -> None:
    Stripe.send(client, paid(order, metadata={**services.identity(order), name: "999"}))

    ((state, reason),) = kept()
    assert state == "parked"
    assert name in reason


def test_an_event_of_the_other_mode_is_parked(client: Browser, order: Order) -> None:
    Stripe.send(client, {**paid(order), "livemode": True})

    assert kept()[0][0] == "parked"
    assert licenses() == 0


@pytest.mark.parametrize("subject", [{}, {"object": "checkout.session"}, {"id": "cs_1", "metadata": "x"}])
def test_a_session_of_another_shape_is_parked(client: Browser, cast: Cast, subject: dict[str, Any]) -> None:
    answer = Stripe.send(client, event_body("checkout.session.completed", subject))

    assert answer.json == {"state": "parked"}


def test_an_unpaid_session_waits(client: Browser, order: Order) -> None:
    """A bank transfer completes the session before the money comes."""
    session = session_body(order, payment_status="unpaid")
    Stripe.send(client, event_body("checkout.session.completed", session))
    assert licenses() == 0

    session["payment_status"] = "paid"
    Stripe.send(client, event_body("checkout.session.async_payment_succeeded", session))
    assert licenses() == 1


def test_a_failed_bank_transfer_frees_the_order(client: Browser, order: Order) -> None:
    session = session_body(order, payment_status="unpaid")
    Stripe.send(client, event_body("checkout.session.async_payment_failed", session))

    assert db.session.get_one(Order, order.id, populate_existing=True).status == "expired"


def test_expired_after_paid_changes_nothing(client: Browser, order: Order) -> None:
    session = session_body(order)
    Stripe.send(client, event_body("checkout.session.completed", session))
    Stripe.send(client, event_body("checkout.session.expired", {**session, "status": "expired"}))

    assert db.session.get_one(Order, order.id, populate_existing=True).status == "paid"


def test_another_amount_is_booked_as_paid_and_flagged(client: Browser, order: Order) -> None:
    Stripe.send(client, paid(order, amount_total=1000))

    found = db.session.get_one(Order, order.id, populate_existing=True)
    assert (found.amount, found.fee, found.share) == (1000, 150, 850)
    assert "asked 1200 USD, paid 1000 USD" in found.flag


def test_tax_is_nobodys_share(client: Browser, order: Order) -> None:
    session = session_body(order, amount_subtotal=1200, amount_total=1428)
    session["total_details"]["amount_tax"] = 228
    Stripe.send(client, event_body("checkout.session.completed", session))

    found = db.session.get_one(Order, order.id, populate_existing=True)
    assert (found.amount, found.tax, found.fee, found.share) == (1428, 228, 180, 1020)
    assert found.flag == ""


def test_a_failing_handler_is_tried_again_by_the_sweep(
    client: Browser, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Money and license never half happen: the failure rolls all of it back, and the sweep does it whole."""

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(services, "count_get", broken)
        assert Stripe.send(client, paid(order)).json == {"state": "failed"}
    assert licenses() == 0
    assert kept() == [("failed", "RuntimeError: the disk is full")]

    clock.move(timedelta(minutes=2))
    settle_reads()
    webhooks.sweep()

    assert licenses() == 1
    assert kept() == [("handled", "")]
