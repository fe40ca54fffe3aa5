"""The fault bench: the whole shop in its own processes, bad luck between them, and shoppers who go on."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import make_url

from storefront.catalog.models import Listing
from storefront.kit import clock, migrations
from storefront.kit.db import db, settle_reads, step
from storefront.kit.jobs import registry, run_due_jobs
from storefront.kit.periodic import run_periodic
from tests.cast import Cast
from tests.conftest import make_app
from tests.faults.books import deliveries_waiting, read_books
from tests.faults.checker import Broken, broken_promises, read_shop
from tests.faults.keeper import Kept
from tests.faults.proxy import Plan, Proxy
from tests.faults.shopper import Noted, Shopper
from tests.postgres import Server, postgres_server
from tests.processes import free_port
from tests.stripe import SECRET_KEY, WEBHOOK_SECRET
from tests.worlds import make_offer

#: Chances in a hundred of what goes wrong with a request to Stripe, and with a webhook.
TO_STRIPE = {"delay": 5.0, "refuse": 3.0, "lose": 3.0, "fail": 3.0, "twice": 3.0}
TO_SHOP = {"delay": 3.0, "refuse": 2.0, "lose": 2.0, "fail": 2.0, "twice": 3.0, "reorder": 4.0, "swallow": 1.0}
#: A process that is killed keeps what it committed; tearing pages is for power cuts.
LASTING = "-c synchronous_commit=on"
SETTLING = timedelta(hours=2)  # after which every session has expired and every retry is due
MOST_DELIVERING = 60.0  # seconds that a round of settling waits for webhooks
ROUNDS = 40  # of settling before the bench says that something never comes to rest


@dataclass(frozen=True)
class Wish:
    """How large a bench is and what goes wrong. ``stripe`` and ``webhooks`` are chances in a hundred by fault.

    On SQLite the database is a file: there is nothing of it to kill.
    """

    seed: int
    shoppers: int
    purchases: int
    engine: str = "postgresql"
    stripe: dict[str, float] = field(default_factory=lambda: dict(TO_STRIPE))
    webhooks: dict[str, float] = field(default_factory=lambda: dict(TO_SHOP))

    @property
    def listings(self) -> int:
        """Enough that nobody runs out of what is not theirs yet."""
        return -(-self.purchases // self.shoppers)


@dataclass
class Bench:
    """Everything that runs, and an app here on the same database to set scenes with and to look."""

    wish: Wish
    app: Flask
    database: Server | None
    stripe: Proxy
    webhooks: Proxy
    sandbox: str
    books: Path
    mail: Path
    processes: dict[str, Kept]
    url: str
    noted: Noted = field(default_factory=Noted)
    slugs: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    born: float = field(default_factory=time.monotonic)

    @property
    def age(self) -> float:
        """Seconds since it was made."""
        return time.monotonic() - self.born

    @property
    def workers(self) -> list[Kept]:
        return [kept for name, kept in self.processes.items() if name.startswith("worker")]

    def open(self) -> None:
        """Put up the listings and make the shoppers' accounts."""
        with self.app.app_context():
            migrations.upgrade(db.engine)
            cast = Cast()
            for number in range(self.wish.listings):
                price = 500 + 25 * number
                self.slugs.append(make_offer(cast.alice, f"Field Notes {number}", price=price).slug)
            for number in range(self.wish.shoppers):
                self.emails.append(cast.person(f"Shopper{number}").email)
            settle_reads()

    def shop(self) -> None:
        """Have everybody buy at once until all purchases were set out upon. Raises Gone."""
        shares = [self.wish.purchases // self.wish.shoppers] * self.wish.shoppers
        for number in range(self.wish.purchases % self.wish.shoppers):
            shares[number] += 1
        with ThreadPoolExecutor(self.wish.shoppers) as pool:
            for walk in [pool.submit(self._walk, number, share) for number, share in enumerate(shares)]:
                walk.result()

    def wait_until_it_answers(self) -> None:
        """Block until the shop is up, however often it starts anew meanwhile."""
        self.processes["web"].wait_until_it_answers(int(self.url.rsplit(":", 1)[1]))

    def calm(self) -> None:
        """Nothing goes wrong any more."""
        self.stripe.calm.set()
        self.webhooks.calm.set()
        self.wait_until_it_answers()
        _let_go(self.app)  # connections to a database that was killed since

    def settle(self) -> bool:
        """Let time pass, so that what is late arrives and what was left is swept up. True once all is at rest."""
        for _ in range(ROUNDS):
            self._control("/clock", advance=int(SETTLING.total_seconds()))
            self._until_delivered()
            with self.app.app_context():
                clock.move(clock.moved_by() + SETTLING)
                for each in registry().periodic:
                    run_periodic(each)
                settle_reads()
                ran = run_due_jobs()
                if not ran and self.is_at_rest():
                    return True
        return False

    def broken_promises(self) -> list[Broken]:
        """What the checker finds, now that all is at rest."""
        books = read_books(self.books, self.webhooks.swallowed)
        with self.app.app_context(), db.engine.connect() as connection:
            return broken_promises(read_shop(connection, self.mail), books)

    def is_at_rest(self) -> bool:
        """Whether nothing waits: no order, no job, no event, no delivery."""
        waiting = sa.text(
            "SELECT (SELECT COUNT(*) FROM orders WHERE status = 'open')"
            " + (SELECT COUNT(*) FROM jobs WHERE done_at IS NULL)"
            " + (SELECT COUNT(*) FROM stripe_events WHERE state IN ('kept', 'failed'))"
        )
        left: int = db.session.execute(waiting).scalar_one()
        settle_reads()
        return not left and not deliveries_waiting(self.books)

    def reprice(self, slug: str) -> None:
        """The creator asks a little more."""
        with self.app.app_context():
            for _ in range(100):
                with suppress(sa.exc.OperationalError):
                    with step():
                        dearer = sa.update(Listing).where(Listing.slug == slug).values(price=Listing.price + 25)
                        db.session.execute(dearer)
                    return
                threading.Event().wait(0.2)  # the database is away

    def _walk(self, number: int, share: int) -> None:
        seed = f"{self.wish.seed} shopper {number}"
        shopper = Shopper(
            self.emails[number], shop=self.url, sandbox=self.sandbox, seed=seed, noted=self.noted,
            reprice=self.reprice,
        )  # fmt: skip
        for slug in random.Random(seed).sample(self.slugs, share):
            shopper.buy(slug)

    def _until_delivered(self) -> None:
        """Wait until every webhook that is due was tried; one that failed again waits for the next round."""
        until = time.monotonic() + MOST_DELIVERING
        while deliveries_waiting(self.books) and time.monotonic() < until:
            threading.Event().wait(0.1)

    def _control(self, path: str, **values: Any) -> None:
        requests.post(f"{self.sandbox}/_sandbox{path}", json=values, timeout=30).raise_for_status()


@contextmanager
def fault_bench(folder: Path, wish: Wish) -> Iterator[Bench]:
    """Start everything: database, sandbox, proxies, two web processes and two workers; stop it afterwards."""
    with ExitStack() as stack:
        yield _start(folder, wish, stack)


def _start(folder: Path, wish: Wish, stack: ExitStack) -> Bench:
    database = stack.enter_context(postgres_server(LASTING)) if wish.engine == "postgresql" else None
    port, sandbox_port = free_port(), free_port()
    url, sandbox = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}"
    stripe = Proxy(sandbox, Plan(wish.seed, "stripe", wish.stripe))
    webhooks = Proxy(url, Plan(wish.seed, "webhooks", wish.webhooks))
    stack.callback(stripe.close)
    stack.callback(webhooks.close)
    tables = _make_database(database) if database else f"sqlite:///{folder}/shop.db"
    settings = {
        "database_url": tables, "site_url": url, "stripe_api_base": stripe.url, "stripe_timeout": 10,
        "storage_url": str(folder / "files"), "mail_folder": str(folder / "mail"),
        "clock_file": str(folder / "clock"),
    }  # fmt: skip
    app = make_app(folder, **settings)
    stack.callback(_let_go, app)
    environment = {name.upper(): str(value) for name, value in settings.items()}
    environment |= {
        "SECRET_KEY": app.config["SECRET_KEY"], "JOBS_URL": tables if database else f"sqlite:///{folder}/jobs.db",
        "PORT": str(port), "WEB_WORKERS": "2",
        "STRIPE_SECRET_KEY": SECRET_KEY, "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "SANDBOX_PORT": str(sandbox_port), "SANDBOX_DATABASE": str(folder / "sandbox.db"),
        "SANDBOX_WEBHOOK_URL": f"{webhooks.url}/webhooks/stripe",
    }  # fmt: skip
    processes: dict[str, Kept] = {}
    bench = Bench(
        wish, app, database, stripe, webhooks, sandbox, folder / "sandbox.db", folder / "mail", processes, url
    )
    bench.open()
    for name, command in (("sandbox", "sandbox"), ("worker 1", "worker"), ("worker 2", "worker"), ("web", "serve")):
        processes[name] = Kept(name, command, environment=environment, log=folder / f"{name}.log")
        stack.callback(processes[name].close)
    processes["sandbox"].wait_until_it_answers(sandbox_port)
    bench.wait_until_it_answers()
    return bench


def _make_database(server: Server) -> str:
    admin = sa.create_engine(server.url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE shop")
    admin.dispose()
    return make_url(server.url).set(database="shop").render_as_string(hide_password=False)


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()
