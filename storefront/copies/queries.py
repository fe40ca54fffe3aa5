"""Reading copies, each for whom they belong to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import aliased, joinedload

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.config import current as settings
from storefront.copies.models import Copy, CopyMeter, PoolInvoice
from storefront.copies.months import month_of
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.paging import Page, decode, encode
from storefront.subscriptions.queries import live, paid_invoice
from storefront.works.models import Version

PAGE = 24
MOST_EARLIER = 12  # copies of a work that its latest copy leads to


@dataclass(frozen=True)
class Meter:
    """How many copies of the month somebody has used, how many a month has, and how many they can make now.

    ``left`` may be less than the rest of the month: a payment that touches two months pays for one month's worth.
    """

    used: int
    most: int
    left: int


def meter_of(person: Person, now: datetime) -> Meter:
    """A person's meter of this month, whether or not their pass serves."""
    most = settings().all_access_limit
    used = used_in(person, month_of(now))
    subscription = live(person, "pass")
    invoice = paid_invoice(subscription, now) if subscription else None
    paid_for = sa.select(PoolInvoice.used).where(PoolInvoice.invoice_id == invoice.id) if invoice else None
    spent = db.session.scalar(paid_for) if paid_for is not None else None
    return Meter(used, most, max(0, most - max(used, spent or 0)))


def used_in(person: Person, month: str) -> int:
    """How many copies of a month a person has used, by their meter."""
    query = sa.select(CopyMeter.used).where(CopyMeter.person_id == person.id, CopyMeter.month == month)
    return db.session.scalar(query) or 0


def copies_of(person: Person, month: str) -> Sequence[Copy]:
    """What a person copied in a month, the latest first."""
    query = sa.select(Copy).where(Copy.person_id == person.id, Copy.month == month)
    return db.session.scalars(query.order_by(Copy.id.desc())).all()


def copied_by(person: Person, after: str | None = None) -> Page[Copy]:
    """A page of what a person copied, the latest first, with who made it: each work's latest copy.

    Raises BadRequest for a cursor that isn't ours.
    """
    maker = joinedload(Copy.listing).joinedload(Listing.workspace)
    query = sa.select(Copy).where(Copy.person_id == person.id, ~_again()).options(maker, joinedload(Copy.version))
    if after:
        query = query.where(Copy.id < decode(after, int)[0])
    rows = db.session.scalars(query.order_by(Copy.id.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    return Page(shown, encode(shown[-1].id) if len(rows) > PAGE else None)


def _again() -> sa.Exists:
    """That somebody copied the same again later."""
    later = aliased(Copy)
    same = (later.person_id == Copy.person_id, later.listing_id == Copy.listing_id, later.month > Copy.month)
    return sa.exists().where(*same)


def earlier_copies(copy: Copy) -> Sequence[Copy]:
    """The latest copies of the same work that its member made in months before, with their versions."""
    query = sa.select(Copy).where(
        Copy.person_id == copy.person_id, Copy.listing_id == copy.listing_id, Copy.month < copy.month
    )
    query = query.order_by(Copy.month.desc()).limit(MOST_EARLIER)
    return db.session.scalars(query.options(joinedload(Copy.version))).all()


def copy_for(person: Person, public_id: str) -> Copy:
    """A person's copy, with its listing, creator and version, for good. Raises NotFound for anybody else's."""
    query = sa.select(Copy).where(Copy.person_id == person.id, Copy.public_id == public_id)
    creator = joinedload(Copy.listing).joinedload(Listing.workspace)
    copy = db.session.scalar(query.options(creator, joinedload(Copy.version)))
    if copy is None:
        raise NotFound
    return copy


def latest_copy(person: Person, listing_id: int) -> Copy | None:
    query = sa.select(Copy).where(Copy.person_id == person.id, Copy.listing_id == listing_id)
    return db.session.scalar(query.order_by(Copy.month.desc()).limit(1))


def places_of(person: Person, works: Collection[int]) -> dict[int, str]:
    """Where a person reads what they copied of works: the address of the latest copy, by the work's id."""
    query = (
        sa.select(Version.work_id, Copy.public_id)
        .join(Version, Version.id == Copy.version_id)
        .where(Copy.person_id == person.id, Version.work_id.in_(works))
        .order_by(Copy.id)
    )
    return {row.work_id: url_for("copies.show", public_id=row.public_id) for row in db.session.execute(query)}
