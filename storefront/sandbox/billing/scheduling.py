"""What a subscription becomes later: https://docs.stripe.com/billing/subscriptions/subscription-schedules"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import accounts, news
from storefront.sandbox.billing.periods import period_end, same_cycle
from storefront.sandbox.errors import StripeError
from storefront.sandbox.shapes.subscriptions import phase_body, schedule_body
from storefront.sandbox.store import Body, Transaction


def plan(transaction: Transaction, subscription: Body) -> Body:
    """A schedule that holds the subscription as it is, to the end of its period. Raises `StripeError`."""
    if subscription["schedule"]:
        raise StripeError(
            f"You cannot migrate a subscription that is already attached to a schedule: `{subscription['schedule']}`.",
            param="from_subscription",
        )
    if subscription["status"] not in ("active", "trialing", "past_due"):
        raise StripeError("Only a subscription that goes on can be scheduled.", param="from_subscription")
    made = transaction.add(schedule_body(subscription, now=transaction.now))
    news.record(transaction, "subscription_schedule.created", made)
    _attach(transaction, subscription, made["id"])
    return made


def update(transaction: Transaction, schedule: Body, values: dict[str, Any]) -> Body:
    """Give it other phases, one after the other, the first as it began. Raises `StripeError`."""
    _refuse_over(schedule)
    if "metadata" in values:
        schedule["metadata"] = accounts.merged(schedule["metadata"], values["metadata"])
    if "phases" in values:
        schedule["phases"] = _phases(transaction, schedule, values["phases"])
    schedule["end_behavior"] = values.get("end_behavior", schedule["end_behavior"])
    news.record(transaction, "subscription_schedule.updated", transaction.save(schedule))
    return schedule


def release(transaction: Transaction, schedule: Body) -> Body:
    """Leave the subscription as it is now: https://docs.stripe.com/api/subscription_schedules/release"""
    _refuse_over(schedule)
    subscription = transaction.get("subscription", schedule["subscription"])
    schedule |= {
        "status": "released",
        "released_at": transaction.now,
        "released_subscription": subscription["id"],
        "subscription": None,
        "current_phase": None,
    }
    news.record(transaction, "subscription_schedule.released", transaction.save(schedule))
    _attach(transaction, subscription, None)
    return schedule


def let_go(transaction: Transaction, subscription: Body) -> None:
    """A subscription that ends leaves nothing planned."""
    if subscription["schedule"]:
        schedule = transaction.get("subscription_schedule", subscription["schedule"])
        schedule |= {"status": "canceled", "canceled_at": transaction.now, "current_phase": None}
        news.record(transaction, "subscription_schedule.canceled", transaction.save(schedule))
        subscription["schedule"] = None


def turn_page(transaction: Transaction, subscription: Body) -> None:
    """A period is over: sell what the next phase says, or release what has no next phase."""
    if not subscription["schedule"]:
        return
    schedule, now = transaction.get("subscription_schedule", subscription["schedule"]), transaction.now
    phase = next((each for each in schedule["phases"] if each["start_date"] <= now < each["end_date"]), None)
    if phase is None:
        schedule |= {"status": "released", "released_at": now, "released_subscription": subscription["id"]}
        schedule |= {"subscription": None, "current_phase": None}
        news.record(transaction, "subscription_schedule.released", transaction.save(schedule))
        subscription["schedule"] = None
        return
    schedule["current_phase"] = {"start_date": phase["start_date"], "end_date": phase["end_date"]}
    transaction.save(schedule)
    [item], [sold] = subscription["items"]["data"], phase["items"]
    price = transaction.get("price", sold["price"])
    if not same_cycle(item["price"], price):
        subscription["billing_cycle_anchor"] = now
    item |= {"price": price, "quantity": sold["quantity"]}


def _phases(transaction: Transaction, schedule: Body, asked: list[Body]) -> list[Body]:
    found: list[Body] = []
    start = schedule["phases"][0]["start_date"]
    for number, phase in enumerate(asked):
        if phase.get("start_date", start) != start:
            raise StripeError("Phases follow each other without a gap.", param=f"phases[{number}][start_date]")
        prices = [transaction.find("price", each["price"]) for each in phase["items"]]
        if len(prices) != 1 or prices[0] is None or not prices[0]["recurring"]:
            raise StripeError("Each phase sells one recurring price.", param=f"phases[{number}][items]")
        end = phase.get("end_date") or period_end(prices[0], anchor=start, start=start)
        if end <= start:
            raise StripeError("A phase ends after it starts.", param=f"phases[{number}][end_date]")
        proration = phase.get("proration_behavior", "create_prorations")
        currency = prices[0]["currency"]
        found.append(phase_body(phase["items"], start=start, end=end, currency=currency, proration=proration))
        start = end
    return found


def _attach(transaction: Transaction, subscription: Body, schedule: str | None) -> None:
    previous = {"schedule": subscription["schedule"]}
    transaction.save(subscription | {"schedule": schedule})
    subscription["schedule"] = schedule
    news.record(transaction, "customer.subscription.updated", subscription, previous=previous)


def _refuse_over(schedule: Body) -> None:
    if schedule["status"] not in ("active", "not_started"):
        raise StripeError(f"This schedule is {schedule['status']}; it can't be changed.")
