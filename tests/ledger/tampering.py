"""Somebody with the database's own password: writes past the triggers, as raw SQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from storefront.kit.db import db, settle_reads

GUARDED = "('postings', 'seals', 'sealed_postings')"
GUARDS = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN {GUARDED}"


def tamper(*statements: str) -> None:
    """Run ``statements`` with the triggers off; afterwards they are there again, as if nothing had been."""
    settle_reads()
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            for statement in ("SET LOCAL session_replication_role = replica", *statements):
                connection.exec_driver_sql(statement)
        return
    with closing(sqlite3.connect(db.engine.url.database or "", timeout=30)) as file, file:
        guards = file.execute(GUARDS).fetchall()
        for name, _sql in guards:
            file.execute(f"DROP TRIGGER {name}")
        for statement in (*statements, *(sql for _name, sql in guards)):
            file.execute(statement)
