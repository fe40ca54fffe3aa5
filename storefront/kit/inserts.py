"""Inserts that meet a unique key instead of looking first."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storefront.kit.db import Model, db, dialect


def insert_if_new(model: type[Model], **values: Any) -> bool:
    """Insert a row unless a unique key of it is taken. True if this call wrote it.

    Two at once: one writes, the other waits for it and returns False.
    """
    insert = postgresql.insert if dialect() == "postgresql" else sqlite.insert
    # Asked for by RETURNING, because a driver's row count of an INSERT isn't dependable.
    key = model.__mapper__.primary_key[0]
    statement = insert(cast("sa.Table", model.__table__)).values(**values).on_conflict_do_nothing().returning(key)
    return db.session.execute(statement).first() is not None
