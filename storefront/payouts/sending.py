"""Sending payouts as Stripe transfers, and coming back to those whose outcome was never heard."""

from __future__ import annotations

import logging
from datetime import timedelta

import sqlalchemy as sa

from storefront.config import current as settings
from storefront.kit import clock
from storefront.kit.db import db, outside, step
from storefront.kit.periodic import Tally
from storefront.payments.gateway import PaymentRefused, PaymentsBroken, PaymentsDown, transfers
from storefront.payouts import following, payout_queries, runs
from storefront.payouts.payout import UNDER_WAY, Payout

log = logging.getLogger(__name__)

HOLD = timedelta(minutes=5)  # longer than Stripe's library tries one call
BETWEEN = timedelta(hours=1)  # while the shop has too little available at Stripe


def send(payout_id: int) -> None:
    """Have Stripe make the transfer, once, however often this is called: what it made before is looked for first.

    Raises PaymentsDown; the job tries again then. What Stripe refuses is payable again.
    """
    with step():
        payout = _claim(payout_id)
    if payout is None:
        return
    try:
        made = _made(payout)
    except PaymentsDown as error:  # Stripe keeps a failure of its own under the key, so another try has another
        _let_go(payout, is_key_used=isinstance(error, PaymentsBroken))
        raise
    except PaymentRefused as refusal:
        if refusal.code == transfers.BALANCE_TOO_LOW:
            _let_go(payout, is_key_used=True, waits=True)
            return
        with step():
            following.refused(payout.id, refusal.reason or refusal.code or "Stripe refused it.", refusal.code)
        return
    with step():
        following.follow(payout.id, made)


def try_to_send(payout: Payout) -> None:
    """Send at once, as a person waits for it. If Stripe is away a job does it later."""
    try:
        send(payout.id)
    except PaymentsDown:
        log.warning("payout %s is sent later", payout.public_id)


def monthly() -> None:
    """This month's run, from its day on. Every day, so that a day on which the shop was down is made up for."""
    now = clock.now()
    day = now.replace(day=settings().payout_day, hour=0, minute=0, second=0, microsecond=0)
    if now >= day:
        runs.prepare(runs.month_of(now), day)


def sweep() -> list[Tally]:
    """Send what nobody sent: its worker died, Stripe was away, or too little was available."""
    due = payout_queries.due()
    mended = 0
    for payout_id in due:
        try:
            send(payout_id)
        except PaymentsDown:
            db.session.rollback()
            break
        mended += not db.session.get_one(Payout, payout_id, populate_existing=True).is_under_way
    return [Tally("payouts that nobody had sent", len(due), mended)]


def _claim(payout_id: int) -> Payout | None:
    """The payout, for whoever sends it now; None if it needs no sending, or somebody else is at it."""
    now = clock.now()
    free = sa.or_(Payout.claimed_until.is_(None), Payout.claimed_until < now)
    claim = (
        sa.update(Payout)
        .where(Payout.id == payout_id, Payout.state.in_(UNDER_WAY), free)
        .values(claimed_until=now + HOLD)
        .returning(Payout)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(claim).one_or_none()


def _let_go(payout: Payout, *, is_key_used: bool, waits: bool = False) -> None:
    """Leave it for a later try, unless whoever came after us has gone on already."""
    now = clock.now()
    values = {
        "claimed_until": None,
        "due_at": now + (BETWEEN if waits else runs.PATIENCE),
        "attempt": payout.attempt + is_key_used,
        **({"state": "waiting"} if waits else {}),
    }
    later = (
        sa.update(Payout)
        .where(Payout.id == payout.id, Payout.state.in_(UNDER_WAY), Payout.attempt == payout.attempt)
        .where(Payout.claimed_until == payout.claimed_until)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    with step():
        db.session.execute(later)


def _made(payout: Payout) -> transfers.Transfer:
    assert payout.destination is not None, "only a skipped payout goes nowhere"
    with outside():
        return transfers.find_transfer(payout.public_id) or transfers.send_transfer(
            amount=payout.amount,
            currency=payout.currency,
            destination=payout.destination,
            group=payout.public_id,
            metadata={"type": "payout", "payout": payout.public_id},
            key=f"{payout.public_id}-{payout.attempt}",
        )
