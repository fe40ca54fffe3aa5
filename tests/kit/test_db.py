"""Transactions: who commits, who waits, and none open while another service is called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError, StatementError

from storefront.accounts.models import Person
from storefront.catalog.models import FacetCount
from storefront.checkout.models import Order
from storefront.kit import db as kit_db
from storefront.kit.db import db, outside, step
from storefront.kit.errors import is_busy
from storefront.payments import gateway
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import make_app


def facets() -> dict[str, int]:
    return {row.facet: row.listings for row in db.session.scalars(sa.select(FacetCount))}


def test_a_step_commits_at_its_end(app: Flask) -> None:
    with step():
        db.session.add(FacetCount(facet="tag:a", listings=1))
    db.session.rollback()

    assert facets() == {"tag:a": 1}


def test_a_step_that_fails_leaves_nothing(app: Flask) -> None:
    with pytest.raises(LookupError), step():
        db.session.add(FacetCount(facet="tag:a", listings=1))
        db.session.flush()
        raise LookupError

    assert facets() == {}


def test_no_transaction_is_open_outside(cast: Cast) -> None:
    db.session.scalars(sa.select(Person)).all()
    assert db.session.in_transaction()

    with outside():
        assert not db.session.in_transaction()


def test_a_query_during_an_outside_call_is_a_fault(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="during an outside call"), outside():
        db.session.scalars(sa.select(Person)).all()


def test_changed_rows_are_not_dropped_by_going_outside(app: Flask) -> None:
    db.session.add(FacetCount(facet="tag:a", listings=1))

    with pytest.raises(RuntimeError, match="they would be lost"), outside():
        pass
    db.session.rollback()


def test_stripe_is_not_called_with_a_transaction_open(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="inside `with outside"):
        gateway.retrieve_checkout_session("cs_test_1")


def test_a_time_without_a_zone_is_refused(app: Flask) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        db.session.scalars(sa.select(Order).where(Order.opened_at == datetime(2026, 1, 1))).all()  # noqa: DTZ001
    db.session.rollback()


def test_times_come_back_in_utc(cast: Cast) -> None:
    joined = db.session.get_one(Person, cast.bob.id, populate_existing=True).joined_at

    assert joined.tzinfo is UTC


def test_foreign_keys_are_enforced(app: Flask) -> None:
    columns = "workspace_id, person_id, role, since"
    insert = sa.text(f"INSERT INTO memberships ({columns}) VALUES (1, 1, 'owner', '2026-01-01')")
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(insert)
    db.session.rollback()


def test_a_busy_database_is_a_pause_not_a_fault(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else holds what bob's request needs for longer than it waits: 503 and when to come back."""
    bob, engine = cast.bob, db.engine
    db.session.commit()
    monkeypatch.setattr(kit_db, "LOCK_SECONDS", 1)
    url = engine.url.render_as_string(hide_password=False)
    impatient = make_app(tmp_path, database_url=url).test_client()
    assert isinstance(impatient, Browser)
    with holding_the_database(engine):
        answer = impatient.as_person(bob).post("/listings/none/orders", data={"price": 1, "currency": "USD"})

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


@contextmanager
def holding_the_database(engine: sa.Engine) -> Iterator[None]:
    """A transaction of somebody else that lets nobody write (SQLite) or read who is who (PostgreSQL)."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with kit_db.writing():
                connection.execute(sa.text("SELECT 1"))
        else:
            connection.execute(sa.text("LOCK TABLE people IN ACCESS EXCLUSIVE MODE"))
        yield
        connection.rollback()


def test_only_a_lock_is_called_busy() -> None:
    assert is_busy(OperationalError("SELECT 1", {}, Exception("database is locked")))
    assert not is_busy(OperationalError("SELECT 1", {}, Exception("no such table: works")))
