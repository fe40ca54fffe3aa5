"""The short part of the fault bench: the whole shop, bad luck, kills, and every promise kept."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from storefront.kit.db import db
from tests.faults.bench import Bench, Wish, fault_bench
from tests.faults.report import run_bench

SEED = 20261125


def test_every_promise_is_kept_through_bad_luck_and_ten_kills(tmp_path: Path) -> None:
    report = run_bench(tmp_path, Wish(SEED, shoppers=16, purchases=200), kill_every=1.0, most_kills=10)

    assert report.problems == [], report.table()
    assert sum(report.ways.values()) == 200
    assert sum(report.kills.values()) == 10
    assert min(report.to_stripe.values()) > 0
    assert report.orders["paid"] > 100


def test_without_any_webhook_the_success_page_and_the_sweep_fulfil_everything(tmp_path: Path) -> None:
    wish = Wish(SEED, shoppers=6, purchases=36, engine="sqlite", stripe={}, webhooks={"swallow": 100})
    with fault_bench(tmp_path, wish) as bench:
        bench.shop()
        came_back = count_licenses(bench)
        assert bench.settle()

        assert bench.broken_promises() == []
        assert bench.noted.surprises == []
        assert 0 < came_back < count_licenses(bench)
        assert bench.webhooks.swallowed


def count_licenses(bench: Bench) -> int:
    with bench.app.app_context():
        found: int = db.session.scalar(sa.text("SELECT COUNT(*) FROM licenses")) or 0
        return found
