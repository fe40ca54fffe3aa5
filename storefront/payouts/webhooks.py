"""Stripe's events about connected accounts and transfers to them.

What is said of an account is not believed: it is looked at, after the event's transaction.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from storefront.kit.db import db
from storefront.kit.inserts import insert_if_new
from storefront.kit.jobs import announce
from storefront.payments.gateway.transfers import Transfer
from storefront.payments.models import StripeEvent
from storefront.payments.webhooks import Parked
from storefront.payouts import following
from storefront.payouts.models import ConnectAccount
from storefront.payouts.payout import BANK_STATES, BankPayout, Payout


def account_changed(event: StripeEvent) -> None:
    """``account.updated``, ``account.application.deauthorized`` and whatever else may change how an account stands."""
    if _is_ours(event):
        announce("payouts.look", stripe_account=event.account)


def _is_ours(event: StripeEvent) -> bool:
    """Whether a workspace has the account. One that Stripe is making just now is told of by the answer to that call.

    Raises Parked for an account that this shop never asked for.
    """
    known = sa.select(ConnectAccount.id).where(ConnectAccount.stripe_account == event.account)
    if db.session.scalar(known) is not None:
        return True
    reference = event.subject.get("metadata", {}).get("connect_account", "")
    if db.session.scalar(sa.select(ConnectAccount.id).where(ConnectAccount.public_id == reference)) is None:
        raise Parked("It is about an account at Stripe that no workspace of this shop has.")
    return False


def bank_paid(event: StripeEvent) -> None:
    """``payout.*`` of a creator's account: kept to be shown. What was told later may come earlier.

    Source: https://docs.stripe.com/payouts#payout-statuses
    """
    said = event.subject
    if not _is_ours(event):
        return
    values = {
        "state": said["status"],
        "failure": said.get("failure_message") or "",
        "arrives_at": datetime.fromtimestamp(said["arrival_date"], UTC),
    }
    fixed = {"stripe_account": event.account, "amount": said["amount"], "currency": said["currency"].upper()}
    if insert_if_new(BankPayout, stripe_id=said["id"], **fixed, **values):
        return
    earlier = BANK_STATES[: BANK_STATES.index(said["status"])]
    forward = sa.update(BankPayout).where(BankPayout.stripe_id == said["id"], BankPayout.state.in_(earlier))
    db.session.execute(forward.values(**values))


def transfer_reversed(event: StripeEvent) -> None:
    """``transfer.reversed``. Transfers of other kinds, such as those of sales, are booked with what reversed them."""
    try:
        said = Transfer.from_dict(event.subject)
    except (KeyError, TypeError, AttributeError) as error:
        raise Parked(f"It is not a transfer as we know them: {error!r}.") from error
    mine = sa.or_(Payout.transfer_id == said.id, Payout.public_id == said.metadata.get("payout", ""))
    payout_id = db.session.scalar(sa.select(Payout.id).where(mine))
    if payout_id is not None:
        following.follow(payout_id, said)
