"""The rules that take a listing down without an operator, in words and in SQL."""

from __future__ import annotations

from email.utils import parseaddr

import sqlalchemy as sa

from storefront.config import current as settings
from storefront.kit.db import db
from storefront.moderation.models import Report

ENOUGH_PEOPLE = 3
COPYRIGHT = "Somebody swore that it uses their work without their leave. One such report takes a listing down at once."
SEVERAL = f"{ENOUGH_PEOPLE} people reported it. That many take a listing down until an operator has looked at it."
UPHELD = "An operator upheld a report about it before it was published again."
NAMES = {
    "spam": "Spam",
    "inappropriate": "Inappropriate",
    "copyright": "Copyright",
    "misleading": "Misleading",
    "other": "Something else",
}


def broken_rule(listing_id: int) -> str | None:
    """Why a listing may not stay in the catalog, in a sentence; None if it may. One statement."""
    counted = sa.and_(Report.state == "open", Report.decided_at.is_(None))

    def number_of(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    copyright = sa.and_(counted, Report.reason == "copyright")
    conditions = (number_of(copyright), number_of(counted), number_of(Report.state == "upheld"))
    sworn, waiting, upheld = db.session.execute(sa.select(*conditions).where(Report.listing_id == listing_id)).one()
    if sworn:
        return COPYRIGHT
    if waiting >= ENOUGH_PEOPLE:
        return SEVERAL
    return UPHELD if upheld else None


def how_to_appeal() -> str:
    """The sentence that says where a creator answers."""
    return f"To appeal, write to {settings().appeal_contact or parseaddr(settings().mail_from)[1]}."
