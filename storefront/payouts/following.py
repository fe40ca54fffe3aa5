"""What Stripe says of a payout, brought into the books. It only moves forward: sent, then back in parts or whole."""

from __future__ import annotations

import sqlalchemy as sa

from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.jobs import announce
from storefront.kit.money import Money
from storefront.ledger import services as ledger
from storefront.payments.gateway.transfers import CANNOT_RECEIVE, Transfer
from storefront.payouts import letters
from storefront.payouts.payout import Payout


def follow(payout_id: int, said: Transfer) -> None:
    """Stripe has this transfer. Hearing of it again, or of less than is known, changes nothing."""
    payout = _locked(payout_id)
    if payout.is_under_way:
        _sent(payout, said)
    if payout.transfer_id == said.id and said.reversed > payout.returned:
        _came_back(payout, said)


def refused(payout_id: int, why: str, code: str) -> None:
    """Stripe made no transfer: the money is payable as before, and why is kept."""
    payout = _locked(payout_id)
    if not payout.is_under_way:
        return
    payout.state, payout.failure, payout.ended_at = "refused", why, clock.now()
    payout.claimed_until = payout.due_at = None
    ledger.book_payout_refused(payout.public_id, workspace_id=payout.workspace_id, amount=payout.money)
    record("payout.refused", payout, workspace_id=payout.workspace_id, amount=payout.amount)
    if code in CANNOT_RECEIVE:  # the account is not as we know it
        announce("payouts.look", stripe_account=payout.destination)


def _sent(payout: Payout, said: Transfer) -> None:
    payout.state, payout.transfer_id, payout.sent_at = "sent", said.id, clock.now()
    payout.claimed_until = payout.due_at = None
    ledger.book_payout_sent(payout.public_id, workspace_id=payout.workspace_id, amount=payout.money, reference=said.id)
    record("payout.sent", payout, workspace_id=payout.workspace_id, amount=payout.amount)
    letters.send_sent(payout)


def _came_back(payout: Payout, said: Transfer) -> None:
    """Book what came back since, by how much it is in all: parts may be told of in any order."""
    more = Money(said.reversed - payout.returned, payout.currency)
    ledger.book_payout_reversed(
        f"{payout.public_id}-back-{said.reversed}", workspace_id=payout.workspace_id, amount=more, reference=said.id
    )
    payout.returned = said.reversed
    if said.is_reversed:
        payout.state, payout.ended_at = "reversed", clock.now()
    record("payout.reversed", payout, workspace_id=payout.workspace_id, amount=more.amount)


def _locked(payout_id: int) -> Payout:
    query = sa.select(Payout).where(Payout.id == payout_id).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()
