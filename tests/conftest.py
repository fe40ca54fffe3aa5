"""Fixtures: the shop on both engines, its people, its clock, its mailbox and its Stripe."""

from __future__ import annotations

import gc
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import make_url
from stripe import HTTPClient

from storefront.analytics.watching import views_of
from storefront.app import create_app
from storefront.config import Settings
from storefront.kit import clock, migrations
from storefront.kit.caching import kept_pages
from storefront.kit.db import db
from storefront.kit.security import limiter
from storefront.sandbox.server import RunningSandbox, start
from storefront.sandbox.settings import Settings as SandboxSettings
from tests.browser import Browser
from tests.cast import Cast
from tests.conversation import listener, outside
from tests.postgres import running_postgres
from tests.s3 import s3, s3_address
from tests.stripe import SECRET_KEY, Stripe

__all__ = ["s3", "s3_address"]  # fixtures of their own file

ENGINES = ("sqlite", "postgresql")
HOST = "http://shop.test"


def pytest_collection_finish() -> None:
    """What was imported and collected stays: looking through it again and again took a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session", autouse=True)
def hurried() -> None:
    """Stripe's library tries again as often as it does for the shop, without its half a second before each time."""
    HTTPClient.INITIAL_DELAY = 0.01


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a running PostgreSQL server's own database."""
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def make_database(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[..., str]:
    """Make an empty database on an engine; returns its address."""

    def make(engine: str, name: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/{name}.db"
        server = make_url(request.getfixturevalue("postgres"))
        admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        admin.dispose()
        return server.set(database=name).render_as_string(hide_password=False)

    return make


def test_settings(folder: Path, **more: Any) -> Settings:
    """Settings of a shop for tests: everything in ``folder``, jobs in memory, a clock that can be moved."""
    settings = Settings(
        site_url=HOST,
        secret_key="a-secret-for-tests-only-0123456789",
        jobs_url="memory://",
        storage_url=str(folder / "files"),
        mail_folder=str(folder / "mail"),
        ledger_key_file=str(folder / "ledger-key.pem"),
        dev_mail=True,
        dev_pages=True,
        clock_file=str(folder / "clock"),
        stripe_timeout=10,
        views_seconds=3600,  # written when a test says so
        stripe_api_base="http://127.0.0.1:9",  # nobody, until a test says which sandbox; Stripe itself never
    )
    return replace(settings, **more)


test_settings.__test__ = False  # type: ignore[attr-defined]


class Shop:
    """One app on one engine, brought back to an empty, migrated database between tests."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app = app
        self.folder = folder
        with app.app_context():
            self.engine = db.engine
            migrations.upgrade(self.engine)
            self.is_sqlite = self.engine.dialect.name == "sqlite"
            if self.is_sqlite:
                self.file = self.engine.url.database or ""
                self.clean = sqlite3.connect(":memory:")
                with closing(sqlite3.connect(self.file)) as made:
                    made.backup(self.clean)

    def empty(self) -> None:
        for name in ("files", "mail"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for name in ("clock", "ledger-key.pem"):
            (self.folder / name).unlink(missing_ok=True)
        if self.is_sqlite:
            # SQLite's own copying, because a connection that some test left open must not be surprised.
            with closing(sqlite3.connect(self.file, timeout=30)) as target:
                target.execute("PRAGMA synchronous=OFF")
                self.clean.backup(target)
            return
        tables = ", ".join(f'"{table}"' for table in migrations.metadata().tables)
        with self.engine.begin() as connection:
            connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
            connection.exec_driver_sql("INSERT INTO catalog_state (id, generation) VALUES (1, 0)")


@pytest.fixture(autouse=True)
def conversation() -> Iterator[None]:
    """Every test fails in which something was said to Stripe, or by it, that its description doesn't know, and in
    which a call left the shop during a transaction."""
    yield
    assert outside.caught() == []
    assert [problem for each in listener.LISTENING for problem in each.overheard()] == []


@pytest.fixture(scope="session")
def running_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """The payment sandbox on a free port; events wait until a test delivers them."""
    folder = tmp_path_factory.mktemp("sandbox")
    running = start(SandboxSettings(database=folder / "sandbox.db", secret_key=SECRET_KEY, port=0))
    listener.LISTENING.append(listener.listen_to(running, key=SECRET_KEY))
    yield running
    running.close()


@pytest.fixture
def stripe(running_sandbox: RunningSandbox) -> Stripe:
    """Stripe, with nothing in it."""
    found = Stripe(running_sandbox.url)
    found.reset()
    return found


@pytest.fixture(scope="session")
def shops(
    make_database: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
    running_sandbox: RunningSandbox,
) -> Callable[[str], Shop]:
    """The shop on an engine, made when first asked for."""
    made: dict[str, Shop] = {}

    def shop(engine: str) -> Shop:
        if engine not in made:
            folder = tmp_path_factory.mktemp(f"shop-{engine}")
            url = make_database(engine, "shop")
            app = make_app(folder, database_url=url, stripe_api_base=running_sandbox.url)
            made[engine] = Shop(app, folder)
        return made[engine]

    return shop


def make_app(folder: Path, **more: Any) -> Flask:
    """A shop's app with settings of its own, and password hashing that is cheap."""
    app = create_app(test_settings(folder, **more))
    app.test_client_class = Browser
    app.extensions["security"].pwd_context.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)
    return app


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Tests that touch the shop run on both engines."""
    found: str = request.param
    return found


@pytest.fixture
def app(shops: Callable[[str], Shop], engine: str) -> Iterator[Flask]:
    """The shop, empty, inside an app context."""
    shop = shops(engine)
    shop.empty()
    with shop.app.app_context():
        limiter.reset()
        kept_pages(shop.app).clear()
        views_of(shop.app).count.clear()
        yield shop.app
        db.session.rollback()


@pytest.fixture
def client(app: Flask) -> Browser:
    """Somebody's browser, signed out."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast()


@pytest.fixture
def move_clock(app: Flask) -> Callable[[timedelta], None]:
    """Move the shop's clock on from where it stands."""

    def move(by: timedelta) -> None:
        clock.move(clock.moved_by() + by)

    return move


@pytest.fixture
def count_statements(app: Flask) -> Callable[..., Any]:
    """``with count_statements() as statements:`` collects the SQL run inside."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def remember(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                statements.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", remember)
        try:
            yield statements
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", remember)

    return counting
