"""Subscriptions: begun on the payment page, renewed by the clock, ended by people or by a card that fails.

Source: https://docs.stripe.com/billing/subscriptions/overview, https://docs.stripe.com/billing/subscriptions/trials
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import accounts, agenda, news
from storefront.sandbox.billing import invoicing, lines, scheduling, standing
from storefront.sandbox.billing.periods import DAY, period_end
from storefront.sandbox.errors import StripeError
from storefront.sandbox.ids import new_id
from storefront.sandbox.shapes.subscriptions import item_body, subscription_body
from storefront.sandbox.store import Body, Transaction

RENEW, TRIAL_ENDS, UPCOMING = "subscription.renew", "subscription.trial_ends", "subscription.upcoming"
#: https://docs.stripe.com/billing/subscriptions/trials: three days before a trial ends.
_WARNED_BEFORE = 3 * DAY
#: https://docs.stripe.com/billing/subscriptions/webhooks: a setting of the account, seven days unless changed.
_TOLD_BEFORE = 7 * DAY


def start(
    transaction: Transaction,
    customer: Body,
    bought: list[Body],
    data: dict[str, Any],
    *,
    method: str,
    intent: Body | None,
) -> Body:
    """Begin a subscription to the `bought` line items, whose first period `intent` paid; None is for a free one."""
    now, id = transaction.now, new_id("sub")
    trial = data.get("trial_period_days")
    trial_end = now + trial * DAY if trial else data.get("trial_end")
    end = trial_end or period_end(bought[0]["price"], anchor=now, start=now)
    items = [
        transaction.add(item_body(id, each["price"], each["quantity"], start=now, end=end, now=now)) for each in bought
    ]
    made = transaction.add(subscription_body(customer["id"], items, data, now=now, method=method, trial_end=trial_end))
    news.record(transaction, "customer.subscription.created", made)
    listed = [lines.trial(item) if trial_end else lines.period(item) for item in items]
    invoice = invoicing.draft(transaction, made, listed, reason="subscription_create", period=(now, now))
    invoicing.finalize(transaction, invoice)
    if intent:
        invoicing.attach(transaction, invoice, intent)
    if trial_end:
        agenda.schedule(transaction, TRIAL_ENDS, id, due_at=max(trial_end - _WARNED_BEFORE, now))
    plan_renewal(transaction, made)
    return made


def update(transaction: Transaction, subscription: Body, values: dict[str, Any]) -> Body:
    """Change what is not sold: metadata, the card, whether it ends. Raises `StripeError` for one that ended."""
    if subscription["status"] in standing.OVER:
        raise StripeError("A canceled subscription can only update its cancellation_details and metadata.")
    if subscription["schedule"] and "cancel_at_period_end" in values:
        raise StripeError(
            "The subscription is managed by the subscription schedule "
            f"`{subscription['schedule']}`, and updating any cancelation behavior directly is not allowed.",
        )
    changes: dict[str, Any] = {}
    if "metadata" in values:
        changes["metadata"] = accounts.merged(subscription["metadata"], values["metadata"])
    if "default_payment_method" in values:
        changes["default_payment_method"] = values["default_payment_method"]
    if "cancel_at_period_end" in values:
        changes |= _ending(transaction, subscription, values["cancel_at_period_end"])
    if told := values.get("cancellation_details"):
        before: Any = changes.get("cancellation_details", subscription["cancellation_details"])
        changes["cancellation_details"] = before | told
    return standing.change(transaction, subscription, **changes)


def cancel(transaction: Transaction, subscription: Body, details: dict[str, str]) -> Body:
    """End it now: https://docs.stripe.com/api/subscriptions/cancel. Raises `StripeError` if it did before."""
    if subscription["status"] in standing.OVER:
        raise StripeError(
            f"No such subscription: '{subscription['id']}'", status=404, code="resource_missing", param="id"
        )
    scheduling.let_go(transaction, subscription)
    return standing.end(transaction, subscription, reason="cancellation_requested", details=details)


@agenda.verb(RENEW)
def renew(transaction: Transaction, subscription_id: str) -> None:
    """A period is over: it ends, or the next begins with an invoice."""
    subscription = transaction.get("subscription", subscription_id)
    items = subscription["items"]["data"]
    now, before = transaction.now, (items[0]["current_period_start"], items[0]["current_period_end"])
    if subscription["status"] in standing.OVER or before[1] != now:
        return
    if subscription["cancel_at"] is not None and subscription["cancel_at"] <= now:
        standing.end(transaction, subscription, reason="cancellation_requested")
        return
    previous = {"items": {"data": [dict(item) for item in items]}, "latest_invoice": subscription["latest_invoice"]}
    scheduling.turn_page(transaction, subscription)
    if subscription["status"] == "trialing":
        previous["status"] = "trialing"
        subscription["status"] = "active"
    for item in items:
        end = period_end(item["price"], anchor=subscription["billing_cycle_anchor"], start=now)
        item |= {"current_period_start": now, "current_period_end": end}
        transaction.save(item)
    listed = [*lines.take_pending(transaction, subscription), *(lines.period(item) for item in items)]
    invoice = invoicing.draft(transaction, subscription, listed, reason="subscription_cycle", period=before)
    news.record(transaction, "customer.subscription.updated", subscription, previous=previous)
    if subscription["status"] == "unpaid":
        transaction.save(invoice | {"auto_advance": False})
    else:
        invoicing.finalize_later(transaction, invoice)
    plan_renewal(transaction, subscription)


@agenda.verb(TRIAL_ENDS)
def warn_of_trial(transaction: Transaction, subscription_id: str) -> None:
    """The trial ends soon."""
    subscription = transaction.get("subscription", subscription_id)
    if subscription["status"] == "trialing":
        news.record(transaction, "customer.subscription.trial_will_end", subscription)


@agenda.verb(UPCOMING)
def tell_upcoming(transaction: Transaction, subscription_id: str) -> None:
    """A renewal is near: the invoice as it would be."""
    subscription = transaction.get("subscription", subscription_id)
    ends = subscription["cancel_at"] is not None
    if subscription["status"] in ("active", "trialing") and not ends:
        news.record(transaction, "invoice.upcoming", lines.upcoming(transaction, subscription))


def plan_renewal(transaction: Transaction, subscription: Body) -> None:
    """Have its period end when it ends; what was planned for another moment finds that out."""
    end = subscription["items"]["data"][0]["current_period_end"]
    agenda.schedule(transaction, RENEW, subscription["id"], due_at=end)
    if end - _TOLD_BEFORE > transaction.now:
        agenda.schedule(transaction, UPCOMING, subscription["id"], due_at=end - _TOLD_BEFORE)


def _ending(transaction: Transaction, subscription: Body, ends: bool) -> dict[str, Any]:
    if ends:
        details = subscription["cancellation_details"] | {"reason": "cancellation_requested"}
        end = subscription["items"]["data"][0]["current_period_end"]
        return {
            "cancel_at_period_end": True,
            "cancel_at": end,
            "canceled_at": transaction.now,
            "cancellation_details": details,
        }
    nothing = {"comment": None, "feedback": None, "reason": None}
    return {"cancel_at_period_end": False, "cancel_at": None, "canceled_at": None, "cancellation_details": nothing}
