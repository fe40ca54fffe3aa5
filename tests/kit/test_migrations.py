"""The schema's history: up and down on both engines, and the same as the models declare."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from storefront.kit import migrations
from storefront.kit.db import engine_options


@pytest.fixture
def empty(make_database: Callable[..., str], engine: str) -> Iterator[sa.Engine]:
    """A database nobody migrated yet."""
    options = engine_options(make_database(engine, f"history_{id(object())}"))
    made = sa.create_engine(options.pop("url"))
    yield made
    made.dispose()


def schema(engine: sa.Engine) -> dict[str, object]:
    """Everything that makes a schema, by name, as the database itself tells it."""
    if engine.dialect.name == "sqlite":
        return {row.name: _plain(row.sql) for row in _rows(engine, "SELECT name, sql FROM sqlite_master")}
    columns = """
        SELECT attrelid::regclass || '.' || attname AS name, format_type(atttypid, atttypmod) || ' ' || attnotnull
          || ' ' || attgenerated::text || ' ' || coalesce(pg_get_expr(adbin, adrelid), '') AS sql
        FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid AND relnamespace = 'public'::regnamespace AND relkind = 'r'
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attnum > 0 AND NOT attisdropped"""
    indexes = "SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = 'public'"
    checks = """
        SELECT conrelid::regclass || '.' || conname AS name, pg_get_constraintdef(oid) AS sql
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace"""
    triggers = "SELECT tgname AS name, pg_get_triggerdef(oid) AS sql FROM pg_trigger WHERE NOT tgisinternal"
    functions = """
        SELECT proname || '()' AS name, pg_get_functiondef(oid) AS sql
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace"""
    found = [row for query in (columns, indexes, checks, triggers, functions) for row in _rows(engine, query)]
    return {row.name: _plain(row.sql) for row in found}


def _rows(engine: sa.Engine, query: str) -> list[sa.Row[tuple[str, str]]]:
    with engine.connect() as connection:
        return [row for row in connection.execute(sa.text(query)) if "alembic" not in row.name]


def _plain(sql: str | None) -> object:
    """The text without layout; a table's columns and constraints sorted, for their order means nothing."""
    text = " ".join((sql or "").replace('"', "").split())
    if not text.startswith("CREATE TABLE"):
        return text
    body = text[text.index("(") + 1 : text.rindex(")")]
    # A column that was added later carries its check with it, which is the same as one of the table.
    body = re.sub(r",? CONSTRAINT ", ", CONSTRAINT ", body)
    return sorted(part.strip() for part in body.split(","))


def test_up_down_and_up_again_is_the_same_schema(empty: sa.Engine) -> None:
    migrations.upgrade(empty)
    once = schema(empty)

    migrations.downgrade(empty, "base")
    assert schema(empty) == {}
    migrations.upgrade(empty)

    assert schema(empty) == once
    assert len(once) > 30


def test_migrations_make_what_the_models_declare(
    empty: sa.Engine, make_database: Callable[..., str], engine: str
) -> None:
    migrations.upgrade(empty)
    declared = sa.create_engine(engine_options(make_database(engine, f"declared_{id(empty)}")).pop("url"))
    migrations.metadata().create_all(declared)

    made, wanted = schema(empty), schema(declared)
    declared.dispose()

    assert set(made) == set(wanted)
    assert {name: sql for name, sql in made.items() if sql != wanted[name]} == {}
