"""The desk's figures as CSV, read as they are sent."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.dashboard.facts import facts, rate_words, sums
from storefront.dashboard.figures import first_of, sales_of
from storefront.kit.db import db
from storefront.kit.money import decimal_text
from storefront.kit.spreadsheets import line, plain

READ = {"yield_per": 500}
SALES = ("Work", "Date", "License", "State", "Paid", "Fee", "Yours", "Currency")
DAYS = ("Date", "Work", "Views", "Gets", "Conversion", "Sales", "Yours", "Currency")


def sales_csv(person: Person) -> Iterator[str]:
    """Every sale, the latest first."""
    yield line(SALES)
    for sale in db.session.execute(sales_of(person), execution_options=READ):
        amounts = (decimal_text(amount, sale.currency) for amount in (sale.amount, sale.fee, sale.share))
        granted = sale.granted_at.isoformat(timespec="seconds")
        yield line((plain(sale.title), granted, sale.number, sale.status, *amounts, sale.currency))


def days_csv(person: Person, span: int) -> Iterator[str]:
    """A line for each of the last ``span`` days and each listing to which something happened on it, today first."""
    yield line(DAYS)
    rows = facts(person, first_of(span))
    query = (
        sa.select(rows.c.day, Listing.title, rows.c.currency, *sums(rows))
        .join(Listing, Listing.id == rows.c.listing_id)
        .group_by(rows.c.day, Listing.id, Listing.title, rows.c.currency)
        .order_by(rows.c.day.desc(), Listing.id, rows.c.currency)
    )
    for row in db.session.execute(query, execution_options=READ):
        rate, earned = rate_words(row.gets, row.views) if row.views else "", decimal_text(int(row.earned), row.currency)
        yield line((
            row.day, plain(row.title), str(row.views), str(row.gets), rate, str(row.sales), earned, row.currency,
        ))  # fmt: skip
