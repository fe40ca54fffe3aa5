"""Booking a cause: once, whole, and for good."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from storefront.kit import migrations
from storefront.kit.db import db, step
from storefront.kit.money import Money
from storefront.ledger.chart import CREATOR_PAYABLE, PLATFORM_CASH, PLATFORM_REVENUE, STRIPE_FEES
from storefront.ledger.models import Posting, UnsealedPosting
from storefront.ledger.services import Entry, LedgerConflict, post
from tests.at_once import all_at_once
from tests.cast import Cast
from tests.conftest import make_app

FEE = Entry("sale.fee", PLATFORM_CASH, PLATFORM_REVENUE, Money(180, "USD"))
STRIPES = Entry("fee.stripe", STRIPE_FEES, PLATFORM_CASH, Money(65, "USD"))


def booked() -> list[tuple[str, int]]:
    query = sa.select(Posting).order_by(Posting.id).execution_options(populate_existing=True)
    return [(posting.kind, posting.amount) for posting in db.session.scalars(query)]


def test_a_cause_is_booked_once(app: Flask) -> None:
    for written in (True, False):
        with step():
            assert post("order", "ord_1", [FEE, STRIPES]) is written

    assert sorted(booked()) == [("fee.stripe", 65), ("sale.fee", 180)]


def test_what_comes_later_of_a_cause_is_added(app: Flask) -> None:
    for entries in ([FEE], [FEE, STRIPES]):
        with step():
            post("order", "ord_1", entries)

    assert booked() == [("sale.fee", 180), ("fee.stripe", 65)]


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": Money(181, "USD")},
        {"amount": Money(180, "EUR")},
        {"debit": STRIPE_FEES},
        {"credit": STRIPE_FEES},
    ],
)
def test_other_figures_are_refused(app: Flask, changed: dict[str, object]) -> None:
    with step():
        post("order", "ord_1", [FEE])

    with pytest.raises(LedgerConflict, match="ord_1 has sale"), step():
        post("order", "ord_1", [FEE._replace(**changed)])  # type: ignore[arg-type]

    assert booked() == [("sale.fee", 180)]


def test_another_workspace_is_another_figure(app: Flask, cast: Cast) -> None:
    with step():
        post("order", "ord_1", [FEE], workspace_id=cast.workspace(cast.alice).id)

    with pytest.raises(LedgerConflict), step():
        post("order", "ord_1", [FEE], workspace_id=cast.workspace(cast.bob).id)


def test_nothing_is_left_out_and_less_than_nothing_refused(app: Flask) -> None:
    with step():
        assert not post("order", "ord_1", [FEE._replace(amount=Money(0, "USD"))])

    with pytest.raises(ValueError, match="positive"), step():
        post("order", "ord_1", [FEE._replace(amount=Money(-1, "USD"))])

    assert booked() == []


def test_what_is_rolled_back_was_never_booked(app: Flask) -> None:
    with pytest.raises(LookupError), step():
        post("order", "ord_1", [FEE])
        raise LookupError

    assert booked() == []


def test_a_creators_account_needs_its_creator(app: Flask) -> None:
    with pytest.raises(IntegrityError), step():
        post("order", "ord_1", [FEE._replace(credit=CREATOR_PAYABLE)])


def test_every_posting_waits_for_its_seal(app: Flask) -> None:
    with step():
        post("order", "ord_1", [FEE, STRIPES])

    waiting = set(db.session.scalars(sa.select(UnsealedPosting.posting_id)))
    assert waiting == set(db.session.scalars(sa.select(Posting.id)))


@pytest.mark.parametrize("verb", ["UPDATE postings SET amount = amount + 1", "DELETE FROM postings"])
def test_nobody_changes_the_books(app: Flask, verb: str) -> None:
    with step():
        post("order", "ord_1", [FEE])

    with pytest.raises(IntegrityError, match="append-only"), step():
        db.session.execute(sa.text(verb))

    assert booked() == [("sale.fee", 180)]


def test_fifty_who_book_one_cause_at_once_book_it_once(
    make_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    app = make_app(tmp_path_factory.mktemp("fifty"), database_url=make_database("postgresql", "fifty"))

    def book() -> bool:
        with step():
            return post("order", "ord_1", [FEE, STRIPES])

    with app.app_context():
        migrations.upgrade(db.engine)
        for _wave in range(2):
            assert sum(all_at_once(app, [book] * 25)) == (1 if _wave == 0 else 0)
        assert sorted(booked()) == [("fee.stripe", 65), ("sale.fee", 180)]
        db.engine.dispose()
