"""Invoices: drafted, finalized an hour later, paid by the card that is kept, asked for again when that fails.

Source: https://docs.stripe.com/billing/invoices/subscription, https://docs.stripe.com/invoicing/integration/workflow-transitions
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import agenda, charging, news
from storefront.sandbox.billing import customers, standing
from storefront.sandbox.billing.periods import DAY
from storefront.sandbox.charging import Outcome
from storefront.sandbox.currencies import MINIMUM
from storefront.sandbox.errors import StripeError
from storefront.sandbox.shapes.intents import intent_body
from storefront.sandbox.shapes.invoices import invoice_body, payment_body
from storefront.sandbox.store import Body, Transaction

FINALIZE, RETRY = "invoice.finalize", "invoice.retry"
#: How long an invoice of a renewal stays a draft, in seconds.
DRAFT_FOR = 60 * 60
#: Seconds from each failed attempt to the next: https://docs.stripe.com/invoicing/automatic-collection
RETRIES = (3 * DAY, 5 * DAY, 7 * DAY)


def draft(
    transaction: Transaction, subscription: Body, lines: list[Body], *, reason: str, period: tuple[int, int]
) -> Body:
    """A new invoice of a subscription, which is its latest from now on."""
    customer = transaction.get("customer", subscription["customer"])
    made = invoice_body(subscription, customer, lines, reason=reason, period=period, now=transaction.now)
    transaction.add(made)
    subscription["latest_invoice"] = made["id"]
    transaction.save(subscription)
    news.record(transaction, "invoice.created", made)
    return made


def finalize_later(transaction: Transaction, invoice: Body) -> None:
    """Leave it a draft for an hour, in which a platform may add to it."""
    at = transaction.now + DRAFT_FOR
    transaction.save(invoice | {"automatically_finalizes_at": at})
    agenda.schedule(transaction, FINALIZE, invoice["id"], due_at=at)


@agenda.verb(FINALIZE)
def finalize_and_pay(transaction: Transaction, invoice_id: str) -> None:
    """The hour is over."""
    invoice = transaction.get("invoice", invoice_id)
    if invoice["status"] == "draft" and invoice["auto_advance"]:
        finalize(transaction, invoice)
        if invoice["status"] == "open":
            attempt(transaction, invoice)


def finalize(transaction: Transaction, invoice: Body) -> Body:
    """Give it a number and what is due after the customer's balance; nothing due is paid at once."""
    customer = transaction.get("customer", invoice["customer"])
    starting, due = customer["balance"], invoice["total"] + customer["balance"]
    left = min(due, 0)
    if 0 < due < MINIMUM[invoice["currency"]]:
        left, due = due, 0  # too little to charge: the next invoice asks for it
    invoice |= {
        "amount_due": max(due, 0),
        "amount_remaining": max(due, 0),
        "automatically_finalizes_at": None,
        "effective_at": transaction.now,
        "ending_balance": left,
        "hosted_invoice_url": f"{transaction.origin.base_url}/i/{invoice['id']}",
        "invoice_pdf": f"{transaction.origin.base_url}/i/{invoice['id']}?print",
        "number": f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04}",
        "starting_balance": starting,
        "status": "open",
    }
    invoice["status_transitions"]["finalized_at"] = transaction.now
    customer["next_invoice_sequence"] += 1
    transaction.save(customer)
    customers.change_balance(transaction, customer, left - starting, type="applied_to_invoice", invoice=invoice["id"])
    transaction.save(invoice)
    news.record(transaction, "invoice.finalized", invoice)
    if not invoice["amount_due"]:
        _mark_paid(transaction, invoice)
    return invoice


def attach(transaction: Transaction, invoice: Body, intent: Body) -> None:
    """Say that this intent pays the invoice; one that did already makes it paid."""
    transaction.add(payment_body(invoice, intent["id"], now=transaction.now))
    if intent["status"] == "succeeded":
        _mark_paid(transaction, invoice)


def attempt(transaction: Transaction, invoice: Body) -> Outcome:
    """Charge the card that is kept for an open invoice; when that fails, plan the next attempt."""
    intent = _intent_of(transaction, invoice)
    method = _method_for(transaction, invoice)
    invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + 1}
    transaction.save(invoice)
    if method is None:
        outcome = Outcome(state="declined", message="There is no card to charge.", code="card_declined")
    else:
        outcome = charging.charge_off_session(transaction, intent, method)
    if outcome.state == "paid":
        _mark_paid(transaction, invoice)
        return outcome
    if outcome.code == "authentication_required":
        news.record(transaction, "invoice.payment_action_required", invoice)
    _plan_retry(transaction, invoice)
    return outcome


@agenda.verb(RETRY)
def retry(transaction: Transaction, invoice_id: str) -> None:
    """The next attempt is due, unless it was paid or given up meanwhile."""
    invoice = transaction.get("invoice", invoice_id)
    if invoice["status"] == "open" and invoice["next_payment_attempt"] == transaction.now:
        attempt(transaction, invoice)


def pay(transaction: Transaction, invoice: Body, values: dict[str, Any]) -> Body:
    """Try to pay it now: https://docs.stripe.com/api/invoices/pay. Raises `StripeError`."""
    if invoice["status"] == "draft":
        finalize(transaction, invoice)
    if invoice["status"] == "paid":
        raise StripeError("Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] != "open":
        raise StripeError(f"Invoices with status {invoice['status']} can't be paid.")
    if "payment_method" in values:
        invoice["default_payment_method"] = values["payment_method"]
    outcome = attempt(transaction, invoice)
    if outcome.state != "paid":
        raise StripeError(outcome.message, status=402, type="card_error", code=outcome.code)
    return invoice


def void(transaction: Transaction, invoice: Body) -> Body:
    """It was a mistake: https://docs.stripe.com/api/invoices/void. Raises `StripeError`."""
    return _give_up(transaction, invoice, "void", "voided_at", "invoice.voided")


def mark_uncollectible(transaction: Transaction, invoice: Body) -> Body:
    """It won't be paid: https://docs.stripe.com/api/invoices/mark_uncollectible. Raises `StripeError`."""
    return _give_up(transaction, invoice, "uncollectible", "marked_uncollectible_at", "invoice.marked_uncollectible")


def _give_up(transaction: Transaction, invoice: Body, status: str, moment: str, type: str) -> Body:
    if invoice["status"] not in ("open", "uncollectible"):
        raise StripeError(f"This invoice is {invoice['status']}; only an open one can become {status}.")
    invoice |= {"status": status, "next_payment_attempt": None, "auto_advance": False}
    invoice["status_transitions"][moment] = transaction.now
    transaction.save(invoice)
    news.record(transaction, type, invoice)
    return invoice


def payments_of(transaction: Transaction, invoice: Body) -> list[Body]:
    """How it is to be paid, or was."""
    return transaction.all("invoice_payment", invoice=invoice["id"])


def _intent_of(transaction: Transaction, invoice: Body) -> Body:
    for payment in payments_of(transaction, invoice):
        return transaction.get("payment_intent", payment["payment"]["payment_intent"])
    asked = {
        "amount_total": invoice["amount_due"],
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "payment_method_types": ["card"],
    }
    intent = transaction.add(intent_body(asked, {"description": "Subscription update"}, now=transaction.now))
    news.record(transaction, "payment_intent.created", intent)
    transaction.add(payment_body(invoice, intent["id"], now=transaction.now))
    return intent


def _method_for(transaction: Transaction, invoice: Body) -> Body | None:
    """https://docs.stripe.com/billing/subscriptions/overview#payment-methods: the nearest default wins."""
    subscription = standing.of_invoice(transaction, invoice)
    customer = transaction.get("customer", invoice["customer"])
    chosen = (
        invoice["default_payment_method"]
        or subscription["default_payment_method"]
        or customer["invoice_settings"]["default_payment_method"]
    )
    return transaction.get("payment_method", chosen) if chosen else None


def _mark_paid(transaction: Transaction, invoice: Body) -> None:
    invoice |= {
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "attempted": True,
        "attempt_count": max(invoice["attempt_count"], 1 if invoice["amount_due"] else 0),
        "auto_advance": False,
        "next_payment_attempt": None,
        "status": "paid",
    }
    invoice["status_transitions"]["paid_at"] = transaction.now
    transaction.save(invoice)
    for payment in payments_of(transaction, invoice):
        payment |= {"status": "paid", "amount_paid": invoice["amount_due"]}
        payment["status_transitions"]["paid_at"] = transaction.now
        news.record(transaction, "invoice_payment.paid", transaction.save(payment))
    news.record(transaction, "invoice.paid", invoice)
    news.record(transaction, "invoice.payment_succeeded", invoice)
    standing.after_payment(transaction, invoice)


def _plan_retry(transaction: Transaction, invoice: Body) -> None:
    over = invoice["attempt_count"] > len(RETRIES)
    at = None if over else transaction.now + RETRIES[invoice["attempt_count"] - 1]
    invoice |= {"next_payment_attempt": at, "auto_advance": not over}
    transaction.save(invoice)
    if at:
        agenda.schedule(transaction, RETRY, invoice["id"], due_at=at)
    news.record(transaction, "invoice.payment_failed", invoice)
    standing.after_failure(transaction, invoice, last=over)
