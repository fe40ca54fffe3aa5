"""Alembic's environment: migrations run on the connection that ``storefront.kit.migrations`` hands over."""

from typing import Any, Literal

from alembic import context

from storefront.kit.db import UtcDateTime
from storefront.kit.migrations import metadata

# Made by migrations but not by the models' tables: FTS5's tables and PostgreSQL's generated search column.
BY_HAND = ("listings_fts", "search_vector")


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind in ("table", "column", "index") and name is not None and any(part in name for part in BY_HAND))


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Migrations name plain column types, so that history does not depend on today's code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata(),
    render_as_batch=True,
    include_name=include_name,
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
