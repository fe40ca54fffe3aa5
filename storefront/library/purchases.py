"""What a person paid for, as the purchases tab and its CSV list it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.kit.db import db
from storefront.kit.money import decimal_text
from storefront.kit.paging import Page, decode, encode
from storefront.kit.spreadsheets import line, plain
from storefront.licenses.models import License

PAGE = 25
COLUMNS = ("Work", "Date", "Number", "State", "Paid", "Currency")


@dataclass(frozen=True)
class Purchase:
    """An order that was paid; ``amount`` in minor units of ``currency``, tax included.

    An order that was paid twice has no license of its own: its money goes back.
    """

    id: int
    public_id: str
    status: str
    amount: int
    currency: str
    paid_at: datetime
    title: str
    receipt_url: str | None
    card: str | None
    license_id: str | None
    number: str | None
    license_status: str | None

    @property
    def state(self) -> str:
        """The license's state, or the order's where it granted none; a word that ``ui/status.html`` knows."""
        return self.license_status or self.status


def purchases_of(person: Person, after: str | None = None, *, limit: int = PAGE) -> Page[Purchase]:
    """A page of what a person paid for, the latest first. Raises BadRequest for a cursor that isn't ours."""
    query = _purchases(person).limit(limit + 1)
    if after:
        query = query.where(Order.id < decode(after, int)[0])
    rows = [Purchase(**row) for row in db.session.execute(query).mappings()]
    shown = rows[:limit]
    return Page(shown, encode(shown[-1].id) if len(rows) > limit else None)


def purchase_of_license(person: Person, license_id: int) -> Purchase | None:
    """The order that a license was granted for; None for a free one."""
    query = _purchases(person).where(Order.license_id == license_id)
    row = db.session.execute(query).mappings().one_or_none()
    return Purchase(**row) if row else None


def purchases_csv(person: Person) -> Iterator[str]:
    """Every purchase as lines of CSV (RFC 4180), amounts as decimals of the currency's precision."""
    yield line(COLUMNS)
    rows = db.session.execute(_purchases(person), execution_options={"yield_per": 500}).mappings()
    for purchase in (Purchase(**row) for row in rows):
        yield line((
            plain(purchase.title), purchase.paid_at.isoformat(timespec="seconds"), purchase.number or "",
            purchase.state, decimal_text(purchase.amount, purchase.currency), purchase.currency,
        ))  # fmt: skip


def _purchases(person: Person) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Order.id, Order.public_id, Order.status, Order.amount, Order.currency, Order.paid_at, Order.receipt_url,
            Order.card, Listing.title, License.public_id.label("license_id"), License.number,
            License.status.label("license_status"),
        )
        .join(Listing, Listing.id == Order.listing_id)
        .outerjoin(License, License.id == Order.license_id)
        .where(Order.buyer_id == person.id, Order.paid_at.is_not(None))
        .order_by(Order.id.desc())
    )  # fmt: skip
