"""Inserts that meet a unique key instead of looking first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from storefront.kit.db import Model, db, dialect


def insert_into(model: type[Model]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT of this engine's own, which knows ON CONFLICT; both say it alike."""
    insert = postgresql.insert if dialect() == "postgresql" else sqlite.insert
    return insert(cast("sa.Table", model.__table__))


def insert_if_new(model: type[Model], **values: Any) -> bool:
    """Insert a row unless a unique key of it is taken. True if this call wrote it.

    Two at once: one writes, the other waits for it and returns False.
    """
    # Asked for by RETURNING, because a driver's row count of an INSERT isn't dependable.
    key = model.__mapper__.primary_key[0]
    statement = insert_into(model).values(**values).on_conflict_do_nothing().returning(key)
    return db.session.execute(statement).first() is not None


def insert_new(model: type[Model], rows: Sequence[dict[str, Any]], name: InstrumentedAttribute[Any]) -> set[Any]:
    """Insert those of ``rows`` whose unique keys are free, in one statement. What ``name`` is in the rows written."""
    statement = insert_into(model).values(rows).on_conflict_do_nothing().returning(name)
    return set(db.session.scalars(statement))
