"""The table of listings as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from storefront.accounts.models import Person
from storefront.kit.money import decimal_text
from storefront.kit.spreadsheets import line, plain
from storefront.selling.table import Row, View, all_rows

COLUMNS = (
    "Listing", "Workspace", "State", "Version", "Published", "Price", "Views", "Gets", "Sales", "Yours", "Currency",
)  # fmt: skip


def listings_csv(person: Person, view: View) -> Iterator[str]:
    """Every listing of the table as it is looked at, in its order; read as it is sent."""
    yield line(COLUMNS)
    for row in all_rows(person, view):
        yield line(_cells(row))


def _cells(row: Row) -> tuple[str, ...]:
    listing = row.listing
    price, earned = (decimal_text(amount, listing.currency) for amount in (listing.price or 0, row.earned))
    published = listing.published_at.date().isoformat() if listing.published_at else ""
    return (
        plain(row.title), plain(listing.name), listing.state, str(listing.number or ""), published, price,
        "" if row.views is None else str(row.views), str(listing.gets), str(listing.sales), earned, listing.currency,
    )  # fmt: skip
