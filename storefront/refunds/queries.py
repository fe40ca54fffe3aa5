"""Reading refunds, and the sales they are of; each read names its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Membership, Person
from storefront.accounts.queries import To, allow
from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.kit import clock
from storefront.kit.concerns import MOST_COUNTED, Concern
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.paging import Page, decode, encode
from storefront.licenses.models import License
from storefront.refunds.models import STATES, UNDER_WAY, Refund

PAGE = 25
WAITED_LONG = timedelta(days=3)


@dataclass(frozen=True)
class Sale:
    """A paid order with its listing, license and refunds, and the role of whoever looks at it."""

    order: Order
    refunds: Sequence[Refund]
    role: str

    @property
    def left(self) -> int:
        """What has neither gone back nor is on its way, in minor units."""
        return (self.order.amount or 0) - self.order.returned

    @property
    def waiting(self) -> Refund | None:
        return next((refund for refund in self.refunds if refund.state == "waiting"), None)

    @property
    def is_disputed(self) -> bool:
        return self.order.license is not None and self.order.license.status == "disputed"

    @property
    def may_give(self) -> bool:
        """Whether whoever looks at it may give back what is left, now."""
        under_way = any(refund.is_under_way for refund in self.refunds)
        is_live = self.order.license is not None and self.order.license.is_live
        return self.role == "owner" and self.order.status == "paid" and is_live and self.left > 0 and not under_way


def refund_named(public_id: str) -> Refund:
    query = sa.select(Refund).where(Refund.public_id == public_id)
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def refund_of_stripe(stripe_id: str) -> Refund | None:
    return db.session.scalar(sa.select(Refund).where(Refund.stripe_id == stripe_id))


def under_way(order_id: int) -> Refund | None:
    """The refund of an order that waits for a decision or for Stripe; there is one at most."""
    query = sa.select(Refund).where(Refund.order_id == order_id, Refund.state.in_(UNDER_WAY))
    return db.session.scalar(query, execution_options={"populate_existing": True})


def refunds_of(order_id: int) -> Sequence[Refund]:
    """Every refund of an order, the latest first."""
    return db.session.scalars(sa.select(Refund).where(Refund.order_id == order_id).order_by(Refund.id.desc())).all()


def refunds_of_license(license: License) -> Sequence[Refund]:
    """The refunds of a license that its reader holds, the latest first."""
    query = sa.select(Refund).join(Order, Order.id == Refund.order_id).where(Order.license_id == license.id)
    return db.session.scalars(query.order_by(Refund.id.desc())).all()


def sale_for(person: Person, public_id: str, to: To = "see") -> Sale:
    """A paid order of one of ``person``'s workspaces. Raises NotFound for anybody else's, OwnersOnly for members."""
    query = (
        sa.select(Order, Membership.role)
        .join(Membership, Membership.workspace_id == Order.workspace_id)
        .where(Order.public_id == public_id, Order.paid_at.is_not(None), Membership.person_id == person.id)
        .options(*_shown())
    )
    row = db.session.execute(query, execution_options={"populate_existing": True}).one_or_none()
    if row is None:
        raise NotFound
    allow(row[1], to)
    return Sale(row[0], refunds_of(row[0].id), row[1])


def any_sale(public_id: str) -> Sale:
    """Any paid order, for operators. Raises NotFound."""
    query = sa.select(Order).where(Order.public_id == public_id, Order.paid_at.is_not(None)).options(*_shown())
    order = db.session.scalar(query, execution_options={"populate_existing": True})
    if order is None:
        raise NotFound
    return Sale(order, refunds_of(order.id), "owner")


def refund_for(person: Person, public_id: str, to: To = "see") -> Refund:
    """A refund of one of ``person``'s workspaces. Raises NotFound for anybody else's, OwnersOnly for members."""
    query = (
        sa.select(Refund, Membership.role)
        .join(Membership, Membership.workspace_id == Refund.workspace_id)
        .where(Refund.public_id == public_id, Membership.person_id == person.id)
        .options(joinedload(Refund.order))
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    allow(row[1], to)
    found: Refund = row[0]
    return found


def any_refund(public_id: str) -> Refund:
    """Any refund, for operators. Raises NotFound."""
    refund = db.session.scalar(sa.select(Refund).where(Refund.public_id == public_id).options(joinedload(Refund.order)))
    if refund is None:
        raise NotFound
    return refund


def refunds_page(after: str | None = None, *, person: Person | None = None, state: str | None = None) -> Page[Any]:
    """A page of refunds, the newest first: of ``person``'s workspaces, or of all for operators.

    Raises BadRequest for a cursor that isn't ours.
    """
    query = (
        sa.select(
            Refund.id, Refund.public_id, Refund.state, Refund.origin, Refund.amount, Refund.currency, Refund.reason,
            Refund.failure, Refund.asked_at, Refund.resolved_at, Order.public_id.label("order_id"), Listing.title,
        )
        .join(Order, Order.id == Refund.order_id)
        .join(Listing, Listing.id == Order.listing_id)
    )  # fmt: skip
    if person is not None:
        query = query.join(Membership, Membership.workspace_id == Refund.workspace_id)
        query = query.where(Membership.person_id == person.id)
    if state:
        query = query.where(Refund.state == state)
    if after:
        query = query.where(Refund.id < decode(after, int)[0])
    rows = db.session.execute(query.order_by(Refund.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], encode(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def known_state(state: str | None) -> str | None:
    """The state that an address asks for; None, which is all of them, for any other word."""
    return state if state in STATES else None


def waiting_for(person: Person) -> int:
    """How many requests wait for a decision of ``person``, who owns their workspaces. At most ``MOST_COUNTED``."""
    some = (
        sa.select(Refund.id)
        .join(Membership, Membership.workspace_id == Refund.workspace_id)
        .where(Refund.state == "waiting", Membership.person_id == person.id, Membership.role == "owner")
        .limit(MOST_COUNTED)
        .subquery()
    )
    return db.session.scalars(sa.select(sa.func.count()).select_from(some)).one()


def lingering(older_than: timedelta, *, limit: int = 100) -> Sequence[Refund]:
    """Refunds sent, or to be sent, that nobody heard of for ``older_than``, longest unheard of first."""
    heard = sa.func.coalesce(Refund.checked_at, Refund.decided_at, Refund.asked_at)
    query = (
        sa.select(Refund)
        .where(Refund.state.in_(("sending", "pending")), heard < clock.now() - older_than)
        .order_by(heard)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def looked_at(refund_id: int) -> bool:
    """Note that Stripe was asked about a refund. True if it is settled by now."""
    refund = db.session.get_one(Refund, refund_id, populate_existing=True)
    refund.checked_at = clock.now()
    return not refund.is_under_way


def concerns() -> list[Concern]:
    """Requests that nobody decides, and refunds that did not arrive: one statement."""
    late = sa.and_(Refund.state == "waiting", Refund.asked_at < clock.now() - WAITED_LONG)
    failed = sa.and_(Refund.state == "failed", Refund.resolved_at.is_(None))
    waiting, lost = db.session.execute(sa.select(_capped(late), _capped(failed))).one()
    url = url_for("refunds_admin.index")
    return [
        Concern("Refunds nobody decides", waiting, "asked for three days ago or more", url, is_trouble=waiting > 0),
        Concern("Refunds that failed", lost, "the money is here; somebody must look", url, is_trouble=lost > 0),
    ]


def _capped(condition: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    some = sa.select(Refund.id).where(condition).limit(MOST_COUNTED).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def _shown() -> tuple[Any, ...]:
    return (
        joinedload(Order.listing).joinedload(Listing.workspace),
        joinedload(Order.license),
        joinedload(Order.buyer),
    )
