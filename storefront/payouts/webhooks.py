"""Stripe's events about connected accounts. None is believed: each has the account looked at, after its transaction."""

from __future__ import annotations

import sqlalchemy as sa

from storefront.kit.db import db
from storefront.kit.jobs import announce
from storefront.payments.models import StripeEvent
from storefront.payments.webhooks import Parked
from storefront.payouts.models import ConnectAccount


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
