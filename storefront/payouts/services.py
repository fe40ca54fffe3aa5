"""Accounts at Stripe: written down before Stripe is asked, and kept as Stripe tells."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from storefront.accounts.models import Person, Workspace
from storefront.accounts.plans import PLATFORM_MONETIZE, require
from storefront.accounts.queries import owner_of
from storefront.config import current as settings
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict, Forbidden, Refusal
from storefront.kit.ids import public_id
from storefront.kit.inserts import insert_if_new
from storefront.payments.gateway.accounts import Account
from storefront.payouts import letters
from storefront.payouts.models import SETTLEMENTS, ConnectAccount
from storefront.payouts.queries import may_set_up

KEYS_LIVE = timedelta(hours=20)  # Stripe may forget an idempotency key after 24 hours


class CountryNotPaid(Refusal):
    """Stripe can't send money there from this shop's country."""

    status = 422
    title = "Payouts don't reach this country."

    def __init__(self, country: str) -> None:
        super().__init__(
            f"Stripe can't send money from this shop to {country}. Nothing was set up. What you earn is kept for you; "
            "ask the shop to pay you another way."
        )


class NoChoice(Forbidden):
    title = "The shop decides this."
    message = "Where the money of a sale goes is the same for everybody here."


class NotYet(Conflict):
    title = "Stripe does not let this account take payments yet."
    message = "Finish setting up payouts first. Until then the shop holds your share of each sale."


def refuse_unless_may_set_up(workspace: Workspace, country: str, *, by: Person) -> None:
    """Raises PlanNeeded if the plan doesn't sell and nothing is owed, CountryNotPaid for a country out of reach."""
    if not may_set_up(workspace):
        require(owner_of(workspace.id), PLATFORM_MONETIZE, by=by)
    if country not in settings().payout_country_codes:
        raise CountryNotPaid(country)


def open_account(workspace: Workspace, country: str, *, by: Person) -> ConnectAccount:
    """The one account of a workspace, locked: written now if there is none, however many ask at once.

    While Stripe has not made it, another country may still be chosen.
    """
    now = clock.now()
    opened = insert_if_new(
        ConnectAccount,
        public_id=public_id("con"),
        workspace_id=workspace.id,
        country=country,
        attempt=1,
        asked_at=now,
        opened_at=now,
        charges_enabled=False,
        payouts_enabled=False,
        takes_transfers=False,
        details_submitted=False,
        disabled_reason="",
        wanted={},
        ended_because="",
    )
    account = _locked(ConnectAccount.workspace_id == workspace.id, ConnectAccount.ended_at.is_(None))
    if account is None:
        raise Conflict
    if opened:
        record("connect.opened", account, by=by, workspace_id=workspace.id)
    elif account.stripe_account is None and account.country != country:
        account.country = country
        next_attempt(account)
    return account


def next_attempt(account: ConnectAccount) -> None:
    """Let Stripe be asked with a new key: it would say again what it answered to the used one."""
    account.attempt += 1
    account.asked_at = clock.now()


def may_exist(account: ConnectAccount) -> bool:
    """Whether Stripe may have made the account without our knowing, and not tell by the key that is used next."""
    return account.attempt > 1 or account.asked_at < clock.now() - KEYS_LIVE


def attach(account_id: int, told: Account, *, as_of: datetime) -> ConnectAccount:
    """Remember the account that Stripe made. Whoever asked with the same key got the same one."""
    account = lock_account(account_id)
    if account.stripe_account in (None, told.id):
        account.tell(told, as_of=as_of)
    return account


def take_over(account_id: int, told: Account, *, as_of: datetime) -> ConnectAccount:
    """Note how an account stands, unless that is older than what is known; tell what changed."""
    account = lock_account(account_id)
    before = account.state
    if account.ended_at is None:
        account.tell(told, as_of=as_of)
    if account.state != before and account.state == "ready":
        record("connect.ready", account, workspace_id=account.workspace_id)
    elif account.state != before and before == "ready":
        record("connect.restricted", account, workspace_id=account.workspace_id)
        letters.send_account(account, "restricted", "Stripe needs something before you can be paid")
    return account


def disconnect(account_id: int) -> ConnectAccount:
    """Stripe says that the account is not this shop's any more. Hearing so again changes nothing."""
    account = lock_account(account_id)
    if account.ended_at is None:
        account.end("disconnected", at=clock.now())
        record("connect.disconnected", account, workspace_id=account.workspace_id)
        letters.send_account(account, "disconnected", "Your Stripe account is disconnected")
    return account


def start_over(account: ConnectAccount, *, by: Person) -> None:
    """Give up an account that was not filled in, so that another can be made, in another country.

    Raises Conflict for one that was: its holder has told Stripe who they are.
    """
    account = lock_account(account.id)
    if account.details_submitted or account.ended_at is not None:
        raise Conflict
    account.end("given_up", at=clock.now())
    record("connect.disconnected", account, by=by, workspace_id=account.workspace_id)


def choose_settlement(account: ConnectAccount, settlement: str, *, by: Person) -> None:
    """Where the money of sales to come goes. Raises NoChoice where the shop decides, NotYet for ``destination`` before
    Stripe lets the account take payments."""
    if not settings().settlement_choice or settlement not in SETTLEMENTS:
        raise NoChoice
    account = lock_account(account.id)
    if settlement == "destination" and not account.can_settle_at_once:
        raise NotYet
    if account.settlement != settlement:
        account.settlement = settlement
        record("settlement.chosen", account, by=by, workspace_id=account.workspace_id, settlement=settlement)


def lock_account(account_id: int) -> ConnectAccount:
    """The row as it is now, for whoever changes it."""
    account = _locked(ConnectAccount.id == account_id)
    assert account is not None
    return account


def _locked(*which: sa.ColumnElement[bool]) -> ConnectAccount | None:
    query = sa.select(ConnectAccount).where(*which).with_for_update()
    return db.session.scalar(query, execution_options={"populate_existing": True})
