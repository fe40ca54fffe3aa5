"""Postings in the words of the people whose money it is."""

from __future__ import annotations

from storefront.ledger.chart import (
    BANK,
    CREATOR_HELD,
    CREATOR_PAYABLE,
    DISPUTE_RESERVE,
    OF_WORKSPACE,
    PAYOUTS_IN_TRANSIT,
    PLATFORM_CASH,
    PLATFORM_REVENUE,
    REFUNDS,
)

WORDS = {
    "sale.fee": "The shop's fee on a sale",
    "sale.share": "Your share of a sale",
    "sale.tax": "Tax on a sale",
    "sale.payout": "Set aside for the transfer of a sale",
    "sale.transfer": "Transferred to you at the sale",
    "earning.matured": "The time for refunds is over",
    "refund.reversed": "A transfer was taken back for a refund",
    "refund.returned": "Set aside for a refund",
    "refund.fee": "The shop's fee given back",
    "refund.share": "Your share given back",
    "refund.tax": "Tax given back",
    "refund_failed.fee": "A refund failed: the shop's fee",
    "refund_failed.share": "A refund failed: your share again",
    "refund_failed.tax": "A refund failed: tax",
    "dispute.reversed": "A transfer was taken back for a dispute",
    "dispute.returned": "Set aside for a dispute",
    "dispute.reserve": "Set aside while a dispute is open",
    "dispute.withdrawn": "Withheld by the buyer's bank",
    "dispute.fee": "The bank's fee for a dispute, borne by the shop",
    "dispute_won.reserve": "A dispute was won: your share again",
    "dispute_won.reinstated": "A dispute was won: paid back by the bank",
    "dispute_won.fee": "A dispute was won: the bank's fee",
    "dispute_lost.fee": "A dispute was lost: the shop's fee",
    "dispute_lost.share": "A dispute was lost: your share",
    "dispute_lost.tax": "A dispute was lost: tax",
    "payout.intent": "A payout was begun",
    "payout.sent": "Paid out",
    "payout.refused": "A payout did not go through",
    "payout.reversed": "A payout came back",
    "payout.returned": "Payable again",
    "payout.manual": "Paid by hand",
    "plan.from_balance": "Your plan, paid from the balance",
    "plan.to_balance": "Your plan was not paid from the balance",
    "pool.share": "Your share of All-Access",
    "pool.share_returned": "Your share of All-Access given back",
    "pool.rest": "What the shop keeps of All-Access",
    "pool.rest_returned": "What the shop kept of All-Access, given back",
    "adjustment.given": "Given by the shop",
    "adjustment.taken": "Taken by the shop",
}
PAID = ("payout.sent", "payout.manual", "payout.reversed", "sale.transfer", "refund.reversed", "dispute.reversed")

STANDING = {
    CREATOR_HELD: "held",
    CREATOR_PAYABLE: "payable",
    DISPUTE_RESERVE: "reserved",
    PAYOUTS_IN_TRANSIT: "in_transit",
}


def words_of(kind: str) -> str:
    """What a posting of a kind says to a creator."""
    return WORDS.get(kind, kind.replace(".", " ").replace("_", " ").capitalize())


def effect_of(debit: str, credit: str, amount: int) -> int:
    """What a posting adds to all that stands to a creator, in minor units; less than nothing takes from it."""
    return amount * ((credit in OF_WORKSPACE) - (debit in OF_WORKSPACE))


def part_of(kind: str) -> str:
    """Where a month counts a posting's effect: ``earned``, ``back``, ``paid`` or ``other``."""
    if kind in PAID:
        return "paid"
    subject = kind.partition(".")[0]
    if subject in ("refund", "refund_failed", "dispute", "dispute_won", "dispute_lost"):
        return "back"
    return "other" if subject in ("adjustment", "plan") else "earned"


def moves(debit: str, credit: str, amount: int) -> dict[str, int]:
    """What a posting does to each part of a balance, as ``Balance`` names them."""
    found: dict[str, int] = {}
    for account, sign in ((credit, 1), (debit, -1)):
        if account in STANDING:
            found[STANDING[account]] = sign * amount
    if (debit, credit) in ((PAYOUTS_IN_TRANSIT, PLATFORM_CASH), (CREATOR_PAYABLE, BANK)):
        found["paid"] = amount
    if (debit, credit) == (PLATFORM_CASH, PAYOUTS_IN_TRANSIT):
        found["paid"] = -amount
    if (debit, credit) == (CREATOR_PAYABLE, PLATFORM_REVENUE):
        found["spent"] = amount
    if (debit, credit) == (REFUNDS, CREATOR_PAYABLE):
        found["spent"] = -amount
    return found
