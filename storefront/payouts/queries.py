"""Reading accounts at Stripe. Pages name their reader; how a sale is settled is asked for a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from storefront.accounts.models import Person, Workspace
from storefront.accounts.plans import PLATFORM_MONETIZE, may
from storefront.accounts.queries import owner_of, workspace_for, workspaces_of
from storefront.config import current as settings
from storefront.kit import clock
from storefront.kit.db import db
from storefront.ledger.queries import Balance, balance_of
from storefront.payouts.models import ConnectAccount, Settlement

UNSETTLED = timedelta(hours=1)  # how often an account that isn't ready is looked at, if no event comes
SETTLED = timedelta(days=1)
AT_A_TIME = 50


HELD = Settlement("held")


@dataclass(frozen=True)
class Standing:
    """A workspace with its account, if it has one, and the one it had before."""

    workspace: Workspace
    account: ConnectAccount | None
    before: ConnectAccount | None


def standing_for(person: Person, handle: str) -> Standing:
    """Payouts of the workspace under ``handle``, for its owner. Raises NotFound or, for members, OwnersOnly."""
    workspace = workspace_for(person, handle, to="own")
    return standing_of([workspace])[0]


def standings_for(person: Person) -> list[Standing]:
    """Payouts of every workspace that ``person`` owns."""
    return standing_of(workspaces_of(person, "own"))


def standing_of(workspaces: Sequence[Workspace]) -> list[Standing]:
    """The accounts of workspaces, in one statement."""
    query = sa.select(ConnectAccount).where(ConnectAccount.workspace_id.in_([each.id for each in workspaces]))
    live: dict[int, ConnectAccount] = {}
    ended: dict[int, ConnectAccount] = {}
    for account in db.session.scalars(query.order_by(ConnectAccount.id)):
        (live if account.ended_at is None else ended)[account.workspace_id] = account
    return [Standing(each, live.get(each.id), ended.get(each.id)) for each in workspaces]


def live_account(workspace_id: int) -> ConnectAccount | None:
    """The account that a workspace is paid on."""
    query = sa.select(ConnectAccount).where(
        ConnectAccount.workspace_id == workspace_id, ConnectAccount.ended_at.is_(None)
    )
    return db.session.scalar(query)


def live_accounts(workspace_ids: Sequence[int] | None = None) -> dict[int, ConnectAccount]:
    """The accounts that workspaces are paid on, by workspace: of all of them if none is named."""
    query = sa.select(ConnectAccount).where(ConnectAccount.ended_at.is_(None))
    if workspace_ids is not None:
        query = query.where(ConnectAccount.workspace_id.in_(workspace_ids))
    found = db.session.scalars(query, execution_options={"populate_existing": True})
    return {account.workspace_id: account for account in found}


def settlement_of(workspace_id: int) -> Settlement:
    """How a sale of a workspace that is made now is settled: its owner's choice where the shop lets them, else the
    shop's. At once only to an account that Stripe lets take payments."""
    if settings().settlement == "held" and not settings().settlement_choice:
        return HELD
    account = live_account(workspace_id)
    if account is None or not account.can_settle_at_once or chosen(account) == "held":
        return HELD
    return Settlement("destination", account.stripe_account)


def chosen(account: ConnectAccount) -> str:
    """Where its owner, or else the shop, wants the money of sales."""
    own = account.settlement if settings().settlement_choice else None
    return own or settings().settlement


def balances(workspace: Workspace) -> list[Balance]:
    """What stands to a workspace, by currency."""
    return list(balance_of(workspace.id).values())


def may_set_up(workspace: Workspace) -> bool:
    """Whether the owner's plan sells, or there is money to be paid: that may always be fetched."""
    return may(owner_of(workspace.id), PLATFORM_MONETIZE) or is_owed(workspace)


def is_owed(workspace: Workspace) -> bool:
    """Whether anything stands to a workspace."""
    return any(each.held + each.payable + each.reserved + each.in_transit > 0 for each in balances(workspace))


def accounts_to_check() -> Sequence[int]:
    """Row ids of accounts that nobody heard of for too long, the longest unheard first."""
    now = clock.now()
    is_settled = sa.and_(
        ConnectAccount.payouts_enabled, ConnectAccount.takes_transfers, ConnectAccount.deadline.is_(None)
    )
    query = sa.select(ConnectAccount.id).where(
        ConnectAccount.ended_at.is_(None),
        ConnectAccount.stripe_account.is_not(None),
        sa.or_(
            ConnectAccount.checked_at < now - SETTLED,
            sa.and_(ConnectAccount.checked_at < now - UNSETTLED, sa.not_(is_settled)),
        ),
    )
    return db.session.scalars(query.order_by(ConnectAccount.checked_at, ConnectAccount.id).limit(AT_A_TIME)).all()
