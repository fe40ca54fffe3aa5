"""https://docs.stripe.com/api/subscriptions and https://docs.stripe.com/api/subscription_schedules"""

from __future__ import annotations

from storefront.sandbox.api.lists import existing, page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.billing import changing, scheduling, standing, subscribing
from storefront.sandbox.errors import StripeError
from storefront.sandbox.params import Choice, Flag, Hash, Integer, ListOf, Metadata, Param, Text
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_FEEDBACK = (
    "customer_service", "low_quality", "missing_features", "other", "switched_service", "too_complex",
    "too_expensive", "unused",
)  # fmt: skip
_DETAILS = Hash({"comment": Text(), "feedback": Choice(_FEEDBACK)})
_PRORATION = Choice(("always_invoice", "create_prorations", "none"))
_ITEM: dict[str, Param] = {"id": Text(), "price": Text(), "quantity": Integer(least=1, most=1)}
#: What changes the price, here and in a preview.
CHANGE: dict[str, Param] = {
    "items": ListOf(Hash(_ITEM)),
    "proration_behavior": _PRORATION,
    "proration_date": Integer(least=0),
}
_UPDATE: dict[str, Param] = {
    **CHANGE,
    "cancel_at_period_end": Flag(),
    "cancellation_details": _DETAILS,
    "default_payment_method": Text(),
    "metadata": Metadata(changes=True),
    "payment_behavior": Choice(("allow_incomplete", "error_if_incomplete")),
}
_STATUSES = (
    "active", "all", "canceled", "ended", "incomplete", "incomplete_expired", "past_due", "paused", "trialing",
    "unpaid",
)  # fmt: skip
_PHASE: dict[str, Param] = {
    "end_date": Integer(least=0),
    "items": ListOf(Hash({"price": Text(required=True), "quantity": Integer(least=1, most=1)}), required=True),
    "proration_behavior": _PRORATION,
    "start_date": Integer(least=0),
}


@routes.get("/subscriptions/<id>")
def retrieve_subscription(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/subscriptions/retrieve"""
    return existing(transaction, "subscription", id)


@routes.get("/subscriptions", {**PAGING, **CREATED, "customer": Text(), "price": Text(), "status": Choice(_STATUSES)})
def list_subscriptions(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/subscriptions/list; those that ended are left out unless they are asked for."""
    status, price = values.get("status"), values.get("price")

    def wanted(body: Body) -> bool:
        if price and all(item["price"]["id"] != price for item in body["items"]["data"]):
            return False
        if status == "ended":
            return body["status"] in standing.OVER
        return status == "all" or (body["status"] == status if status else body["status"] != "canceled")

    return page(transaction, "subscription", "/v1/subscriptions", values, wanted, filters=["customer"])


@routes.post("/subscriptions/<id>", _UPDATE)
def update_subscription(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/subscriptions/update"""
    subscription = existing(transaction, "subscription", id)
    subscribing.update(transaction, subscription, values)
    return changing.change(transaction, subscription, values) if "items" in values else subscription


@routes.delete("/subscriptions/<id>", {"cancellation_details": _DETAILS})
def cancel_subscription(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/subscriptions/cancel"""
    subscription = existing(transaction, "subscription", id)
    return subscribing.cancel(transaction, subscription, values.get("cancellation_details", {}))


@routes.post("/subscription_schedules", {"from_subscription": Text(required=True)})
def create_schedule(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/subscription_schedules/create"""
    subscription = existing(transaction, "subscription", values["from_subscription"], param="from_subscription")
    return scheduling.plan(transaction, subscription)


@routes.get("/subscription_schedules/<id>")
def retrieve_schedule(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/subscription_schedules/retrieve"""
    return existing(transaction, "subscription_schedule", id)


@routes.post(
    "/subscription_schedules/<id>",
    {
        "end_behavior": Choice(("release",)), "metadata": Metadata(changes=True), "phases": ListOf(Hash(_PHASE)),
        "proration_behavior": _PRORATION,
    },
)  # fmt: skip
def update_schedule(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/subscription_schedules/update"""
    schedule = existing(transaction, "subscription_schedule", id)
    if "phases" in values and not 1 <= len(values["phases"]) <= 2:
        raise StripeError("The sandbox knows schedules of one or two phases.", param="phases")
    return scheduling.update(transaction, schedule, values)


@routes.post("/subscription_schedules/<id>/release")
def release_schedule(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/subscription_schedules/release"""
    return scheduling.release(transaction, existing(transaction, "subscription_schedule", id))
