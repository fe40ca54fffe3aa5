"""A workspace's account at Stripe, as Stripe last told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import Workspace
from storefront.kit.db import Model
from storefront.payments.gateway.accounts import Account
from storefront.payouts.payout import BankPayout, Payout

__all__ = [
    "BankPayout",
    "ConnectAccount",
    "Payout",
    "Settlement",
]  # the slice's tables, for whoever looks for them here

SETTLEMENTS = ("held", "destination")
LIVE_SQL = sa.text("ended_at IS NULL")
State = Literal["asked", "started", "wanted", "checking", "rejected", "ready"]


@dataclass(frozen=True)
class Settlement:
    """Where the money of a sale goes: ``held`` by the shop, or at once to ``destination``, an account at Stripe."""

    kind: str
    destination: str | None = None


class ConnectAccount(Model):
    """An account at Stripe, written before Stripe is asked for it. A workspace has one; those that ended stay.

    ``attempt`` and ``asked_at`` belong to the call that makes it: Stripe forgets an idempotency key after a day, so an
    older one is looked up by ``public_id`` first. What follows is Stripe's word as of ``checked_at``: ``wanted`` is
    ``{"names": [...], "reasons": {name: sentence}, "checking": [...]}``. ``settlement`` is its owner's choice, None for
    the shop's.
    """

    __tablename__ = "connect_accounts"
    __table_args__ = (
        sa.CheckConstraint("settlement IN ('held', 'destination')", name="settlement_known"),
        sa.CheckConstraint("length(country) = 2", name="country_code"),
        sa.CheckConstraint(
            "stripe_account IS NOT NULL OR NOT (charges_enabled OR payouts_enabled OR takes_transfers)",
            name="enabled_has_account",
        ),
        sa.Index(
            "uq_connect_accounts_live", "workspace_id", unique=True,
            postgresql_where=LIVE_SQL, sqlite_where=LIVE_SQL,
        ),
        sa.Index("ix_connect_accounts_workspace", "workspace_id", "id"),
        sa.Index("ix_connect_accounts_checked", "checked_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    country: Mapped[str] = mapped_column(sa.String(2))
    attempt: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    stripe_account: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    charges_enabled: Mapped[bool] = mapped_column(default=False)
    payouts_enabled: Mapped[bool] = mapped_column(default=False)
    takes_transfers: Mapped[bool] = mapped_column(default=False)
    details_submitted: Mapped[bool] = mapped_column(default=False)
    disabled_reason: Mapped[str] = mapped_column(sa.String(80), default="")
    wanted: Mapped[dict[str, Any]] = mapped_column(default=dict)
    deadline: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    settlement: Mapped[str | None] = mapped_column(sa.String(12))
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(sa.String(20), default="")

    workspace: Mapped[Workspace] = relationship(lazy="raise")

    @property
    def state(self) -> State:
        """In a word: ``asked`` of Stripe, ``started`` by its owner, something ``wanted``, Stripe ``checking``,
        ``rejected``, or ``ready`` to be paid."""
        if self.stripe_account is None:
            return "asked"
        if self.disabled_reason.startswith("rejected"):
            return "rejected"
        if not self.details_submitted:
            return "started"
        if self.wanted_names:
            return "wanted"
        return "ready" if self.payouts_enabled and self.takes_transfers else "checking"

    @property
    def can_be_paid(self) -> bool:
        """Whether a transfer to it would be taken, as far as is known."""
        return self.ended_at is None and self.stripe_account is not None and self.takes_transfers

    @property
    def can_settle_at_once(self) -> bool:
        """Whether sales may go straight to it: https://docs.stripe.com/connect/destination-charges."""
        return self.can_be_paid and self.charges_enabled

    @property
    def wanted_names(self) -> list[str]:
        """What Stripe wants, by its names."""
        found: list[str] = self.wanted.get("names", [])
        return found

    def tell(self, account: Account, *, as_of: datetime) -> None:
        """Take over what Stripe says. ``as_of`` is when it was asked; an older answer changes nothing."""
        if self.checked_at is not None and as_of < self.checked_at:
            return
        self.stripe_account, self.country = account.id, account.country or self.country
        self.charges_enabled, self.payouts_enabled = account.charges_enabled, account.payouts_enabled
        self.takes_transfers, self.details_submitted = account.takes_transfers, account.details_submitted
        self.disabled_reason, self.deadline = account.disabled_reason, account.deadline
        self.wanted = {
            "names": list(account.wanted),
            "reasons": dict(account.reasons),
            "checking": list(account.checking),
        }
        self.checked_at = as_of

    def end(self, because: str, *, at: datetime) -> None:
        """It is not this shop's any more. The workspace may have another."""
        self.ended_at, self.ended_because = at, because
        self.charges_enabled = self.payouts_enabled = self.takes_transfers = False
