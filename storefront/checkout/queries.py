"""Reading orders; each read names its reader."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.jobs import GIVE_UP, AnnouncedJob
from storefront.licenses.models import License


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


def orders_nobody_refunds(*, limit: int = 100) -> dict[int, int | None]:
    """Unwanted orders whose payment no job is giving back: the id of each with that of the job that gave up, or None.

    A job that gave up is left alone until its last pause is over. The orders are locked, but for those that another
    sweep holds.
    """
    unwanted = (
        sa.select(Order.id)
        .where(Order.status == "unwanted")
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
