"""Every verb of the ledger as a table of postings. ``services`` books them, ``docs/ledger.md`` shows them.

A line moves one part of a sum from the account it credits to the account it debits. ``HELD_OR_PAYABLE`` is where the
creator's share of the sale is at that moment. A part of nothing is left out.
"""

from __future__ import annotations

from typing import NamedTuple

from storefront.ledger.chart import (
    ADJUSTMENTS,
    BANK,
    CREATOR_HELD,
    CREATOR_PAYABLE,
    DISPUTE_LOSSES,
    DISPUTE_RESERVE,
    DISPUTED_CASH,
    HELD_OR_PAYABLE,
    PAYOUTS_IN_TRANSIT,
    PLATFORM_CASH,
    PLATFORM_REVENUE,
    POOL,
    REFUNDS,
    REFUNDS_DUE,
    STRIPE_FEES,
    TAX_PAYABLE,
)


class Line(NamedTuple):
    """One posting: its kind, the account debited, the account credited, and which part of the sum it moves."""

    kind: str
    debit: str
    credit: str
    part: str


SALE_HELD = (
    Line("sale.fee", PLATFORM_CASH, PLATFORM_REVENUE, "fee"),
    Line("sale.share", PLATFORM_CASH, CREATOR_HELD, "share"),
    Line("sale.tax", PLATFORM_CASH, TAX_PAYABLE, "tax"),
)
SALE_DESTINATION = (
    Line("sale.fee", PLATFORM_CASH, PLATFORM_REVENUE, "fee"),
    Line("sale.share", PLATFORM_CASH, CREATOR_PAYABLE, "share"),
    Line("sale.payout", CREATOR_PAYABLE, PAYOUTS_IN_TRANSIT, "share"),
    Line("sale.transfer", PAYOUTS_IN_TRANSIT, PLATFORM_CASH, "share"),
    Line("sale.tax", PLATFORM_CASH, TAX_PAYABLE, "tax"),
)
STRIPE_FEE = (Line("fee.stripe", STRIPE_FEES, PLATFORM_CASH, "fee"),)
UNWANTED = (Line("unwanted.paid", PLATFORM_CASH, REFUNDS_DUE, "amount"),)
UNWANTED_RETURNED = (Line("unwanted.returned", REFUNDS_DUE, PLATFORM_CASH, "amount"),)
UNWANTED_DISPUTED = (
    Line("unwanted.withdrawn", DISPUTED_CASH, PLATFORM_CASH, "amount"),
    Line("unwanted.bank_fee", DISPUTE_LOSSES, PLATFORM_CASH, "bank_fee"),
)
UNWANTED_WON = (
    Line("unwanted.reinstated", PLATFORM_CASH, DISPUTED_CASH, "amount"),
    Line("unwanted.fee_reinstated", PLATFORM_CASH, DISPUTE_LOSSES, "bank_fee"),
)
UNWANTED_LOST = (Line("unwanted.lost", REFUNDS_DUE, DISPUTED_CASH, "amount"),)
MATURITY = (Line("earning.matured", CREATOR_HELD, CREATOR_PAYABLE, "share"),)
REFUND = (
    Line("refund.reversed", PLATFORM_CASH, PAYOUTS_IN_TRANSIT, "reversed"),
    Line("refund.returned", PAYOUTS_IN_TRANSIT, CREATOR_PAYABLE, "reversed"),
    Line("refund.fee", REFUNDS, PLATFORM_CASH, "fee"),
    Line("refund.share", HELD_OR_PAYABLE, PLATFORM_CASH, "share"),
    Line("refund.tax", TAX_PAYABLE, PLATFORM_CASH, "tax"),
)
REFUND_FAILED = (
    Line("refund_failed.fee", PLATFORM_CASH, REFUNDS, "fee"),
    Line("refund_failed.share", PLATFORM_CASH, HELD_OR_PAYABLE, "share"),
    Line("refund_failed.tax", PLATFORM_CASH, TAX_PAYABLE, "tax"),
)
DISPUTE_OPENED = (
    Line("dispute.reversed", PLATFORM_CASH, PAYOUTS_IN_TRANSIT, "reversed"),
    Line("dispute.returned", PAYOUTS_IN_TRANSIT, CREATOR_PAYABLE, "reversed"),
    Line("dispute.reserve", HELD_OR_PAYABLE, DISPUTE_RESERVE, "share"),
    Line("dispute.withdrawn", DISPUTED_CASH, PLATFORM_CASH, "amount"),
    Line("dispute.fee", DISPUTE_LOSSES, PLATFORM_CASH, "bank_fee"),
)
DISPUTE_WON = (
    Line("dispute_won.reserve", DISPUTE_RESERVE, HELD_OR_PAYABLE, "share"),
    Line("dispute_won.reinstated", PLATFORM_CASH, DISPUTED_CASH, "amount"),
    Line("dispute_won.fee", PLATFORM_CASH, DISPUTE_LOSSES, "bank_fee"),
)
DISPUTE_LOST = (
    Line("dispute_lost.fee", DISPUTE_LOSSES, DISPUTED_CASH, "fee"),
    Line("dispute_lost.share", DISPUTE_RESERVE, DISPUTED_CASH, "share"),
    Line("dispute_lost.tax", TAX_PAYABLE, DISPUTED_CASH, "tax"),
)
PAYOUT_INTENT = (Line("payout.intent", CREATOR_PAYABLE, PAYOUTS_IN_TRANSIT, "amount"),)
PAYOUT_SENT = (Line("payout.sent", PAYOUTS_IN_TRANSIT, PLATFORM_CASH, "amount"),)
PAYOUT_REFUSED = (Line("payout.refused", PAYOUTS_IN_TRANSIT, CREATOR_PAYABLE, "amount"),)
PAYOUT_REVERSED = (
    Line("payout.reversed", PLATFORM_CASH, PAYOUTS_IN_TRANSIT, "amount"),
    Line("payout.returned", PAYOUTS_IN_TRANSIT, CREATOR_PAYABLE, "amount"),
)
MANUAL_PAYOUT = (Line("payout.manual", CREATOR_PAYABLE, BANK, "amount"),)
PLAN_FEE = (Line("plan.from_balance", CREATOR_PAYABLE, PLATFORM_REVENUE, "amount"),)
PLAN_FEE_RETURNED = (Line("plan.to_balance", REFUNDS, CREATOR_PAYABLE, "amount"),)
PLAN_PAID = (
    Line("plan.paid", PLATFORM_CASH, PLATFORM_REVENUE, "net"),
    Line("plan.tax", PLATFORM_CASH, TAX_PAYABLE, "tax"),
)
PLAN_RETURNED = (
    Line("plan.returned", REFUNDS, PLATFORM_CASH, "net"),
    Line("plan.tax_returned", TAX_PAYABLE, PLATFORM_CASH, "tax"),
)
PLAN_RESTORED = (
    Line("plan.restored", PLATFORM_CASH, REFUNDS, "net"),
    Line("plan.tax_restored", PLATFORM_CASH, TAX_PAYABLE, "tax"),
)
PASS_PAID = (
    Line("pass.paid", PLATFORM_CASH, POOL, "net"),
    Line("pass.tax", PLATFORM_CASH, TAX_PAYABLE, "tax"),
)
PASS_RETURNED = (
    Line("pass.returned", POOL, PLATFORM_CASH, "net"),
    Line("pass.tax_returned", TAX_PAYABLE, PLATFORM_CASH, "tax"),
)
PASS_RESTORED = (
    Line("pass.restored", PLATFORM_CASH, POOL, "net"),
    Line("pass.tax_restored", PLATFORM_CASH, TAX_PAYABLE, "tax"),
)
BANK_FEE = (Line("invoice.bank_fee", DISPUTE_LOSSES, PLATFORM_CASH, "fee"),)
BANK_FEE_RETURNED = (Line("invoice.bank_fee_returned", PLATFORM_CASH, DISPUTE_LOSSES, "fee"),)
ADJUSTMENT_GIVEN = (Line("adjustment.given", ADJUSTMENTS, CREATOR_PAYABLE, "amount"),)
ADJUSTMENT_TAKEN = (Line("adjustment.taken", CREATOR_PAYABLE, ADJUSTMENTS, "amount"),)
POOL_SHARE = (Line("pool.share", POOL, CREATOR_PAYABLE, "amount"),)
POOL_SHARE_RETURNED = (Line("pool.share_returned", CREATOR_PAYABLE, POOL, "amount"),)
POOL_REST = (Line("pool.rest", POOL, PLATFORM_REVENUE, "amount"),)
POOL_REST_RETURNED = (Line("pool.rest_returned", REFUNDS, POOL, "amount"),)
TO_BANK = (Line("bank.payout", BANK, PLATFORM_CASH, "amount"),)
FROM_BANK = (Line("bank.returned", PLATFORM_CASH, BANK, "amount"),)

VERBS = {
    "book_sale, held": SALE_HELD,
    "book_sale, destination": SALE_DESTINATION,
    "book_stripe_fee": STRIPE_FEE,
    "book_unwanted": UNWANTED,
    "book_unwanted_returned": UNWANTED_RETURNED,
    "book_unwanted_disputed": UNWANTED_DISPUTED,
    "book_unwanted_won": UNWANTED_WON,
    "book_unwanted_lost": UNWANTED_LOST,
    "book_maturities": MATURITY,
    "book_refund": REFUND,
    "book_refund_failed": REFUND_FAILED,
    "book_dispute_opened": DISPUTE_OPENED,
    "book_dispute_won": DISPUTE_WON,
    "book_dispute_lost": DISPUTE_LOST,
    "book_payout_intent": PAYOUT_INTENT,
    "book_payout_sent": PAYOUT_SENT,
    "book_payout_refused": PAYOUT_REFUSED,
    "book_payout_reversed": PAYOUT_REVERSED,
    "book_manual_payout": MANUAL_PAYOUT,
    "book_plan_fee_from_balance": PLAN_FEE,
    "book_plan_fee_returned": PLAN_FEE_RETURNED,
    "book_invoice_paid, plan": PLAN_PAID,
    "book_invoice_paid, pass": PASS_PAID,
    "book_invoice_returned, plan": PLAN_RETURNED,
    "book_invoice_returned, pass": PASS_RETURNED,
    "book_invoice_restored, plan": PLAN_RESTORED,
    "book_invoice_restored, pass": PASS_RESTORED,
    "book_bank_fee": BANK_FEE,
    "book_bank_fee_returned": BANK_FEE_RETURNED,
    "book_adjustment, given": ADJUSTMENT_GIVEN,
    "book_adjustment, taken": ADJUSTMENT_TAKEN,
    "book_pool_share": POOL_SHARE,
    "book_pool_shares": POOL_SHARE,
    "book_pool_share_returned": POOL_SHARE_RETURNED,
    "book_pool_rest": POOL_REST,
    "book_pool_rest_returned": POOL_REST_RETURNED,
    "book_bank_payout, sent": TO_BANK,
    "book_bank_payout, returned": FROM_BANK,
}
