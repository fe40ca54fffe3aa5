"""Reading payouts: a workspace's own, and everybody's for operators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for

from storefront.accounts.models import Workspace
from storefront.kit import clock
from storefront.kit.concerns import MOST_COUNTED, Concern
from storefront.kit.db import db
from storefront.kit.paging import Page, decode, encode
from storefront.payouts.models import ConnectAccount
from storefront.payouts.payout import STATES, UNDER_WAY, BankPayout, Payout

PAGE = 25


def latest_of(workspace: Workspace) -> Sequence[Payout]:
    """The latest payouts of a workspace that its reader owns, the newest first."""
    query = sa.select(Payout).where(Payout.workspace_id == workspace.id).order_by(Payout.id.desc()).limit(PAGE)
    return db.session.scalars(query).all()


def bank_payouts_of(workspace: Workspace) -> Sequence[BankPayout]:
    """What Stripe lately sent to the bank from the accounts of a workspace that its reader owns, the newest first."""
    accounts = sa.select(ConnectAccount.stripe_account).where(ConnectAccount.workspace_id == workspace.id)
    query = sa.select(BankPayout).where(BankPayout.stripe_account.in_(accounts))
    return db.session.scalars(query.order_by(BankPayout.arrives_at.desc(), BankPayout.id.desc()).limit(PAGE)).all()


def payouts_page(after: str | None = None, *, state: str | None = None) -> Page[Any]:
    """A page of everybody's payouts, the newest first, for operators. Raises BadRequest for a cursor not ours."""
    query = sa.select(Payout, Workspace.handle).join(Workspace, Workspace.id == Payout.workspace_id)
    if state:
        query = query.where(Payout.state == state)
    if after:
        query = query.where(Payout.id < decode(after, int)[0])
    rows = db.session.execute(query.order_by(Payout.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], encode(rows[PAGE - 1][0].id) if len(rows) > PAGE else None)


def workspace_named(handle: str) -> Workspace | None:
    """Any workspace by its handle, with or without @, for operators."""
    return db.session.scalar(sa.select(Workspace).where(Workspace.handle == handle.removeprefix("@").lower()))


def known_state(state: str | None) -> str | None:
    """The state that an address asks for; None, which is all of them, for any other word."""
    return state if state in STATES else None


def handles(workspace_ids: Sequence[int]) -> dict[int, str]:
    """The handles of workspaces, for operators."""
    query = sa.select(Workspace.id, Workspace.handle).where(Workspace.id.in_(workspace_ids))
    return {row.id: row.handle for row in db.session.execute(query)}


def due(*, limit: int = 100) -> Sequence[int]:
    """Row ids of payouts that nobody sent in time, the longest overdue first."""
    now = clock.now()
    free = sa.or_(Payout.claimed_until.is_(None), Payout.claimed_until < now)
    query = sa.select(Payout.id).where(Payout.state.in_(UNDER_WAY), Payout.due_at <= now, free)
    return db.session.scalars(query.order_by(Payout.due_at).limit(limit)).all()


def concerns() -> list[Concern]:
    """Payouts for which the shop has too little available at Stripe: one statement."""
    some = sa.select(Payout.id).where(Payout.state == "waiting").limit(MOST_COUNTED).subquery()
    waiting = db.session.scalars(sa.select(sa.func.count()).select_from(some)).one()
    url = url_for("payouts_admin.index", state="waiting")
    return [Concern("Payouts that wait", waiting, "too little is available at Stripe", url, is_trouble=waiting > 0)]
