"""The chart of accounts: what each kind of account holds, the side on which it grows, and a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["debit", "credit"]


@dataclass(frozen=True)
class AccountKind:
    """One kind of account. ``is_of_workspace``: every workspace has one of its own; else the shop has the only one."""

    name: str
    side: Side
    label: str
    sentence: str
    is_of_workspace: bool = False


PLATFORM_CASH = "platform_cash"
DISPUTED_CASH = "disputed_cash"
BANK = "bank"
STRIPE_FEES = "stripe_fees"
REFUNDS = "refunds"
DISPUTE_LOSSES = "dispute_losses"
ADJUSTMENTS = "adjustments"
PLATFORM_REVENUE = "platform_revenue"
TAX_PAYABLE = "tax_payable"
REFUNDS_DUE = "refunds_due"
POOL = "pool"
CREATOR_HELD = "creator_held"
CREATOR_PAYABLE = "creator_payable"
DISPUTE_RESERVE = "dispute_reserve"
PAYOUTS_IN_TRANSIT = "payouts_in_transit"

CHART = {
    each.name: each
    for each in (
        AccountKind(PLATFORM_CASH, "debit", "Stripe balance", "Money that the shop has with Stripe."),
        AccountKind(DISPUTED_CASH, "debit", "Disputed money", "What banks hold back while a dispute is open."),
        AccountKind(BANK, "debit", "Bank account", "The shop's own bank account, outside Stripe."),
        AccountKind(STRIPE_FEES, "debit", "Stripe's fees", "What Stripe kept for its service."),
        AccountKind(REFUNDS, "debit", "Fees given back", "Platform fees that went back to buyers with refunds."),
        AccountKind(
            DISPUTE_LOSSES, "debit", "Dispute losses", "The shop's part of lost disputes, and the banks' fees."
        ),
        AccountKind(ADJUSTMENTS, "debit", "Adjustments", "What operators gave to creators, less what they took."),
        AccountKind(
            PLATFORM_REVENUE, "credit", "Platform revenue", "The shop's fees on sales, and plans that were paid."
        ),
        AccountKind(TAX_PAYABLE, "credit", "Tax payable", "Taxes that buyers paid and the shop owes."),
        AccountKind(REFUNDS_DUE, "credit", "Refunds due", "Second payments for one work, on their way back."),
        AccountKind(POOL, "credit", "Creator pool", "Paid for All-Access and not yet given to anybody."),
        AccountKind(CREATOR_HELD, "credit", "Held", "A creator's share while buyers may ask for a refund.", True),
        AccountKind(CREATOR_PAYABLE, "credit", "Payable", "A creator's share that the next payout pays.", True),
        AccountKind(DISPUTE_RESERVE, "credit", "In dispute", "A creator's share of sales that are disputed.", True),
        AccountKind(PAYOUTS_IN_TRANSIT, "credit", "On its way", "Payouts that Stripe is asked to make.", True),
    )
}
KINDS = tuple(CHART)
OF_WORKSPACE = tuple(kind.name for kind in CHART.values() if kind.is_of_workspace)

# In a table of postings: the creator's share is taken from where it is, held before it matures, payable after.
HELD_OR_PAYABLE = "held_or_payable"
