"""Disputes: the bank takes the money back until somebody has won.

Source: https://docs.stripe.com/disputes/how-disputes-work, https://docs.stripe.com/disputes/api,
https://docs.stripe.com/api/disputes, https://docs.stripe.com/testing#disputes,
https://docs.stripe.com/connect/disputes (with destination charges the platform is debited)
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import accounts, agenda, booking, moves, news
from storefront.sandbox.errors import StripeError
from storefront.sandbox.shapes.disputes import TEXTS, dispute_body
from storefront.sandbox.store import Body, Transaction

DUE, REVIEW = "dispute.due", "dispute.review"
#: https://stripe.com/pricing, in minor units: taken when the money is, given back with it.
FEE = 1500
_ANSWER_WITHIN = 9 * 24 * 60 * 60
REASONS = ("fraudulent", "product_not_received", "product_unacceptable", "duplicate", "credit_not_processed", "general")
OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
#: Evidence that decides: https://docs.stripe.com/testing#evidence
_WINNING, _LOSING = "winning_evidence", "losing_evidence"


def open_dispute(
    transaction: Transaction, charge: Body, *, reason: str = "fraudulent", is_inquiry: bool = False
) -> Body:
    """Dispute what is left of a charge. Raises `ValueError` for one that can't be disputed."""
    amount = charge["amount"] - charge["amount_refunded"]
    if charge["status"] != "succeeded" or charge["payment_method_details"]["type"] != "card":
        raise ValueError("Only a card payment that succeeded can be disputed.")
    if charge["disputed"] or not amount:
        raise ValueError("That payment was disputed or refunded before.")
    if reason not in REASONS:
        raise ValueError(f"Choose one of {', '.join(REASONS)}.")
    due_by = transaction.now + _ANSWER_WITHIN
    dispute = transaction.add(
        dispute_body(charge, amount=amount, reason=reason, is_inquiry=is_inquiry, now=transaction.now, due_by=due_by)
    )
    charge["disputed"] = not is_inquiry
    transaction.save(charge)
    agenda.schedule(transaction, DUE, dispute["id"], due_at=due_by)
    news.record(transaction, "charge.dispute.created", dispute)
    if not is_inquiry:
        _withdraw(transaction, dispute)
    return dispute


def escalate(transaction: Transaction, dispute: Body) -> None:
    """An inquiry becomes a dispute: https://docs.stripe.com/disputes/how-disputes-work#inquiries

    Raises `ValueError` if it is none, or about what was refunded meanwhile.
    """
    if dispute["status"] not in ("warning_needs_response", "warning_under_review"):
        raise ValueError("Only an open inquiry can be escalated.")
    charge = transaction.get("charge", dispute["charge"])
    if charge["amount"] - charge["amount_refunded"] < dispute["amount"]:
        raise ValueError("What it asks about went back; a refund ends an inquiry.")
    before = dispute["status"]
    dispute |= {"status": "needs_response", "is_charge_refundable": False}
    dispute["payment_method_details"]["card"]["case_type"] = "chargeback"
    transaction.save(charge | {"disputed": True})
    news.record(transaction, "charge.dispute.updated", transaction.save(dispute), previous={"status": before})
    _withdraw(transaction, dispute)


def answer(transaction: Transaction, dispute: Body, values: dict[str, Any]) -> Body:
    """Keep evidence and hand it in, unless `submit` is false. Raises `StripeError` for a closed dispute."""
    if dispute["status"] not in OPEN:
        raise StripeError("This dispute is already closed.", param="dispute")
    before = {"evidence_details": dict(dispute["evidence_details"]), "status": dispute["status"]}
    evidence = {name: text for name, text in values.get("evidence", {}).items() if name in TEXTS}
    dispute["evidence"] |= evidence
    dispute["metadata"] = accounts.merged(dispute["metadata"], values.get("metadata", {}))
    details = dispute["evidence_details"]
    details["has_evidence"] = details["has_evidence"] or bool(evidence)
    if evidence and values.get("submit", True):
        details["submission_count"] += 1
        dispute["status"] = dispute["status"].replace("needs_response", "under_review")
        agenda.schedule(transaction, REVIEW, dispute["id"], due_at=transaction.now + 1)
    transaction.save(dispute)
    news.record(transaction, "charge.dispute.updated", dispute, previous=before)
    return dispute


@agenda.verb(REVIEW)
def review(transaction: Transaction, dispute_id: str) -> None:
    """The bank reads the evidence; only Stripe's two magic words decide by themselves."""
    dispute = transaction.get("dispute", dispute_id)
    said = dispute["evidence"]["uncategorized_text"]
    if dispute["status"] in OPEN and said in (_WINNING, _LOSING):
        close(transaction, dispute, won=said == _WINNING)


@agenda.verb(DUE)
def run_out(transaction: Transaction, dispute_id: str) -> None:
    """Who doesn't answer in time has lost; an inquiry just closes."""
    dispute = transaction.get("dispute", dispute_id)
    if dispute["status"] in ("needs_response", "warning_needs_response"):
        dispute["evidence_details"]["past_due"] = True
        close(transaction, dispute, won=False)


def close(transaction: Transaction, dispute: Body, *, won: bool) -> None:
    """End a dispute: won, the money and the fee return. An inquiry closes without either.

    Raises `ValueError` for one that is closed.
    """
    if dispute["status"] not in OPEN:
        raise ValueError("That dispute is closed.")
    before = dispute["status"]
    is_inquiry = before.startswith("warning")
    dispute["status"] = "warning_closed" if is_inquiry else "won" if won else "lost"
    if won and not is_inquiry:
        _book(transaction, dispute, amount=dispute["amount"], fee=-FEE)
    transaction.save(dispute)
    news.record(transaction, "charge.dispute.closed", dispute, previous={"status": before})
    if dispute["status"] == "won":
        news.record(transaction, "charge.dispute.funds_reinstated", dispute)


def stops_refunds(transaction: Transaction, charge: Body) -> bool:
    """Whether a charge is or was charged back, so that it can't be refunded: https://docs.stripe.com/refunds"""
    disputes = transaction.all("dispute", charge=charge["id"])
    return any(dispute["status"] in ("needs_response", "under_review", "lost") for dispute in disputes)


def _withdraw(transaction: Transaction, dispute: Body) -> None:
    """The bank takes the amount, and Stripe its fee."""
    _book(transaction, dispute, amount=-dispute["amount"], fee=FEE)
    transaction.save(dispute)
    news.record(transaction, "charge.dispute.funds_withdrawn", dispute)


def _book(transaction: Transaction, dispute: Body, *, amount: int, fee: int) -> None:
    entry = booking.book(
        transaction, dispute, type="adjustment", amount=amount, against=moves.CUSTOMERS, fee=fee, fee_is="dispute"
    )
    dispute["balance_transactions"].append(transaction.get("balance_transaction", entry))
