"""Stamps: what tells a page kept from before that something it shows was written since.

Triggers renew the stamp of a table within the transaction that writes to it. So whoever reads an old stamp reads old
rows too, in every process, however the rows were written.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storefront.kit.db import Model
from storefront.kit.triggers import attach


class PageStamp(Model):
    """A number that no two transactions share, from the last one that wrote to a table; no row before the first."""

    __tablename__ = "page_stamps"

    subject: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    stamp: Mapped[int]


STAMPS = "SELECT stamp FROM page_stamps ORDER BY subject"
RENEWED = "ON CONFLICT (subject) DO UPDATE SET stamp = excluded.stamp"


def renewal_ddl(table: str) -> dict[str, list[str]]:
    """Statements by dialect that renew the stamp of ``table`` with every write to it.

    PostgreSQL renews it as the transaction commits, because from then on others who write there wait for it.
    """
    sqlite = [
        f"CREATE TRIGGER {table}_stamp_{verb.lower()} AFTER {verb} ON {table} "
        f"BEGIN INSERT INTO page_stamps (subject, stamp) VALUES ('{table}', random()) {RENEWED}; END"
        for verb in ("INSERT", "UPDATE", "DELETE")
    ]
    postgresql = [
        f"CREATE FUNCTION {table}_stamp() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN INSERT INTO page_stamps (subject, stamp) VALUES ('{table}', pg_current_xact_id()::text::bigint) "
        f"{RENEWED} WHERE page_stamps.stamp <> excluded.stamp; RETURN NULL; END $$",
        f"CREATE CONSTRAINT TRIGGER {table}_stamp AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {table}_stamp()",
    ]
    return {"sqlite": sqlite, "postgresql": postgresql}


def shown_to_strangers(table: sa.FromClause) -> None:
    """Declare that pages of strangers show rows of ``table``: a write to it outruns every page kept from before."""
    attach(table, renewal_ddl(table.name))  # type: ignore[attr-defined]
