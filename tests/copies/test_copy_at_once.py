"""Members click in many processes at once; the limit and the log are right on both engines."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from storefront.catalog.models import Listing
from storefront.copies.models import Copy, CopyTally
from storefront.copies.queries import used_in
from storefront.kit.db import db, step
from tests.api.programs import make_token
from tests.cast import Cast
from tests.copies.clicks import all_at_once
from tests.copies.worlds import LAW, pay, set_clock, subscribe
from tests.worlds import make_offer

PROCESSES = 4


def like(listing: Listing, number: int) -> dict[str, Any]:
    """Another listing of the same work, as its row: publishing 120 is not what is tried here."""
    row = {column.key: getattr(listing, column.key) for column in sa.inspect(Listing).columns}
    return {**{name: value for name, value in row.items() if name != "id"}, "slug": f"like-{number}"}


def test_of_120_copies_at_once_100_count_and_the_same_50_times_is_one(app: Flask, cast: Cast) -> None:
    set_clock(LAW)
    offer = make_offer(cast.alice, all_access=True)
    pay(subscribe(cast.bob))
    pay(subscribe(cast.mallory))
    with step():
        listings = list(
            db.session.scalars(sa.insert(Listing).returning(Listing.id), [like(offer, n) for n in range(120)])
        )
    bobs, hers = (make_token(person, "library:write")[1] for person in (cast.bob, cast.mallory))
    same = [(hers, offer.id)] * 50

    answers = all_at_once(
        app,
        [[*((bobs, listing) for listing in listings[n::PROCESSES]), *same[n::PROCESSES]] for n in range(PROCESSES)],
    )

    assert answers == {201: 100 + 1, 429: 20, 409: 49}
    assert (used_in(cast.bob, "2027-03"), used_in(cast.mallory, "2027-03")) == (100, 1)
    log = sa.select(sa.func.count(), sa.func.sum(Copy.amount))
    kept = sa.select(sa.func.sum(CopyTally.copies), sa.func.sum(CopyTally.amount))
    assert db.session.execute(log).one() == db.session.execute(kept).one() == (101, 707)
