"""Triggers that keep a table as it was written, on both engines."""

from __future__ import annotations

import sqlalchemy as sa


def append_only_ddl(table: str) -> dict[str, list[str]]:
    """Statements by dialect that refuse every UPDATE and DELETE of ``table``."""
    sqlite = [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ]
    postgresql = [
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
    ]
    return {"sqlite": sqlite, "postgresql": postgresql}


def append_only(table: sa.FromClause) -> None:
    """Declare that rows of ``table`` never change and never go."""
    attach(table, append_only_ddl(table.name))  # type: ignore[attr-defined]


def attach(table: sa.FromClause, statements: dict[str, list[str]]) -> None:
    """Run ``statements`` (by dialect) after ``table`` is made; what models declare, migrations repeat."""
    for dialect, texts in statements.items():
        for text in texts:
            ddl = sa.DDL(text.replace("%", "%%")).execute_if(dialect=dialect)
            sa.event.listen(table, "after_create", ddl)
