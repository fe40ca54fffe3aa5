"""Many at the same moment, over HTTP, on PostgreSQL and two web processes: one result."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.checkout import getting, services
from storefront.checkout.models import Order
from storefront.kit import migrations
from storefront.kit.db import db, step
from storefront.library.models import Clone
from storefront.licenses.models import License
from storefront.payments.models import StripeEvent
from storefront.sandbox.server import RunningSandbox
from storefront.sandbox.signature import signature_header
from tests.cast import Cast
from tests.checkout.stripe_words import event_body, session_body
from tests.conftest import make_app
from tests.processes import free_port, running, wait_until_it_answers
from tests.stripe import GOOD, SECRET_KEY, WEBHOOK_SECRET, Stripe
from tests.worlds import make_offer

MESSENGERS = 50


@dataclass
class LiveShop:
    """Two web processes on one PostgreSQL database, and an app here that looks into it."""

    app: Flask
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def live(
    make_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory, running_sandbox: object
) -> Iterator[LiveShop]:
    folder, port = tmp_path_factory.mktemp("live"), free_port()
    url = make_database("postgresql", "live")
    sandbox_url: str = running_sandbox.url  # type: ignore[attr-defined]
    app = make_app(folder, database_url=url, stripe_api_base=sandbox_url, site_url=f"http://127.0.0.1:{port}")
    with app.app_context():
        migrations.upgrade(db.engine)
    environment = {
        "DATABASE_URL": url, "PORT": str(port), "WEB_WORKERS": "2", "STRIPE_API_BASE": sandbox_url,
        "SECRET_KEY": app.config["SECRET_KEY"], "STORAGE_URL": str(folder / "files"),
        "JOBS_URL": f"sqlite:///{folder}/jobs.db", "STRIPE_SECRET_KEY": SECRET_KEY,
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET, "SITE_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    with running("serve", **environment) as process:
        wait_until_it_answers(port, process)
        yield LiveShop(app, port)


def counts(order_id: int) -> dict[str, int]:
    """How many of each thing one order led to."""
    order = db.session.get_one(Order, order_id, populate_existing=True)
    held = sa.select(License.id).where(License.person_id == order.buyer_id, License.listing_id == order.listing_id)
    clones = sa.select(sa.func.count()).select_from(Clone).where(Clone.license_id.in_(held))
    return {
        "paid": int(order.status == "paid"),
        "licenses": len(list(db.session.scalars(held))),
        "clones": db.session.scalar(clones) or 0,
    }


def deliver_at_once(live: LiveShop, event: dict[str, object], folder: Path, times: int) -> list[str]:
    """``times`` processes that each send the event when all of them are connected."""
    body = folder / "event.json"
    body.write_text(json.dumps(event))
    signature = signature_header(body.read_bytes(), WEBHOOK_SECRET, timestamp=int(time.time()))
    script = Path(__file__).with_name("messenger.py")
    command = [
        sys.executable,
        "-S",
        str(script),
        "127.0.0.1",
        str(live.port),
        "/webhooks/stripe",
        signature,
        str(body),
    ]
    messengers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(times)
    ]
    for each in messengers:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in messengers:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    return [each.communicate(timeout=60)[0].strip() for each in messengers]


def test_one_event_delivered_fifty_times_at_once(live: LiveShop, tmp_path: Path) -> None:
    with live.app.app_context():
        cast = Cast()
        listing = make_offer(cast.alice, "Fifty Times")
        with step():
            order, _stale = services.open_order(listing, cast.bob)
        event = event_body("checkout.session.completed", session_body(order))

        assert deliver_at_once(live, event, tmp_path, MESSENGERS) == ["200"] * MESSENGERS

        assert counts(order.id) == {"paid": 1, "licenses": 1, "clones": 1}
        kept = sa.select(StripeEvent.state).where(StripeEvent.stripe_id == event["id"])
        assert list(db.session.scalars(kept)) == ["handled"]


def test_webhook_and_success_page_at_once(live: LiveShop, running_sandbox: RunningSandbox, tmp_path: Path) -> None:
    with live.app.app_context():
        cast = Cast()
        alice, bob = cast.person("Ann", plan="studio"), cast.person("Ben")
        listing = make_offer(alice, "Both Ways")
        getting.get(listing.slug, bob, price=1200, currency="USD")
        order = db.session.scalars(sa.select(Order).where(Order.buyer_id == bob.id)).one()
        stripe = Stripe(running_sandbox.url)
        stripe.pay(order.session_id or "", GOOD)
        event = next(each for each in stripe.events() if each["type"] == "checkout.session.completed")
        browser = live.app.test_client().as_person(bob)  # type: ignore[attr-defined]
        db.session.commit()

        def open_success_page() -> int:
            status: int = browser.get(f"/checkout/success?session_id={order.session_id}").status_code
            return status

        with ThreadPoolExecutor(2) as pool:
            page = pool.submit(open_success_page)
            states = deliver_at_once(live, event, tmp_path, 10)
            assert page.result(timeout=60) == 200

        assert states == ["200"] * 10
        assert counts(order.id) == {"paid": 1, "licenses": 1, "clones": 1}


def test_two_clicks_at_once_open_one_order(live: LiveShop) -> None:
    with live.app.app_context():
        cast = Cast()
        cora, dan = cast.person("Cora", plan="studio"), cast.person("Dan")
        listing = make_offer(cora, "Two Clicks")

        def click(_number: int) -> object:
            with live.app.app_context():
                return getting.get(listing.slug, dan, price=1200, currency="USD")

        with ThreadPoolExecutor(8) as pool:
            addresses = set(pool.map(click, range(8)))

        assert len(addresses) == 1
        mine = sa.select(sa.func.count()).select_from(Order).where(Order.buyer_id == dan.id)
        assert db.session.scalar(mine) == 1
