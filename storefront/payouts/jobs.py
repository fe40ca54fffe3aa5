"""What keeps accounts as Stripe has them: a look at one that changed, and a sweep that needs no event."""

from __future__ import annotations

import logging

import sqlalchemy as sa

from storefront.kit.db import db
from storefront.kit.periodic import Tally
from storefront.payments.gateway import PaymentRefused, PaymentsDown
from storefront.payouts import connecting
from storefront.payouts.models import ConnectAccount
from storefront.payouts.queries import accounts_to_check

log = logging.getLogger(__name__)


def look(stripe_account: str) -> None:
    """Ask Stripe how an account stands; events may come in any order, so what they say is not believed."""
    account = db.session.scalar(sa.select(ConnectAccount).where(ConnectAccount.stripe_account == stripe_account))
    if account is not None and account.ended_at is None:
        connecting.look(account)


def sweep() -> list[Tally]:
    """Ask Stripe about accounts that nobody heard of for long, so that an event that never comes loses nothing."""
    due = accounts_to_check()
    looked = changed = 0
    for account_id in due:
        account = db.session.get_one(ConnectAccount, account_id, populate_existing=True)
        before = (account.state, account.ended_at)
        try:
            now = connecting.look(account)
        except PaymentsDown:
            break  # it would not answer about the others either
        except PaymentRefused:
            log.warning("account %s could not be looked at", account.stripe_account, exc_info=True)
            continue
        looked += 1
        changed += (now.state, now.ended_at) != before
    return [Tally("accounts at Stripe that changed unheard", changed, changed)]
