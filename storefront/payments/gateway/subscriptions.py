"""How subscriptions stand at Stripe, and what was paid for them. Amounts are whole minor units.

Source: https://docs.stripe.com/api/subscriptions/object, https://docs.stripe.com/api/invoices/object
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from storefront.payments.gateway import CheckoutSession, call

MOST = 100  # objects of one list; Stripe gives no more at once


@dataclass(frozen=True)
class StripeSubscription:
    """How a subscription stands. ``product`` is what its price sells.

    ``period_start`` and ``period_end`` are its item's: https://docs.stripe.com/changelog/basil. ``next_price`` is what
    a schedule sells from the period's end on.
    """

    id: str
    item: str
    customer: str
    status: str
    price: str
    product: str
    interval: str
    amount: int
    currency: str
    period_start: datetime
    period_end: datetime
    started_at: datetime
    cancel_at: datetime | None
    ended_at: datetime | None
    cancel_reason: str
    next_price: str | None
    schedule: str | None

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> StripeSubscription:
        """From Stripe's JSON. Raises KeyError or TypeError if it isn't a subscription of one item."""
        [item] = body["items"]["data"]
        price, schedule = item["price"], body.get("schedule")
        return cls(
            id=body["id"],
            item=item["id"],
            customer=_id(body["customer"]),
            status=body["status"],
            price=price["id"],
            product=_id(price["product"]),
            interval=price["recurring"]["interval"],
            amount=price["unit_amount"] * item.get("quantity", 1),
            currency=price["currency"].upper(),
            period_start=_moment(item["current_period_start"]),
            period_end=_moment(item["current_period_end"]),
            started_at=_moment(body["start_date"]),
            cancel_at=_moment_or_none(body.get("cancel_at")),
            ended_at=_moment_or_none(body.get("ended_at")),
            cancel_reason=_why(body.get("cancellation_details") or {}),
            next_price=_next_price(schedule, item) if isinstance(schedule, Mapping) else None,
            schedule=_id(schedule) if schedule else None,
        )


@dataclass(frozen=True)
class Sold:
    """What a price sells: a product, by its id at Stripe, for an interval."""

    product: str
    interval: str


@dataclass(frozen=True)
class StripeInvoice:
    """An invoice of a subscription. ``amount`` was paid with money, ``tax`` among it.

    The period is that of what it sells, from its lines: the invoice's own period is the one before it.
    """

    id: str
    number: str
    status: str
    amount: int
    due: int
    tax: int
    currency: str
    period_start: datetime
    period_end: datetime
    payment_intent: str | None
    hosted_url: str | None
    created_at: datetime
    finalized_at: datetime | None
    paid_at: datetime | None

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> StripeInvoice:
        """From Stripe's JSON, its payments included. Raises KeyError or TypeError if it isn't an invoice."""
        moments = body["status_transitions"]
        lines = sorted(body["lines"]["data"], key=lambda each: (each["period"]["end"], each["amount"]))
        return cls(
            id=body["id"],
            number=body.get("number") or "",
            status=body["status"],
            amount=body["amount_paid"],
            due=body["amount_due"],
            tax=min(sum(each["amount"] for each in body.get("total_taxes") or ()), body["amount_paid"]),
            currency=body["currency"].upper(),
            period_start=_moment(lines[-1]["period"]["start"]),
            period_end=_moment(lines[-1]["period"]["end"]),
            payment_intent=_intent(body.get("payments") or {}),
            hosted_url=body.get("hosted_invoice_url"),
            created_at=_moment(body["created"]),
            finalized_at=_moment_or_none(moments["finalized_at"]),
            paid_at=_moment_or_none(moments["paid_at"]),
        )


@dataclass(frozen=True)
class ChargedInvoice:
    """What became of an invoice's money: Stripe's fee for it, and what went back or is held back by a bank."""

    stripe_fee: int | None
    fee_currency: str | None
    refunded: int
    is_disputed: bool


def subscription_of_session(session_id: str) -> tuple[CheckoutSession, str | None]:
    """A session as it is now, and the subscription that it began."""
    found = call(lambda client, _options: client.v1.checkout.sessions.retrieve(session_id)).to_dict()
    return CheckoutSession.from_dict(found), found.get("subscription")


def retrieve_subscription(subscription_id: str) -> StripeSubscription:
    """A subscription as it is now, also one that ended."""
    params: Any = {"expand": ["schedule"]}
    found = call(lambda client, _options: client.v1.subscriptions.retrieve(subscription_id, params))
    return StripeSubscription.from_dict(found.to_dict())


def sold_by(price: str) -> Sold:
    """What a price sells, also one that is retired."""
    found = call(lambda client, _options: client.v1.prices.retrieve(price)).to_dict()
    return Sold(_id(found["product"]), found["recurring"]["interval"])


def invoices_of(subscription_id: str) -> list[StripeInvoice]:
    """A subscription's invoices as they are now, the newest first."""
    params: Any = {"subscription": subscription_id, "limit": MOST, "expand": ["data.payments"]}
    listed = call(lambda client, _options: client.v1.invoices.list(params)).data
    return [StripeInvoice.from_dict(each.to_dict()) for each in listed]


def charged(payment_intent: str) -> ChargedInvoice:
    """What became of the money of an invoice that was paid."""
    expand: Any = {"expand": ["latest_charge.balance_transaction"]}
    intent = call(lambda client, _options: client.v1.payment_intents.retrieve(payment_intent, expand)).to_dict()
    charge = intent["latest_charge"]
    balance = charge.get("balance_transaction")
    return ChargedInvoice(
        stripe_fee=balance["fee"] if isinstance(balance, dict) else None,
        fee_currency=balance["currency"].upper() if isinstance(balance, dict) else None,
        refunded=charge["amount_refunded"],
        is_disputed=bool(charge["disputed"]),
    )


def _id(found: Any) -> str:
    return str(found["id"] if isinstance(found, Mapping) else found)


def _moment(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp, UTC)


def _moment_or_none(stamp: int | None) -> datetime | None:
    return None if stamp is None else _moment(stamp)


def _why(details: Mapping[str, Any]) -> str:
    """Why it was canceled, in the holder's words, or else Stripe's."""
    told = [details.get("feedback"), details.get("comment")]
    return ": ".join(str(each).replace("_", " ") for each in told if each) or (details.get("reason") or "").replace(
        "_", " "
    )


def _next_price(schedule: Mapping[str, Any], item: Mapping[str, Any]) -> str | None:
    """The price of the phase that begins when the period ends, if it is another one."""
    for phase in schedule["phases"]:
        if phase["start_date"] == item["current_period_end"]:
            price = _id(phase["items"][0]["price"])
            return None if price == item["price"]["id"] else price
    return None


def _intent(payments: Mapping[str, Any]) -> str | None:
    """The intent of the payment that an invoice is paid with: https://docs.stripe.com/api/invoice-payment/object"""
    listed = [each["payment"].get("payment_intent") for each in payments.get("data", ())]
    return next((_id(each) for each in listed if each), None)
