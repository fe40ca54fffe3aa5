"""What bob pays for is in the books the moment it is his, and what goes back leaves them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.checkout import getting, services
from storefront.checkout.models import Order
from storefront.kit import migrations
from storefront.kit.db import db, engine_options, step, tune_sqlite
from storefront.kit.jobs import run_due_jobs
from storefront.ledger.models import Earning, Posting
from storefront.ledger.queries import Balance
from storefront.licenses.models import License
from storefront.payments import webhooks
from tests.browser import Browser
from tests.cast import Cast
from tests.checkout.stripe_words import event_body, session_body
from tests.ledger.worlds import balance, mature, standing
from tests.rows import THEN, right_row
from tests.stripe import Stripe
from tests.worlds import make_offer


def bought(cast: Cast, stripe: Stripe, client: Browser) -> Order:
    listing = make_offer(cast.alice)
    getting.get(listing.slug, cast.bob, price=1200, currency="USD")
    order = db.session.scalars(sa.select(Order)).one()
    stripe.pay(order.session_id or "")
    stripe.deliver(client)
    return db.session.get_one(Order, order.id, populate_existing=True)


def test_a_sale_is_in_the_books_with_its_license(cast: Cast, stripe: Stripe, client: Browser) -> None:
    order = bought(cast, stripe, client)

    assert balance(cast.workspace(cast.alice)) == Balance("USD", held=1020)
    assert (standing("platform_cash"), standing("platform_revenue")) == (1200, 180)
    causes = {(each.cause_id, each.earning_id, each.reference) for each in db.session.scalars(sa.select(Posting))}
    assert causes == {(order.public_id, order.public_id, order.payment_intent)}


def test_what_stripe_kept_is_booked_when_it_is_known(cast: Cast, stripe: Stripe, client: Browser) -> None:
    bought(cast, stripe, client)
    run_due_jobs()

    assert (standing("stripe_fees"), standing("platform_cash")) == (65, 1135)


def test_it_matures_with_the_days_for_refunds(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: Callable[[timedelta], None]
) -> None:
    bought(cast, stripe, client)
    license = db.session.scalars(sa.select(License)).one()

    assert db.session.scalars(sa.select(Earning.matures_at)).one() == license.refundable_until
    move_clock(timedelta(days=7))
    assert mature() == 1


def test_a_sale_with_tax_owes_the_tax(app: Flask, cast: Cast) -> None:
    with step():
        order, _stale = services.open_order(make_offer(cast.alice), cast.bob)
    paid = session_body(
        order, amount_total=1428, total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 228}
    )
    webhooks.handle(webhooks.keep(event_body("checkout.session.completed", paid)))

    assert (standing("platform_cash"), standing("tax_payable"), standing("platform_revenue")) == (1428, 228, 180)


def test_a_refund_at_stripe_leaves_nothing(cast: Cast, stripe: Stripe, client: Browser) -> None:
    order = bought(cast, stripe, client)
    run_due_jobs()
    stripe.refund(str(order.payment_intent))
    stripe.deliver(client)

    assert balance(cast.workspace(cast.alice)) == Balance("USD")
    assert (standing("platform_cash"), standing("stripe_fees"), standing("refunds")) == (-65, 65, 180)


def test_an_unwanted_payment_is_owed_and_goes_back(cast: Cast, stripe: Stripe, client: Browser) -> None:
    listing = make_offer(cast.alice)
    getting.get(listing.slug, cast.bob, price=1200, currency="USD")
    order = db.session.scalars(sa.select(Order)).one()
    with step():
        listing.price, listing.pricing = 0, "free"
        services.get_free(db.session.merge(listing), cast.bob)
    stripe.pay(order.session_id or "")
    stripe.deliver(client)
    assert (standing("platform_cash"), standing("refunds_due")) == (1200, 1200)

    run_due_jobs()

    assert (standing("platform_cash"), standing("refunds_due"), standing("stripe_fees")) == (-65, 0, 65)
    assert balance(cast.workspace(cast.alice)) == Balance("USD")


@pytest.fixture
def before(make_database: Callable[..., str], engine: str) -> Iterator[sa.Engine]:
    """A database as it was before there were books."""
    options = engine_options(make_database(engine, f"before_{id(object())}"))
    made = sa.create_engine(options.pop("url"))
    if engine == "sqlite":
        tune_sqlite(made)
    migrations.upgrade(made)
    migrations.downgrade(made, "0009")
    yield made
    made.dispose()


def insert(connection: sa.Connection, table: str, row: dict[str, Any]) -> None:
    """Write a row as the schema of that day has it."""
    there = {column["name"] for column in sa.inspect(connection).get_columns(table)}
    declared = migrations.metadata().tables[table]
    columns = [sa.column(column.name, column.type) for column in declared.columns if column.name in there & row.keys()]
    values = {column.name: row[column.name] for column in columns}
    connection.execute(sa.insert(sa.table(table, *columns)).values(values))


PAST: dict[str, dict[str, Any]] = {
    "paid": {"paid_at": THEN, "stripe_fee": 65, "license_id": 1},
    "refunded": {"paid_at": THEN, "stripe_fee": 65, "license_id": 2},
    "unwanted": {"paid_at": THEN, "license_id": None, "stripe_fee": None},
    "returned": {"paid_at": THEN, "license_id": None, "stripe_fee": 65, "status": "refunded"},
    "open": {"amount": None, "fee": None, "share": None, "tax": None, "subtotal": None, "license_id": None},
    "expired": {"amount": None, "fee": None, "share": None, "tax": None, "subtotal": None, "license_id": None},
}


def test_every_order_of_the_past_is_booked_from_what_it_stored(before: sa.Engine) -> None:
    with before.begin() as connection:
        for table in ("people", "workspaces", "works", "versions", "covers", "listings", "licenses"):
            for number in range(1, len(PAST) + 1):
                insert(connection, table, right_row(table, number))
        for number, (status, changed) in enumerate(PAST.items(), 1):
            insert(connection, "orders", {**right_row("orders", number), "status": status, **changed})
    migrations.upgrade(before)

    query = sa.select(Posting.cause_id, Posting.kind, Posting.amount).order_by(Posting.cause_id, Posting.kind)
    with before.connect() as connection:
        booked = [tuple(row) for row in connection.execute(query)]
        held = connection.execute(sa.select(Earning.id, Earning.workspace_id)).all()
        waiting = connection.execute(sa.text("SELECT count(*) FROM unsealed_postings")).scalar()

    sale = [("fee.stripe", 65), ("sale.fee", 180), ("sale.share", 1020)]
    back = [("fee.stripe", 65), ("refund.fee", 180), ("refund.share", 1020), *sale[1:]]
    assert booked == [
        *(("ord_1", kind, amount) for kind, amount in sale),
        *(("ord_2", kind, amount) for kind, amount in back),
        ("ord_3", "unwanted.paid", 1200),
        ("ord_4", "fee.stripe", 65),
        ("ord_4", "unwanted.paid", 1200),
        ("ord_4", "unwanted.returned", 1200),
    ]
    assert [tuple(row) for row in held] == [("ord_1", 1), ("ord_2", 2)]
    assert waiting == len(booked)
