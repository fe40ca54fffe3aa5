"""A buyer's receipt: who sold what to whom, for how much, and how much of it is tax."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.config import current as settings
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.licenses.models import License


def receipt_for(person: Person, public_id: str) -> Order:
    """An order that ``person`` paid, with listing, creator and license. Raises NotFound for anybody else's."""
    query = (
        sa.select(Order)
        .where(Order.public_id == public_id, Order.buyer_id == person.id, Order.paid_at.is_not(None))
        .options(
            joinedload(Order.listing).joinedload(Listing.workspace),
            joinedload(Order.license).joinedload(License.version),
            joinedload(Order.buyer),
        )
    )
    order = db.session.scalar(query)
    if order is None:
        raise NotFound
    return order


def number_of(order: Order) -> str:
    """The receipt's number: the order's own, which no other has."""
    return order.public_id.removeprefix("ord_").upper()


def seller() -> list[str]:
    """Who sells, line by line: the shop's name, or what the operator wrote."""
    return [line.strip() for line in (settings().seller or settings().site_name).split("|") if line.strip()]
