"""Shops of any size, made by the demo."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storefront.catalog.models import Listing
from storefront.catalog.trending import rank
from storefront.demo.load import fill
from storefront.demo.many.loading import fill_many
from storefront.kit import migrations
from storefront.kit.db import db
from tests.conftest import make_app


@dataclass
class BenchShop:
    """A shop with so many listings: ``plain`` keeps no pages, ``keeping`` keeps them for a second as shops do."""

    listings: int
    file: Path
    plain: Any
    keeping: Any

    def slugs(self, many: int) -> list[str]:
        """Slugs of listings from all over the catalog."""
        with self.plain.app_context():
            query = sa.select(Listing.slug).order_by(Listing.id % 9973, Listing.id).limit(many)
            return list(db.session.scalars(query))


def make_shop(folder: Path, listings: int) -> BenchShop:
    """A shop in a database of its own, said aloud as it is made; the one of before if ``folder`` has it."""
    file, whole = folder / f"shop-{listings}.db", folder / f"shop-{listings}.whole"
    if not whole.exists():
        file.unlink(missing_ok=True)
    url = f"sqlite:///{file}"
    plain = make_app(folder, database_url=url, shared_seconds=0, clock_file="")
    if not whole.exists():
        _fill(plain, listings)
        whole.touch()
    return BenchShop(listings, file, plain, make_app(folder, database_url=url, clock_file=""))


def _fill(app: Any, listings: int) -> None:
    began = time.monotonic()
    with app.app_context():
        migrations.upgrade(db.engine)
        there = fill()
        for done in fill_many(max(listings - there, 0), 1):
            print(f"\r{done + there:,} of {listings:,} listings", end="", flush=True)
        rank()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA optimize")
    print(f"\r{listings:,} listings made in {time.monotonic() - began:.0f} s")
