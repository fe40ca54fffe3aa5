"""Reading orders; each read names its reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Person, Workspace
from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.kit import clock
from storefront.kit.concerns import MOST_COUNTED, Concern
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.jobs import GIVE_UP, AnnouncedJob
from storefront.kit.paging import Page, decode, encode
from storefront.licenses.models import License

PAGE = 25
DISPUTED = "Its bank asks for it; it goes back once that is decided."  # the flag of what can't be given back yet
DECIDED_SLOWLY = timedelta(hours=6)  # how long such a payment is left alone
OVERDUE = timedelta(minutes=15)  # after its session ran out, and some sweeps have asked


def order_of_session(buyer: Person, session_id: str) -> Order:
    """The buyer's own order with this session, with listing, creator and license. Raises NotFound."""
    query = (
        sa.select(Order)
        .where(Order.session_id == session_id, Order.buyer_id == buyer.id)
        .options(
            joinedload(Order.listing).joinedload(Listing.workspace),
            joinedload(Order.license).joinedload(License.version),
        )
        .execution_options(populate_existing=True)
    )
    order = db.session.scalar(query)
    if order is None:
        raise NotFound
    return order


def order_of_license(license: License) -> Order | None:
    """The order that paid for a license its reader already holds; None for a free one."""
    return db.session.scalar(sa.select(Order).where(Order.license_id == license.id))


def titles_of(public_ids: Sequence[str]) -> dict[str, str]:
    """What was sold by orders whose ids their reader knows already, by those ids."""
    query = sa.select(Order.public_id, Listing.title).join(Listing, Listing.id == Order.listing_id)
    return {row[0]: row[1] for row in db.session.execute(query.where(Order.public_id.in_(public_ids)))}


def lingering_orders(older_than: timedelta, *, limit: int = 100) -> list[tuple[int, str | None]]:
    """``(id, session id)`` of open orders nobody heard of for ``older_than``, longest unheard of first."""
    before = clock.now() - older_than
    query = (
        sa.select(Order.id, Order.session_id)
        .where(Order.status == "open", sa.func.coalesce(Order.checked_at, Order.opened_at) < before)
        .order_by(sa.func.coalesce(Order.checked_at, Order.opened_at))
        .limit(limit)
    )
    return [(row.id, row.session_id) for row in db.session.execute(query)]


def open_orders_of(listing_id: int) -> list[int]:
    """Row ids of a listing's open orders."""
    return list(db.session.scalars(sa.select(Order.id).where(Order.listing_id == listing_id, Order.status == "open")))


def is_withdrawn(listing_id: int) -> bool:
    """Whether nobody should still pay for a listing: it was suspended, or its owner's plan sells no more."""
    within = joinedload(Listing.workspace).joinedload(Workspace.owner)
    query = sa.select(Listing).where(Listing.id == listing_id).options(within)
    listing = db.session.scalars(query, execution_options={"populate_existing": True}).one()
    return listing.state == "suspended" or not listing.is_for_sale


def open_orders_of_owner(owner_id: int) -> list[int]:
    """Row ids of the open orders of all workspaces that somebody owns."""
    theirs = sa.select(Workspace.id).where(Workspace.owner_id == owner_id)
    return list(db.session.scalars(sa.select(Order.id).where(Order.status == "open", Order.workspace_id.in_(theirs))))


def orders_nobody_refunds(*, limit: int = 100) -> dict[int, int | None]:
    """Unwanted orders whose payment no job is giving back: the id of each with that of the job that gave up, or None.

    A job that gave up is left alone until its last pause is over. The orders are locked, but for those that another
    sweep holds.
    """
    unwanted = (
        sa.select(Order.id)
        .where(
            Order.status == "unwanted",
            sa.or_(Order.flag != DISPUTED, Order.checked_at < clock.now() - DECIDED_SLOWLY),
        )
        .order_by(Order.opened_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    locked = db.session.scalars(unwanted).all()
    jobs = sa.select(AnnouncedJob).where(
        AnnouncedJob.name == "checkout.refund_unwanted", AnnouncedJob.done_at.is_(None)
    )
    job_of = {job.arguments["order_id"]: job for job in db.session.scalars(jobs)}
    found: dict[int, int | None] = {}
    for order_id in locked:
        job = job_of.get(order_id)
        if job is None:
            found[order_id] = None
        elif job.attempts >= GIVE_UP and job.run_at < clock.now():
            found[order_id] = job.id
    return found


def any_order(public_id: str) -> Order:
    """Any order as it is now, for operators. Raises NotFound."""
    query = sa.select(Order).where(Order.public_id == public_id)
    order = db.session.scalar(query, execution_options={"populate_existing": True})
    if order is None:
        raise NotFound
    return order


def overdue_page(after: str | None = None) -> Page[Any]:
    """A page of orders that should be over by now, the newest first, for operators.

    Raises BadRequest for a cursor that isn't ours.
    """
    query = (
        sa.select(
            Order.id, Order.public_id, Order.status, Order.price, Order.currency, Order.opened_at, Order.checked_at,
            Order.flag, Listing.title, Listing.slug,
        )
        .join(Listing, Listing.id == Order.listing_id)
        .where(sa.or_(_run_out(), Order.status == "unwanted"))
    )  # fmt: skip
    if after:
        query = query.where(Order.id < decode(after, int)[0])
    rows = db.session.execute(query.order_by(Order.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], encode(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def concerns() -> list[Concern]:
    """Open orders, those of them that should be over, and payments that still have to go back: one statement."""
    counted = (_capped(Order.status == "open"), _capped(_run_out()), _capped(Order.status == "unwanted"))
    waiting, overdue, unwanted = db.session.execute(sa.select(*counted)).one()
    url = url_for("orders.index")
    return [
        Concern("Orders overdue", overdue, "still open, their page has closed", url, is_trouble=overdue > 0),
        Concern("Payments to give back", unwanted, "paid twice; their refund is on its way", url),
        Concern("Orders open", waiting, "Stripe is asked every five minutes", url),
    ]


def _run_out() -> sa.ColumnElement[bool]:
    """Open orders whose session is over, and the sweep has had time to see it."""
    return sa.and_(Order.status == "open", Order.session_expires_at < clock.now() - OVERDUE)


def _capped(condition: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    some = sa.select(Order.id).where(condition).limit(MOST_COUNTED).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()
