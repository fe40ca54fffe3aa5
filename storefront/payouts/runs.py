"""Deciding who is paid: a run of a month, or one workspace that asks. What is decided is written before it is sent.

Whoever decides locks the workspaces first and reads their balances then, so that of two at once the second finds the
money on its way. A run is written in batches, each whole by itself; begun again, it goes on with what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Person, Workspace
from storefront.config import current as settings
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.errors import Conflict
from storefront.kit.ids import public_id
from storefront.kit.inserts import insert_new
from storefront.kit.jobs import announce
from storefront.kit.money import Money
from storefront.ledger import services as ledger
from storefront.ledger.queries import Due, balance_of, balances_due
from storefront.payouts import letters
from storefront.payouts.models import ConnectAccount
from storefront.payouts.payout import BY_HAND, UNDER_WAY, WITHDRAWAL, Payout
from storefront.payouts.queries import live_accounts

AT_A_TIME = 100  # workspaces that are locked together
PATIENCE = timedelta(minutes=5)  # how long whoever is to send a payout may take before the sweep does


class NothingToPay(Conflict):
    title = "There is nothing to pay yet."
    message = "What you earned becomes payable when buyers can no longer ask for it back."


class BelowMinimum(Conflict):
    title = "That is too little to pay."

    def __init__(self, minimum: Money) -> None:
        super().__init__(f"Payouts begin at {minimum}. What is there is kept for you.")


class MoreThanPayable(Conflict):
    title = "That is more than is payable."

    def __init__(self, payable: Money) -> None:
        super().__init__(f"{payable} is payable now. What is held matures first.")


class CanNotBePaid(Conflict):
    title = "You can't be paid yet."
    message = "Your account at Stripe does not take money now. Finish setting up payouts first."


class PayoutUnderWay(Conflict):
    title = "A payout is under way."
    message = "Wait until it has arrived, then ask again."


@dataclass(frozen=True)
class Verdict:
    """What becomes of the money that is due to a workspace: it goes to ``destination``, or stays for a ``reason``."""

    workspace_id: int
    money: Money
    destination: str | None
    reason: str = ""


def month_of(moment: datetime) -> str:
    """The name of a run: "2026-11"."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def judge(due: Iterable[Due], accounts: dict[int, ConnectAccount]) -> list[Verdict]:
    """What becomes of each sum. The minimum itself is paid."""
    minimum = settings().payout_minimum

    def verdict(each: Due) -> Verdict:
        account = accounts.get(each.workspace_id)
        if each.payable.amount < minimum:
            return Verdict(each.workspace_id, each.payable, None, "below_minimum")
        if account is None or account.stripe_account is None:
            return Verdict(each.workspace_id, each.payable, None, "no_account")
        if not account.can_be_paid:
            return Verdict(each.workspace_id, each.payable, None, "restricted")
        return Verdict(each.workspace_id, each.payable, account.stripe_account)

    return [verdict(each) for each in due]


def preview(run: str, as_of: datetime) -> list[Verdict]:
    """What ``prepare`` would decide now. Writes nothing."""
    settled = sa.or_(sa.and_(Payout.run == run, Payout.state != "skipped"), Payout.state.in_(UNDER_WAY))
    rows = db.session.execute(sa.select(Payout.workspace_id, Payout.currency, Payout.state).where(settled)).all()
    paid = {(row.workspace_id, row.currency) for row in rows}
    busy = {row.workspace_id for row in rows if row.state in UNDER_WAY}
    due = [
        each
        for each in balances_due(as_of)
        if each.workspace_id not in busy and (each.workspace_id, each.payable.currency) not in paid
    ]
    return judge(due, live_accounts())


def prepare(run: str, as_of: datetime, *, by: Person | None = None) -> list[Payout]:
    """Write who is paid what was payable at ``as_of``, and who is not and why. Returns the new payouts.

    A workspace is paid once in a run, however often it is prepared; one that was skipped is looked at again.
    """
    found = sorted({each.workspace_id for each in balances_due(as_of)})
    made: list[Payout] = []
    for first in range(0, len(found), AT_A_TIME):
        with step():
            made += _write(run, as_of, found[first : first + AT_A_TIME], by)
    return made


def withdraw(workspace: Workspace, *, by: Person) -> Payout:
    """The owner of a workspace wants what is payable now. In the caller's transaction.

    Raises NothingToPay, BelowMinimum, CanNotBePaid or PayoutUnderWay.
    """
    lock_workspaces([workspace.id])
    under_way = sa.select(Payout.id).where(Payout.workspace_id == workspace.id, Payout.state.in_(UNDER_WAY))
    if db.session.scalar(under_way) is not None:
        raise PayoutUnderWay
    verdicts = judge(balances_due(clock.now(), among=[workspace.id]), live_accounts([workspace.id]))
    if not verdicts:
        raise NothingToPay
    wanted = next((each for each in verdicts if not each.reason), None)
    if wanted is None and all(each.reason == "below_minimum" for each in verdicts):
        raise BelowMinimum(Money(settings().payout_minimum, verdicts[0].money.currency))
    if wanted is None:
        raise CanNotBePaid
    made = _intend(WITHDRAWAL, [wanted], by)
    if not made:
        raise PayoutUnderWay
    return made[0]


def pay_by_hand(workspace: Workspace, amount: Money, reference: str, *, by: Person) -> Payout:
    """An operator paid a creator from the shop's own bank account: it is payable no more. In the caller's transaction.

    ``reference`` is how to find it in the bank's statement; the same twice is the same payout. Raises MoreThanPayable.
    """
    lock_workspaces([workspace.id])
    found = sa.select(Payout).where(
        Payout.run == BY_HAND, Payout.workspace_id == workspace.id, Payout.reference == reference
    )
    before = db.session.scalars(found).one_or_none()
    if before is not None:
        return before
    balances = balance_of(workspace.id)
    payable = balances[amount.currency].payable if amount.currency in balances else 0
    if amount.amount > payable:
        raise MoreThanPayable(Money(max(payable, 0), amount.currency))
    now = clock.now()
    payout = Payout(
        public_id=public_id("pyt"), workspace_id=workspace.id, run=BY_HAND, state="sent", amount=amount.amount,
        currency=amount.currency, reference=reference, intended_at=now, sent_at=now,
    )  # fmt: skip
    db.session.add(payout)
    db.session.flush()
    ledger.book_manual_payout(payout.public_id, workspace_id=workspace.id, amount=amount, note=reference)
    record("payout.by_hand", payout, by=by, workspace_id=workspace.id, amount=amount.amount)
    letters.send_by_hand(payout)
    return payout


def _write(run: str, as_of: datetime, workspace_ids: Sequence[int], by: Person | None) -> list[Payout]:
    """One batch of a run, in one transaction."""
    lock_workspaces(workspace_ids)
    verdicts = judge(balances_due(as_of, among=workspace_ids), live_accounts(workspace_ids))
    before = sa.delete(Payout).where(Payout.run == run, Payout.workspace_id.in_(workspace_ids))
    db.session.execute(before.where(Payout.state == "skipped"), execution_options={"synchronize_session": False})
    return _intend(run, verdicts, by)


def lock_workspaces(workspace_ids: Sequence[int]) -> None:
    """Have whoever else decides about these workspaces wait. Always in one order, so that nobody waits in a ring."""
    query = sa.select(Workspace.id).where(Workspace.id.in_(workspace_ids)).order_by(Workspace.id)
    db.session.execute(query.with_for_update(key_share=True)).all()


def _intend(run: str, verdicts: Sequence[Verdict], by: Person | None) -> list[Payout]:
    """Write the verdicts whose workspace has neither been paid in this run nor has a payout under way."""
    rows = [_row(run, each) for each in verdicts]
    written = insert_new(Payout, rows, Payout.public_id) if rows else set()
    query = sa.select(Payout).where(Payout.public_id.in_(written), Payout.state == "intended").order_by(Payout.id)
    made = list(db.session.scalars(query))
    for payout in made:
        ledger.book_payout_intent(payout.public_id, workspace_id=payout.workspace_id, amount=payout.money)
        record("payout.intended", payout, by=by, workspace_id=payout.workspace_id, amount=payout.amount)
        announce("payouts.send", payout_id=payout.id)
    return made


def _row(run: str, verdict: Verdict) -> dict[str, Any]:
    now = clock.now()
    return {
        "public_id": public_id("pyt"), "workspace_id": verdict.workspace_id, "run": run,
        "state": "skipped" if verdict.reason else "intended", "amount": verdict.money.amount, "returned": 0,
        "currency": verdict.money.currency, "reason": verdict.reason, "destination": verdict.destination,
        "attempt": 1, "failure": "", "intended_at": now, "due_at": None if verdict.reason else now + PATIENCE,
    }  # fmt: skip
