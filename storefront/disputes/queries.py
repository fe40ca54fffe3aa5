"""Reading disputes. Operators read all of them; a creator sees that a sale is disputed on its own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.disputes.models import OPEN, TO_ANSWER, Dispute
from storefront.events.models import Event
from storefront.kit import clock
from storefront.kit.concerns import MOST_COUNTED, Concern
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.paging import Page, decode, encode
from storefront.library.models import Clone
from storefront.licenses.models import License

PAGE = 25
SHOWN = ("open", "closed")


@dataclass(frozen=True)
class Access:
    """Something that the buyer did with what they bought."""

    at: datetime
    what: str


def dispute_of_stripe(stripe_id: str) -> Dispute | None:
    return db.session.scalar(sa.select(Dispute).where(Dispute.stripe_id == stripe_id))


def any_dispute(public_id: str, *, lock: bool = False) -> Dispute:
    """Any dispute with order, listing, creator, buyer and license, for operators. Raises NotFound."""
    query = sa.select(Dispute).where(Dispute.public_id == public_id)
    if lock:
        query = query.with_for_update()
    else:
        order = joinedload(Dispute.order)
        query = query.options(
            order.joinedload(Order.listing).joinedload(Listing.workspace),
            order.joinedload(Order.buyer),
            order.joinedload(Order.license).joinedload(License.version),
        )
    dispute = db.session.scalar(query, execution_options={"populate_existing": True})
    if dispute is None:
        raise NotFound
    return dispute


def disputes_page(shown: str, after: str | None = None) -> Page[Any]:
    """A page of disputes, open or closed ones, the newest first. Raises BadRequest for a cursor that isn't ours."""
    is_open = Dispute.state.in_(OPEN)
    query = (
        sa.select(
            Dispute.id, Dispute.public_id, Dispute.state, Dispute.reason, Dispute.amount, Dispute.currency,
            Dispute.opened_at, Dispute.due_by, Dispute.closed_at, Listing.title,
        )
        .join(Order, Order.id == Dispute.order_id)
        .join(Listing, Listing.id == Order.listing_id)
        .where(is_open if shown == "open" else ~is_open)
    )  # fmt: skip
    if after:
        query = query.where(Dispute.id < decode(after, int)[0])
    rows = db.session.execute(query.order_by(Dispute.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], encode(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def known_among(stripe_ids: set[str]) -> set[str]:
    """Which of Stripe's disputes we know."""
    return set(db.session.scalars(sa.select(Dispute.stripe_id).where(Dispute.stripe_id.in_(stripe_ids))))


def long_unasked(older_than: timedelta, *, limit: int = 100) -> Sequence[str]:
    """Stripe's ids of open disputes nobody asked after for ``older_than``."""
    query = (
        sa.select(Dispute.stripe_id)
        .where(Dispute.state.in_(OPEN), Dispute.checked_at < clock.now() - older_than)
        .order_by(Dispute.checked_at)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def accesses_of(license: License) -> list[Access]:
    """What the holder of a license did with it, the earliest first."""
    found = [Access(license.granted_at, "The license was granted and the work delivered into the buyer's account.")]
    clones = sa.select(Clone.made_at, Clone.is_first).where(Clone.license_id == license.id, ~Clone.is_first)
    found += [Access(row.made_at, "The buyer made another copy.") for row in db.session.execute(clones)]
    downloads = sa.select(Event.at).where(
        Event.subject_type == "licenses", Event.subject_id == license.id, Event.name == "work.downloaded"
    )
    found += [Access(at, "The buyer downloaded the work.") for at in db.session.scalars(downloads)]
    return sorted(found, key=lambda access: access.at)


def to_answer() -> int:
    """How many disputes wait for an answer, at most ``MOST_COUNTED``."""
    some = sa.select(Dispute.id).where(Dispute.state.in_(TO_ANSWER)).limit(MOST_COUNTED).subquery()
    return db.session.scalars(sa.select(sa.func.count()).select_from(some)).one()


def concerns() -> list[Concern]:
    """Disputes that run out unless somebody answers."""
    count = to_answer()
    url = url_for("disputes.index")
    return [Concern("Disputes to answer", count, "lost if nobody does in time", url, is_trouble=count > 0)]
