"""Subscriptions at Stripe: begun, renewed by the clock, changed, ended, and what happens when a card fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import stripe

from storefront.sandbox.billing.periods import period_end
from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.deeds import deed, look
from tests.sandbox.plans import AT_RENEWAL, DAY, HOUR, asked, price, subscribed, types, wait, wait_for_end
from tests.sandbox.shopper import Shopper


@pytest.fixture(autouse=True)
def _told(sandbox: RunningSandbox) -> Iterator[None]:
    """The shop is sent everything that happened, and its receiver holds each event against the description."""
    yield
    sandbox.drain()


def stamp(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, 9, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("interval", "start", "end"),
    [
        ("month", (2027, 1, 31), (2027, 2, 28)),
        ("month", (2027, 2, 28), (2027, 3, 31)),
        ("month", (2027, 12, 31), (2028, 1, 31)),
        ("year", (2027, 1, 31), (2028, 1, 31)),
        ("week", (2027, 1, 31), (2027, 2, 7)),
    ],
)
def test_periods_follow_their_anchor(interval: str, start: tuple[int, int, int], end: tuple[int, int, int]) -> None:
    """A period that a short month cut off is followed by whole ones."""
    every = {"recurring": {"interval": interval, "interval_count": 1}}

    assert period_end(every, anchor=stamp(2027, 1, 31), start=stamp(*start)) == stamp(*end)


def test_bob_subscribes_on_the_page(client: Client, sandbox: RunningSandbox, shopper: Shopper) -> None:
    pro = price(client)
    session = asked(client, pro, subscription_data={"metadata": {"product": "pro"}}, metadata={"intent": "1"})
    assert "$9.00 a month, until canceled" in shopper.open(session.url)
    assert "Your card was declined." in shopper.pay(session.url, "4000000000000002")
    assert client.v1.subscriptions.list().data == []

    assert shopper.pay(session.url).location.startswith("http://shop.test/checkout/success")

    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription", "invoice.payments"]})
    made, invoice = done.subscription, done.invoice
    item = made["items"].data[0]
    assert (done.payment_intent, done.payment_status, made.status) == (None, "paid", "active")
    assert (item.price.id, made.metadata["product"], made.latest_invoice) == (pro.id, "pro", invoice.id)
    assert 28 * DAY <= item.current_period_end - item.current_period_start <= 31 * DAY
    assert (invoice.status, invoice.amount_paid, invoice.billing_reason) == ("paid", 900, "subscription_create")
    assert invoice.parent.subscription_details.subscription == made.id
    [line] = invoice.lines.data
    assert (line.period.start, line.period.end) == (item.current_period_start, item.current_period_end)
    assert (invoice.period_start, invoice.period_end) == (made.start_date, made.start_date)
    intent = invoice.payments.data[0].payment.payment_intent
    [paid] = client.v1.invoice_payments.list({"payment": {"type": "payment_intent", "payment_intent": intent}}).data
    assert (paid.invoice, paid.status, paid.amount_paid) == (invoice.id, "paid", 900)
    assert client.v1.payment_intents.retrieve(intent).customer == made.customer
    assert types(client, "customer.sub", "invoice", "checkout") == [
        "customer.subscription.created", "invoice.created", "invoice.finalized", "invoice_payment.paid",
        "invoice.paid", "invoice.payment_succeeded", "checkout.session.completed",
    ]  # fmt: skip


def test_a_year_renews_twelve_times_each_at_its_moment(client: Client, sandbox: RunningSandbox) -> None:
    made = subscribed(client, sandbox, price(client))

    wait(sandbox, 370 * DAY)

    invoices = client.v1.invoices.list({"subscription": made.id, "limit": 100}).data
    ends = [invoice.lines.data[0].period.end for invoice in reversed(invoices)]
    starts = [invoice.lines.data[0].period.start for invoice in reversed(invoices)]
    assert len(invoices) == 13
    assert {invoice.status for invoice in invoices} == {"paid"}
    assert ends[:-1] == starts[1:]
    assert [each.created for each in reversed(invoices)] == starts
    assert [each.period_end for each in reversed(invoices)][1:] == starts[1:]
    charged = [each.status_transitions.paid_at for each in reversed(invoices)]
    assert charged[1:] == [start + HOUR for start in starts[1:]]


def test_a_renewal_is_a_draft_for_an_hour(client: Client, sandbox: RunningSandbox) -> None:
    made = subscribed(client, sandbox, price(client))

    wait_for_end(sandbox, made)
    renewed = client.v1.subscriptions.retrieve(made.id, {"expand": ["latest_invoice"]})
    assert (renewed.status, renewed.latest_invoice.status) == ("active", "draft")
    wait(sandbox, HOUR)

    assert client.v1.invoices.retrieve(renewed.latest_invoice.id).status == "paid"
    assert types(client, "invoice.upcoming") == ["invoice.upcoming"]


def test_a_trial_costs_nothing_and_is_paid_afterwards(client: Client, sandbox: RunningSandbox) -> None:
    made = subscribed(client, sandbox, price(client), subscription_data={"trial_period_days": 14})
    first = client.v1.invoices.retrieve(made.latest_invoice)
    assert (made.status, first.amount_paid, first.status) == ("trialing", 0, "paid")
    assert made.trial_end == made["items"].data[0].current_period_end
    assert look(sandbox, "payments")[0]["charge"] is None

    wait(sandbox, 14 * DAY + HOUR)

    paid = client.v1.subscriptions.retrieve(made.id, {"expand": ["latest_invoice"]})
    assert (paid.status, paid.latest_invoice.amount_paid) == ("active", 900)
    assert types(client, "customer.subscription.trial") == ["customer.subscription.trial_will_end"]


@pytest.mark.parametrize(("habit", "ends"), [("cancel", "canceled"), ("unpaid", "unpaid"), ("past_due", "past_due")])
def test_a_card_that_fails_at_renewal_is_tried_again(
    client: Client, sandbox: RunningSandbox, habit: str, ends: str
) -> None:
    deed(sandbox, "dunning", habit=habit)
    made = subscribed(client, sandbox, price(client), AT_RENEWAL)

    wait_for_end(sandbox, made, HOUR)
    failed = client.v1.subscriptions.retrieve(made.id, {"expand": ["latest_invoice"]})
    invoice = failed.latest_invoice
    assert (failed.status, invoice.status, invoice.attempt_count) == ("past_due", "open", 1)
    assert invoice.next_payment_attempt == invoice.effective_at + 3 * DAY
    wait(sandbox, 15 * DAY)

    over = client.v1.subscriptions.retrieve(made.id, {"expand": ["latest_invoice"]})
    assert (over.status, over.latest_invoice.attempt_count) == (ends, 4)
    assert over.latest_invoice.next_payment_attempt is None
    assert len(types(client, "invoice.payment_failed")) == 4
    assert over.cancellation_details.reason == ("payment_failed" if habit == "cancel" else None)


def test_a_bank_that_asks_its_holder_says_so_at_renewal(client: Client, sandbox: RunningSandbox) -> None:
    made = subscribed(client, sandbox, price(client), "4000002760003184")

    wait_for_end(sandbox, made, HOUR)

    assert types(client, "invoice.payment_") == [
        "invoice.payment_succeeded", "invoice.payment_action_required", "invoice.payment_failed",
    ]  # fmt: skip
    assert client.v1.subscriptions.retrieve(made.id).status == "past_due"


def test_another_card_pays_what_is_open(client: Client, sandbox: RunningSandbox, shopper: Shopper) -> None:
    made = subscribed(client, sandbox, price(client), AT_RENEWAL)
    wait_for_end(sandbox, made, HOUR)
    invoice = client.v1.invoices.list({"subscription": made.id, "status": "open"}).data[0]
    assert "Your card was declined." in shopper.send(f"{sandbox.url}/i/{invoice.id}/pay")
    asked = {"customer": made.customer, "return_url": "http://shop.test/billing"}
    back = {"type": "redirect", "redirect": {"return_url": asked["return_url"]}}
    portal = client.v1.billing_portal.sessions.create(
        asked | {"flow_data": {"type": "payment_method_update", "after_completion": back}}
    )
    typed = {"number": "4000000000000002", "expiry": "12 / 34", "cvc": "123"}
    assert "The card before it stays." in shopper.send(f"{portal.url}/card", **typed)

    moved_on = shopper.send(f"{portal.url}/card", **typed | {"number": "4242424242424242"})
    assert moved_on.location == "http://shop.test/billing"
    assert shopper.send(f"{sandbox.url}/i/{invoice.id}/pay").status == 303

    assert client.v1.invoices.retrieve(invoice.id).status == "paid"
    assert client.v1.subscriptions.retrieve(made.id).status == "active"
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        client.v1.invoices.pay(invoice.id)


def test_an_upgrade_is_previewed_and_paid_at_once(client: Client, sandbox: RunningSandbox) -> None:
    studio = price(client, 1900, product="Studio")
    made = subscribed(client, sandbox, price(client))
    item = made["items"].data[0]
    wait(sandbox, (item.current_period_end - item.current_period_start) // 3)
    now = look(sandbox, "clock")["now"]
    change = {"items": [{"id": item.id, "price": studio.id}], "proration_behavior": "always_invoice"}
    change["proration_date"] = now

    seen = client.v1.invoices.create_preview({"subscription": made.id, "subscription_details": change})
    changed = client.v1.subscriptions.update(made.id, change)

    share = (item.current_period_end - now) / (item.current_period_end - item.current_period_start)
    assert abs(seen.amount_due - 1000 * share) <= 1
    assert [line.amount > 0 for line in seen.lines.data] == [False, True]
    paid = client.v1.invoices.retrieve(changed.latest_invoice)
    assert (paid.amount_paid, paid.billing_reason) == (seen.amount_due, "subscription_update")
    assert changed["items"].data[0].price.id == studio.id
    assert changed["items"].data[0].current_period_end == item.current_period_end


def test_an_upgrade_that_the_bank_refuses_changes_nothing(client: Client, sandbox: RunningSandbox) -> None:
    studio = price(client, 1900, product="Studio")
    made = subscribed(client, sandbox, price(client), AT_RENEWAL)
    item = made["items"].data[0]
    change = {"items": [{"id": item.id, "price": studio.id}], "proration_behavior": "always_invoice"}

    with pytest.raises(stripe.CardError) as refusal:
        client.v1.subscriptions.update(made.id, change | {"payment_behavior": "error_if_incomplete"})

    assert (refusal.value.code, refusal.value.http_status) == ("card_declined", 402)
    assert client.v1.subscriptions.retrieve(made.id).to_dict() == made.to_dict()


def test_a_longer_cycle_begins_now_and_credits_what_is_left(client: Client, sandbox: RunningSandbox) -> None:
    yearly = price(client, 9000, "year")
    made = subscribed(client, sandbox, price(client))
    change = {"items": [{"id": made["items"].data[0].id, "price": yearly.id}], "proration_behavior": "always_invoice"}

    changed = client.v1.subscriptions.update(made.id, change)

    item = changed["items"].data[0]
    assert client.v1.invoices.retrieve(changed.latest_invoice).amount_paid == 9000 - 900
    assert item.current_period_end - item.current_period_start >= 365 * DAY
    wait(sandbox, 60 * DAY)
    assert client.v1.subscriptions.retrieve(made.id).latest_invoice == changed.latest_invoice


def test_a_downgrade_waits_for_the_end_of_the_period(client: Client, sandbox: RunningSandbox) -> None:
    pro = price(client)
    made = subscribed(client, sandbox, price(client, 1900, product="Studio"))
    schedule = client.v1.subscription_schedules.create({"from_subscription": made.id})
    [phase] = schedule.phases
    now = {"items": [{"price": phase["items"][0].price, "quantity": 1}], "start_date": phase.start_date}
    client.v1.subscription_schedules.update(
        schedule.id,
        {"phases": [now | {"end_date": phase.end_date}, {"items": [{"price": pro.id}], "proration_behavior": "none"}]},
    )
    planned = client.v1.subscriptions.retrieve(made.id, {"expand": ["schedule"]})
    assert planned["items"].data[0].price.id != pro.id
    assert planned.schedule.phases[1]["items"][0].price == pro.id
    with pytest.raises(stripe.InvalidRequestError, match="managed by the subscription schedule"):
        client.v1.subscriptions.update(made.id, {"cancel_at_period_end": True})

    wait_for_end(sandbox, made, HOUR)

    changed = client.v1.subscriptions.retrieve(made.id, {"expand": ["latest_invoice"]})
    assert (changed["items"].data[0].price.id, changed.latest_invoice.amount_paid) == (pro.id, 900)
    wait_for_end(sandbox, changed, HOUR)
    assert client.v1.subscriptions.retrieve(made.id).schedule is None
    assert client.v1.subscription_schedules.retrieve(schedule.id).status == "released"


def test_a_plan_for_later_can_be_dropped(client: Client, sandbox: RunningSandbox) -> None:
    made = subscribed(client, sandbox, price(client))
    schedule = client.v1.subscription_schedules.create({"from_subscription": made.id})

    client.v1.subscription_schedules.release(schedule.id)

    client.v1.subscriptions.update(made.id, {"cancel_at_period_end": True})
    with pytest.raises(stripe.InvalidRequestError, match="released"):
        client.v1.subscription_schedules.release(schedule.id)


def test_it_ends_with_its_period_unless_it_goes_on(client: Client, sandbox: RunningSandbox, shopper: Shopper) -> None:
    made = subscribed(client, sandbox, price(client))
    told = {"feedback": "too_expensive", "comment": "I write less now."}
    ending = client.v1.subscriptions.update(made.id, {"cancel_at_period_end": True, "cancellation_details": told})
    end = made["items"].data[0].current_period_end
    assert (ending.status, ending.cancel_at, ending.cancellation_details.feedback) == ("active", end, "too_expensive")
    portal = client.v1.billing_portal.sessions.create({"customer": made.customer})
    assert "Don't cancel" in shopper.open(portal.url)

    shopper.send(f"{portal.url}/subscriptions/{made.id}/renew")
    assert client.v1.subscriptions.retrieve(made.id).cancel_at is None
    shopper.send(f"{portal.url}/subscriptions/{made.id}/cancel", feedback="unused")
    wait_for_end(sandbox, made)

    over = client.v1.subscriptions.retrieve(made.id)
    assert (over.status, over.ended_at, over.cancellation_details.feedback) == ("canceled", end, "unused")
    assert types(client, "customer.subscription.deleted") == ["customer.subscription.deleted"]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.subscriptions.cancel(made.id)


def test_a_deleted_customer_subscribes_to_nothing(client: Client, sandbox: RunningSandbox) -> None:
    made = subscribed(client, sandbox, price(client))

    deed(sandbox, f"customers/{made.customer}/delete")

    assert client.v1.customers.retrieve(made.customer).deleted
    assert client.v1.subscriptions.retrieve(made.id).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        client.v1.billing_portal.sessions.create({"customer": made.customer})


def test_a_balance_pays_the_next_invoice(client: Client, sandbox: RunningSandbox) -> None:
    made = subscribed(client, sandbox, price(client))
    credit = client.v1.customers.balance_transactions.create(
        made.customer, {"amount": -1200, "currency": "usd", "description": "From your earnings"}
    )
    assert credit.ending_balance == -1200

    wait_for_end(sandbox, made, HOUR)
    first = client.v1.subscriptions.retrieve(made.id, {"expand": ["latest_invoice"]})
    assert (first.latest_invoice.amount_paid, first.latest_invoice.ending_balance) == (0, -300)
    wait_for_end(sandbox, first, HOUR)

    second = client.v1.subscriptions.retrieve(made.id, {"expand": ["latest_invoice"]}).latest_invoice
    assert (second.amount_paid, second.total, second.starting_balance) == (600, 900, -300)
    kinds = [each.type for each in client.v1.customers.balance_transactions.list(made.customer).data]
    assert kinds == ["applied_to_invoice", "applied_to_invoice", "adjustment"]


def test_modes_are_not_mixed(client: Client) -> None:
    pro = price(client)
    with pytest.raises(stripe.InvalidRequestError, match="recurring price"):
        asked(client, pro, mode="payment")
    with pytest.raises(stripe.InvalidRequestError, match="payment_intent_data"):
        asked(client, pro, payment_intent_data={"metadata": {"a": "b"}})
    with pytest.raises(stripe.InvalidRequestError, match="No such price"):
        asked(client, pro, line_items=[{"price": "price_none", "quantity": 1}])


def test_the_control_room_shows_them(client: Client, sandbox: RunningSandbox, shopper: Shopper) -> None:
    made = subscribed(client, sandbox, price(client))
    deed(sandbox, f"subscriptions/{made.id}/card", fails=True)
    assert "Let its card pay" in shopper.open(sandbox.url)

    wait_for_end(sandbox, made, HOUR)
    assert "Past due" in shopper.open(sandbox.url)
    deed(sandbox, f"subscriptions/{made.id}/card", number="4242424242424242")
    wait(sandbox, 3 * DAY)

    [shown] = look(sandbox, "subscriptions")
    assert (shown["subscription"]["status"], [each["status"] for each in shown["invoices"]]) == (
        "active", ["paid", "paid"],
    )  # fmt: skip
    renewed = deed(sandbox, f"subscriptions/{made.id}/renew").json()
    assert client.v1.invoices.retrieve(renewed["latest_invoice"]).status == "paid"
    deed(sandbox, f"subscriptions/{made.id}/cancel")
    assert deed(sandbox, f"subscriptions/{made.id}/cancel").status_code == 422
