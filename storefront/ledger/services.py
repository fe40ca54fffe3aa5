"""Booking money, in the caller's transaction. Each verb is a table in ``verbs``; nothing is booked twice.

What may not be: a look before the write. A row is inserted if its cause has none of its kind, then compared.
Amounts are ``Money``; a part of nothing is left out. ``reference`` is Stripe's id of what moved the money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.inserts import insert_if_new, insert_into, insert_new
from storefront.kit.money import Money
from storefront.ledger import verbs
from storefront.ledger.chart import CREATOR_HELD, CREATOR_PAYABLE, HELD_OR_PAYABLE
from storefront.ledger.models import Earning, Posting
from storefront.ledger.verbs import Line


class LedgerConflict(RuntimeError):
    """A cause was booked before, with other figures. Nothing may be booked over it."""


class Entry(NamedTuple):
    """A posting to be: its kind, the account debited, the account credited, and how much."""

    kind: str
    debit: str
    credit: str
    amount: Money


def post(
    cause_kind: str, cause_id: str, entries: Sequence[Entry], *, workspace_id: int | None = None,
    earning_id: str | None = None, reference: str | None = None, note: str = "",
) -> bool:  # fmt: skip
    """Book ``entries`` of one cause. True if any is new; the same again changes nothing, at whatever moment.

    Raises LedgerConflict if the cause has such a posting with other figures, ValueError for less than nothing.
    """
    if any(entry.amount.amount < 0 for entry in entries):
        raise ValueError(f"{cause_kind} {cause_id}: a posting moves a positive amount")
    shared = {"workspace_id": workspace_id, "earning_id": earning_id, "reference": reference, "note": note}
    cause = {"at": clock.now(), "cause_kind": cause_kind, "cause_id": cause_id}
    rows = [
        {
            **cause, **shared, "kind": entry.kind, "debit": entry.debit, "credit": entry.credit,
            "amount": entry.amount.amount, "currency": entry.amount.currency,
        }
        for entry in sorted(entries)  # always in one order, so that two who book the same don't hold up each other
        if entry.amount.amount
    ]  # fmt: skip
    if not rows:
        return False
    written = insert_new(Posting, rows, Posting.kind)
    if len(written) < len(rows):
        _compare([row for row in rows if row["kind"] not in written])
    return bool(written)


def _compare(rows: Sequence[dict[str, Any]]) -> None:
    """See that what was booked before says the same."""
    first = rows[0]
    kinds = [row["kind"] for row in rows]
    query = sa.select(Posting).where(
        Posting.cause_kind == first["cause_kind"], Posting.cause_id == first["cause_id"], Posting.kind.in_(kinds)
    )
    booked = {posting.kind: posting for posting in db.session.scalars(query)}
    for row in rows:
        before = booked[row["kind"]]
        if _figures(before.__dict__) != _figures(row):
            raise LedgerConflict(
                f"{row['cause_kind']} {row['cause_id']} has {row['kind']} as posting {before.id}: "
                f"{_said(_figures(before.__dict__))}, not {_said(_figures(row))}"
            )


def _figures(row: dict[str, Any]) -> tuple[Any, ...]:
    """What must be the same. A share that was taken while it was held may be matured by now: that is no difference."""
    sides = (
        HELD_OR_PAYABLE if row[side] in (CREATOR_HELD, CREATOR_PAYABLE) else row[side] for side in ("debit", "credit")
    )
    return (*sides, row["amount"], row["currency"], row["workspace_id"])


def _said(figures: tuple[Any, ...]) -> str:
    debit, credit, amount, currency, workspace_id = figures
    return f"{amount} {currency} from {credit} to {debit} of workspace {workspace_id}"


def entries_of(table: Sequence[Line], *, share_in: str = CREATOR_HELD, **parts: Money | None) -> list[Entry]:
    """A verb's table with its amounts. ``share_in`` is where the creator's share is."""

    def account(named: str) -> str:
        return share_in if named == HELD_OR_PAYABLE else named

    found = ((line, parts[line.part]) for line in table)
    return [Entry(line.kind, account(line.debit), account(line.credit), part) for line, part in found if part]


def book_sale(
    order_id: str, *, workspace_id: int, fee: Money, share: Money, tax: Money, matures_at: datetime, settlement: str,
    reference: str | None = None,
) -> bool:  # fmt: skip
    """A buyer paid ``fee + share + tax``. ``held``: the share waits until ``matures_at``, when the time for refunds is
    over. ``destination``: Stripe transferred it at once."""
    is_held = settlement == "held"
    insert_if_new(
        Earning, id=order_id, workspace_id=workspace_id, matures_at=matures_at,
        matured_at=None if is_held else clock.now(),
    )  # fmt: skip
    table = verbs.SALE_HELD if is_held else verbs.SALE_DESTINATION
    return post(
        "order", order_id, entries_of(table, fee=fee, share=share, tax=tax), workspace_id=workspace_id,
        earning_id=order_id, reference=reference,
    )  # fmt: skip


def book_stripe_fee(cause_kind: str, cause_id: str, fee: Money, *, reference: str | None = None) -> bool:
    """Stripe kept ``fee`` for a payment; the shop bears it."""
    return post(cause_kind, cause_id, entries_of(verbs.STRIPE_FEE, fee=fee), reference=reference)


def book_unwanted(order_id: str, amount: Money, *, reference: str | None = None) -> bool:
    """Somebody paid for what was theirs already: the whole amount is owed to them."""
    return post("order", order_id, entries_of(verbs.UNWANTED, amount=amount), reference=reference)


def book_unwanted_returned(order_id: str, amount: Money, *, reference: str | None = None) -> bool:
    """An unwanted payment went back."""
    return post("order", order_id, entries_of(verbs.UNWANTED_RETURNED, amount=amount), reference=reference)


def book_unwanted_disputed(
    dispute_id: str, *, amount: Money | None, bank_fee: Money | None, reference: str | None = None
) -> bool:
    """A bank withholds a payment that was made twice, before it went back. What Stripe took so far."""
    entries = entries_of(verbs.UNWANTED_DISPUTED, amount=amount, bank_fee=bank_fee)
    return post("dispute", dispute_id, entries, reference=reference)


def book_unwanted_won(
    dispute_id: str, *, amount: Money | None, bank_fee: Money | None, reference: str | None = None
) -> bool:
    """The bank gave it back to the shop, which owes it still."""
    entries = entries_of(verbs.UNWANTED_WON, amount=amount, bank_fee=bank_fee)
    return post("dispute", dispute_id, entries, reference=reference)


def book_unwanted_lost(dispute_id: str, *, amount: Money, reference: str | None = None) -> bool:
    """The bank gave it to who paid it: the shop owes nothing any more."""
    return post("dispute", dispute_id, entries_of(verbs.UNWANTED_LOST, amount=amount), reference=reference)


def book_maturities() -> int:
    """Every held share whose time for refunds is over becomes payable, in one pass. How many did.

    An earning that somebody is just taking from is left for the next pass, so nobody waits.
    """
    now = clock.now()
    due = (
        sa.select(Earning.id)
        .where(Earning.matured_at.is_(None), Earning.matures_at <= now)
        .with_for_update(skip_locked=True, key_share=True)
    )
    ripe = sa.update(Earning).where(Earning.id.in_(due)).values(matured_at=now)
    db.session.execute(ripe, execution_options={"synchronize_session": False})
    held = sa.func.sum(
        sa.case((Posting.credit == CREATOR_HELD, Posting.amount), else_=0)
        - sa.case((Posting.debit == CREATOR_HELD, Posting.amount), else_=0)
    )
    (line,) = verbs.MATURITY
    columns = {
        "at": sa.literal(now, Posting.at.type), "cause_kind": sa.literal("earning"), "cause_id": Earning.id,
        "kind": sa.literal(line.kind), "debit": sa.literal(line.debit), "credit": sa.literal(line.credit),
        "amount": held, "currency": Posting.currency, "workspace_id": Earning.workspace_id, "earning_id": Earning.id,
        "note": sa.literal(""),
    }  # fmt: skip
    shares = (
        sa.select(*columns.values())
        .join(Posting, Posting.earning_id == Earning.id)
        .where(Earning.matured_at == now)
        .group_by(Earning.id, Earning.workspace_id, Posting.currency)
        .having(held > 0)
    )
    statement = insert_into(Posting).from_select(list(columns), shares).on_conflict_do_nothing().returning(Posting.id)
    return len(db.session.scalars(statement).all())


def book_refund(
    refund_id: str, *, order_id: str, fee: Money, share: Money, tax: Money, reversed: Money | None = None,
    reference: str | None = None,
) -> bool:  # fmt: skip
    """``fee + share + tax`` of a sale went back to its buyer. The share is taken from where it is, and may make a
    creator's balance negative. ``reversed`` is what Stripe took back of a transfer that it had made at the sale."""
    parts = {"fee": fee, "share": share, "tax": tax, "reversed": reversed}
    return _post_about(order_id, "refund", refund_id, verbs.REFUND, parts, reference)


def book_refund_failed(
    refund_id: str, *, order_id: str, fee: Money, share: Money, tax: Money, reference: str | None = None
) -> bool:
    """A refund that was booked did not go through: Stripe gave the money back to the shop."""
    parts = {"fee": fee, "share": share, "tax": tax}
    return _post_about(order_id, "refund", refund_id, verbs.REFUND_FAILED, parts, reference)


def book_dispute_opened(
    dispute_id: str, *, order_id: str, share: Money, amount: Money | None = None, bank_fee: Money | None = None,
    reversed: Money | None = None, reference: str | None = None,
) -> bool:  # fmt: skip
    """A buyer's bank asks for money back: the creator's ``share`` is set aside. ``amount`` and ``bank_fee`` are what
    Stripe took from the shop's balance so far; they may be booked by a later call."""
    parts = {"share": share, "amount": amount, "bank_fee": bank_fee, "reversed": reversed}
    return _post_about(order_id, "dispute", dispute_id, verbs.DISPUTE_OPENED, parts, reference)


def book_dispute_won(
    dispute_id: str, *, order_id: str, share: Money, amount: Money | None = None, bank_fee: Money | None = None,
    reference: str | None = None,
) -> bool:  # fmt: skip
    """The bank decided for the shop: the creator has the share again, the shop what Stripe gave back."""
    parts = {"share": share, "amount": amount, "bank_fee": bank_fee}
    return _post_about(order_id, "dispute", dispute_id, verbs.DISPUTE_WON, parts, reference)


def book_dispute_lost(
    dispute_id: str, *, order_id: str, fee: Money, share: Money, tax: Money, reference: str | None = None
) -> bool:
    """The bank decided for the buyer: what was withheld is gone, the share, the shop's fee and the tax."""
    parts = {"fee": fee, "share": share, "tax": tax}
    return _post_about(order_id, "dispute", dispute_id, verbs.DISPUTE_LOST, parts, reference)


def _post_about(
    order_id: str, cause_kind: str, cause_id: str, table: Sequence[Line], parts: Mapping[str, Money | None],
    reference: str | None,
) -> bool:  # fmt: skip
    """Book what happens to a sale after it. Its earning is locked, so that it does not mature meanwhile."""
    query = sa.select(Earning).where(Earning.id == order_id).with_for_update(key_share=True)
    earning = db.session.scalars(query, execution_options={"populate_existing": True}).one()
    share_in = CREATOR_HELD if earning.matured_at is None else CREATOR_PAYABLE
    return post(
        cause_kind, cause_id, entries_of(table, share_in=share_in, **parts), workspace_id=earning.workspace_id,
        earning_id=order_id, reference=reference,
    )  # fmt: skip


def book_payout_intent(payout_id: str, *, workspace_id: int, amount: Money) -> bool:
    """A payout is to be made: its amount can't be paid by another. A payout that is tried anew has an id of its own."""
    return _post_payout(payout_id, verbs.PAYOUT_INTENT, workspace_id, amount)


def book_payout_sent(payout_id: str, *, workspace_id: int, amount: Money, reference: str) -> bool:
    """Stripe made the transfer ``reference``."""
    return _post_payout(payout_id, verbs.PAYOUT_SENT, workspace_id, amount, reference)


def book_payout_refused(payout_id: str, *, workspace_id: int, amount: Money) -> bool:
    """Stripe made no transfer; the money is payable as before."""
    return _post_payout(payout_id, verbs.PAYOUT_REFUSED, workspace_id, amount)


def book_payout_reversed(reversal_id: str, *, workspace_id: int, amount: Money, reference: str) -> bool:
    """A transfer, or a part of it, came back. ``reversal_id`` is its own: a transfer may come back in parts."""
    return _post_payout(reversal_id, verbs.PAYOUT_REVERSED, workspace_id, amount, reference)


def book_manual_payout(payout_id: str, *, workspace_id: int, amount: Money, note: str) -> bool:
    """An operator paid a creator from the shop's own bank account; ``note`` says how to find it there."""
    return _post_payout(payout_id, verbs.MANUAL_PAYOUT, workspace_id, amount, note=note)


def _post_payout(
    payout_id: str,
    table: Sequence[Line],
    workspace_id: int,
    amount: Money,
    reference: str | None = None,
    note: str = "",
) -> bool:
    entries = entries_of(table, amount=amount)
    return post("payout", payout_id, entries, workspace_id=workspace_id, reference=reference, note=note)


def book_plan_fee_from_balance(charge_id: str, *, workspace_id: int, amount: Money) -> bool:
    """A workspace pays for its plan with what it earned."""
    return post("plan", charge_id, entries_of(verbs.PLAN_FEE, amount=amount), workspace_id=workspace_id)


def book_plan_fee_returned(charge_id: str, *, workspace_id: int, amount: Money) -> bool:
    """What was to pay for a plan did not: it is payable as before."""
    return post("plan", charge_id, entries_of(verbs.PLAN_FEE_RETURNED, amount=amount), workspace_id=workspace_id)


def book_invoice_paid(invoice: str, family: str, *, net: Money, tax: Money, reference: str | None) -> bool:
    """An invoice of a subscription was paid: a plan is the shop's, All-Access (``pass``) goes into the pool."""
    table = verbs.PLAN_PAID if family == "plan" else verbs.PASS_PAID
    return post("invoice", invoice, entries_of(table, net=net, tax=tax), reference=reference)


def book_invoice_returned(cause_id: str, family: str, *, net: Money, tax: Money, reference: str | None) -> bool:
    """Of an invoice's money, this much went back or is held back by a bank."""
    table = verbs.PLAN_RETURNED if family == "plan" else verbs.PASS_RETURNED
    return post("invoice", cause_id, entries_of(table, net=net, tax=tax), reference=reference)


def book_invoice_restored(cause_id: str, family: str, *, net: Money, tax: Money, reference: str | None) -> bool:
    """Of what had gone back, this much is here again: a refund failed, or a dispute was won."""
    table = verbs.PLAN_RESTORED if family == "plan" else verbs.PASS_RESTORED
    return post("invoice", cause_id, entries_of(table, net=net, tax=tax), reference=reference)


def book_bank_fee(cause_id: str, fee: Money, *, reference: str | None) -> bool:
    """A bank took a fee for a dispute of an invoice."""
    return post("invoice", cause_id, entries_of(verbs.BANK_FEE, fee=fee), reference=reference)


def book_bank_fee_returned(cause_id: str, fee: Money, *, reference: str | None) -> bool:
    """The bank gave its fee back with the dispute."""
    return post("invoice", cause_id, entries_of(verbs.BANK_FEE_RETURNED, fee=fee), reference=reference)


def book_pool_share(cause_id: str, *, workspace_id: int, amount: Money) -> bool:
    """A workspace is credited for what was copied of it in a month of All-Access."""
    return post("pool", cause_id, entries_of(verbs.POOL_SHARE, amount=amount), workspace_id=workspace_id)


def book_pool_shares(shares: sa.Select[str, int, int, str]) -> None:
    """Credit many workspaces at once: ``shares`` has columns cause_id, workspace_id, amount (positive) and currency.

    Raises IntegrityError if one of them was booked before.
    """
    (line,) = verbs.POOL_SHARE
    share = shares.subquery()
    columns = {
        "at": sa.literal(clock.now(), Posting.at.type), "cause_kind": sa.literal("pool"), "cause_id": share.c.cause_id,
        "kind": sa.literal(line.kind), "debit": sa.literal(line.debit), "credit": sa.literal(line.credit),
        "amount": share.c.amount, "currency": share.c.currency, "workspace_id": share.c.workspace_id,
        "note": sa.literal(""),
    }  # fmt: skip
    db.session.execute(insert_into(Posting).from_select(list(columns), sa.select(*columns.values())))


def book_pool_share_returned(cause_id: str, *, workspace_id: int, amount: Money) -> bool:
    """A payment went back that credited a workspace. What it has may become less than nothing."""
    return post("pool", cause_id, entries_of(verbs.POOL_SHARE_RETURNED, amount=amount), workspace_id=workspace_id)


def book_pool_rest(cause_id: str, *, amount: Money) -> bool:
    """The shop keeps what is left of a payment for All-Access."""
    return post("pool", cause_id, entries_of(verbs.POOL_REST, amount=amount))


def book_pool_rest_returned(cause_id: str, *, amount: Money) -> bool:
    """A payment went back of which the shop kept something."""
    return post("pool", cause_id, entries_of(verbs.POOL_REST_RETURNED, amount=amount))


def book_adjustment(adjustment_id: str, *, workspace_id: int, amount: Money, reason: str, by: Person) -> bool:
    """An operator gives to a creator, or takes if ``amount`` is negative. The reason is kept with the posting.

    Raises ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("an adjustment needs a reason")
    is_given = amount.amount > 0
    table = verbs.ADJUSTMENT_GIVEN if is_given else verbs.ADJUSTMENT_TAKEN
    entries = entries_of(table, amount=Money(abs(amount.amount), amount.currency))
    if not post("adjustment", adjustment_id, entries, workspace_id=workspace_id, note=reason):
        return False
    query = sa.select(Posting).where(Posting.cause_kind == "adjustment", Posting.cause_id == adjustment_id)
    record("balance.adjusted", db.session.scalars(query).one(), by=by, workspace_id=workspace_id, amount=amount.amount)
    return True


def book_bank_payout(movement_id: str, amount: Money, *, reference: str) -> bool:
    """Stripe sent money of the shop's own to its bank account; less than nothing came back from there."""
    table = verbs.TO_BANK if amount.amount > 0 else verbs.FROM_BANK
    entries = entries_of(table, amount=Money(abs(amount.amount), amount.currency))
    return post("bank", movement_id, entries, reference=reference)
