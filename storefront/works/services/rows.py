"""Items copied from table to table inside the database: the rows never travel through Python."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storefront.kit.db import db
from storefront.works.contents import COPIED, Contents


def copy_rows(source: Contents, target: Any, **owner: int) -> None:
    """INSERT..SELECT every item of ``source`` into ``target`` under another owner, named by its column."""
    ((column, value),) = owner.items()
    rows = sa.select(sa.literal(value), *(getattr(source.table, name) for name in COPIED)).where(source.owner)
    db.session.execute(sa.insert(target).from_select([column, *COPIED], rows))
