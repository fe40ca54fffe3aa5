"""What became of an invoice's money: refunds and disputes, as Stripe tells them when asked.

What a bank holds back while it decides counts as gone, and comes back if the dispute is won.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import outside, step
from storefront.kit.money import Money
from storefront.ledger import services as ledger
from storefront.payments.gateway.disputes import StripeDispute, disputes_of
from storefront.payments.gateway.refunds import refunds_of
from storefront.subscriptions import queries
from storefront.subscriptions.models import SubscriptionInvoice

OVER = ("won", "lost", "warning_closed", "prevented")


@dataclass(frozen=True)
class Gone:
    """How much of a payment went back or is held back, and what banks took for it; in minor units."""

    amount: int
    bank_fee: int
    is_disputed: bool
    is_lost: bool


def look_at(payment_intent: str) -> None:
    """Ask Stripe what went back of an invoice's payment, and book what changed. Nothing for a payment of no invoice."""
    if queries.invoice_of_payment(payment_intent) is None:
        return
    asked_at = clock.now()
    with outside():
        gone = ask(payment_intent)
    with step():
        take_over(payment_intent, gone, asked_at=asked_at)


def ask(payment_intent: str) -> Gone:
    """What Stripe says that went back of a payment."""
    refunded = sum(each.amount for each in refunds_of(payment_intent) if each.status == "succeeded")
    return _gone(refunded, disputes_of(payment_intent))


def take_over(payment_intent: str, gone: Gone, *, asked_at: datetime) -> None:
    """Book what changed of an invoice's money, unless somebody asked later and wrote first."""
    invoice = queries.invoice_of_payment(payment_intent, lock=True)
    if invoice is None or invoice.paid_at is None:
        return
    if invoice.money_read_at is None or invoice.money_read_at <= asked_at:
        invoice.money_read_at = asked_at
        _book_changes(invoice, gone)


def _gone(refunded: int, disputes: list[StripeDispute]) -> Gone:
    held = sum(_amount(each.withdrawn) - _amount(each.reinstated) for each in disputes)
    fee = sum(_amount(each.bank_fee) - _amount(each.fee_returned) for each in disputes)
    return Gone(
        refunded + held,
        fee,
        is_disputed=any(each.status not in OVER and each.withdrawn for each in disputes),
        is_lost=any(each.status == "lost" for each in disputes),
    )


def _amount(money: Money | None) -> int:
    return money.amount if money else 0


def _book_changes(invoice: SubscriptionInvoice, gone: Gone) -> None:
    returned, fee = min(gone.amount, invoice.amount), max(gone.bank_fee, 0)
    before, fee_before = invoice.parts_returned, invoice.bank_fee
    more = returned - invoice.returned
    invoice.status = _status(invoice, returned, gone)
    if not more and fee == fee_before:
        return
    invoice.returned, invoice.bank_fee = returned, fee
    invoice.changes += 1
    cause = f"{invoice.stripe_id}:{invoice.changes}"
    net, tax = (now - then for now, then in zip(invoice.parts_returned, before, strict=True))
    if more > 0:
        ledger.book_invoice_returned(cause, invoice.family, net=net, tax=tax, reference=invoice.payment_intent)
    elif more < 0:
        net, tax = (Money(-part.amount, part.currency) for part in (net, tax))
        ledger.book_invoice_restored(cause, invoice.family, net=net, tax=tax, reference=invoice.payment_intent)
    _book_fee(invoice, cause, fee - fee_before)
    if more:
        kind = "subscription.invoice_returned" if more > 0 else "subscription.invoice_restored"
        record(kind, invoice, amount=abs(more))


def _book_fee(invoice: SubscriptionInvoice, cause: str, more: int) -> None:
    fee = Money(abs(more), invoice.currency)
    if more > 0:
        ledger.book_bank_fee(cause, fee, reference=invoice.payment_intent)
    elif more < 0:
        ledger.book_bank_fee_returned(cause, fee, reference=invoice.payment_intent)


def _status(invoice: SubscriptionInvoice, returned: int, gone: Gone) -> str:
    if gone.is_disputed:
        return "disputed"
    if gone.is_lost:
        return "lost"
    return "refunded" if returned == invoice.amount else "paid"
