"""Postings, what they were earned by, and what seals them. Triggers keep what was written."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storefront.kit.db import Model, one_of
from storefront.kit.triggers import append_only, attach
from storefront.ledger.chart import KINDS, OF_WORKSPACE

WAITING = sa.text("matured_at IS NULL")
_OWNED = ", ".join(f"'{kind}'" for kind in OF_WORKSPACE)


class Earning(Model):
    """What a workspace earned its share by: a sale, under the public id of its order.

    Until it is matured the share is held, afterwards payable; who moves the share locks this row first.
    """

    __tablename__ = "earnings"
    __table_args__ = (
        sa.Index("ix_earnings_waiting", "matures_at", postgresql_where=WAITING, sqlite_where=WAITING),
        sa.Index("ix_earnings_workspace", "workspace_id", "matures_at"),
    )

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    matures_at: Mapped[datetime]
    matured_at: Mapped[datetime | None]


class Posting(Model):
    """A positive amount, in minor units of one currency, from the account credited to the account debited.

    So books of postings balance by construction. A cause has one posting of a kind. ``workspace_id`` is whose books it
    concerns, ``earning_id`` the sale it goes back to, ``reference`` Stripe's id of what moved the money.
    """

    __tablename__ = "postings"
    __table_args__ = (
        sa.UniqueConstraint("cause_kind", "cause_id", "kind"),
        one_of("debit", KINDS),
        one_of("credit", KINDS),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("debit <> credit", name="accounts_differ"),
        sa.CheckConstraint("length(currency) = 3 AND currency = upper(currency)", name="currency_code"),
        sa.CheckConstraint(
            f"workspace_id IS NOT NULL OR (debit NOT IN ({_OWNED}) AND credit NOT IN ({_OWNED}))", name="owner_named"
        ),
        sa.Index("ix_postings_workspace", "workspace_id", "at"),
        sa.Index("ix_postings_earning", "earning_id"),
        sa.Index("ix_postings_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    cause_kind: Mapped[str] = mapped_column(sa.String(20))
    cause_id: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(30))
    debit: Mapped[str] = mapped_column(sa.String(20))
    credit: Mapped[str] = mapped_column(sa.String(20))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    workspace_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workspaces.id"))
    earning_id: Mapped[str | None] = mapped_column(sa.ForeignKey("earnings.id"))
    reference: Mapped[str | None] = mapped_column(sa.String(80))
    note: Mapped[str] = mapped_column(sa.Text, default="")


class UnsealedPosting(Model):
    """A posting that no seal covers yet. A trigger puts it here, so whoever writes postings waits for nobody."""

    __tablename__ = "unsealed_postings"

    posting_id: Mapped[int] = mapped_column(sa.ForeignKey("postings.id"), primary_key=True, autoincrement=False)


class Seal(Model):
    """A batch of postings that nobody may touch any more. ``hash`` covers them and the seal before.

    ``posting_ids`` names them as ``1-60,63``; ``signature`` is the shop's, by the key ``key_id``.
    """

    __tablename__ = "seals"
    __table_args__ = (sa.CheckConstraint("number > 0 AND postings > 0", name="counts_positive"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime]
    postings: Mapped[int]
    posting_ids: Mapped[str] = mapped_column(sa.Text)
    previous: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    key_id: Mapped[str] = mapped_column(sa.String(16))
    signature: Mapped[str] = mapped_column(sa.String(88))


class SealedPosting(Model):
    """Which seal covers a posting, with the digest of what the posting said."""

    __tablename__ = "sealed_postings"
    __table_args__ = (sa.Index("ix_sealed_postings_seal", "seal_number", "posting_id"),)

    posting_id: Mapped[int] = mapped_column(sa.ForeignKey("postings.id"), primary_key=True, autoincrement=False)
    seal_number: Mapped[int] = mapped_column(sa.ForeignKey("seals.number"))
    digest: Mapped[str] = mapped_column(sa.String(64))


class Rollup(Model):
    """The sum of all sealed postings between two accounts of a workspace; ``workspace_id`` 0 is the shop alone."""

    __tablename__ = "rollups"

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    debit: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    credit: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    amount: Mapped[int]
    postings: Mapped[int]


class LedgerCheck(Model):
    """What a check of the books found, or a comparison with Stripe's."""

    __tablename__ = "ledger_checks"
    __table_args__ = (one_of("of", ("books", "stripe")), sa.Index("ix_ledger_checks_of", "of", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    of: Mapped[str] = mapped_column(sa.String(10))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    looked_at: Mapped[int]
    findings: Mapped[list[str]]


def queue_ddl() -> dict[str, list[str]]:
    """Statements by dialect that put every new posting among the unsealed ones."""
    return {
        "sqlite": [
            "CREATE TRIGGER postings_unsealed AFTER INSERT ON postings "
            "BEGIN INSERT INTO unsealed_postings (posting_id) VALUES (NEW.id); END"
        ],
        "postgresql": [
            "CREATE FUNCTION postings_unsealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "INSERT INTO unsealed_postings (posting_id) SELECT id FROM made; RETURN NULL; END $$",
            "CREATE TRIGGER postings_unsealed AFTER INSERT ON postings REFERENCING NEW TABLE AS made "
            "FOR EACH STATEMENT EXECUTE FUNCTION postings_unsealed()",
        ],
    }


for table in (Posting.__table__, Seal.__table__, SealedPosting.__table__):
    append_only(table)
attach(UnsealedPosting.__table__, queue_ddl())
