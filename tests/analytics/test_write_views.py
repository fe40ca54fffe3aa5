"""What was counted is written, by any number of processes, and is not lost while the database can't be written."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.analytics.counting import Count, Sight
from storefront.analytics.models import ListingDay
from storefront.analytics.services import write
from storefront.analytics.watching import views_of
from storefront.catalog import services as catalog
from storefront.kit import clock, migrations
from storefront.kit.db import db, settle_reads, step
from tests.analytics.looking import BROWSER, PAGE, views, visitor
from tests.at_once import all_at_once
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import make_app
from tests.processes import free_port, running, wait_until_it_answers
from tests.selling.desk import now
from tests.worlds import make_offer


def test_processes_that_write_at_once_add_up(app: Flask, cast: Cast) -> None:
    slugs = [make_offer(cast.alice, f"Work {at}").slug for at in range(4)]
    today = clock.now().date()

    def process(number: int) -> Callable[[], None]:
        def work() -> None:
            order = slugs[number % 4 :] + slugs[: number % 4]
            for _time in range(5):
                with step():
                    write({Sight(slug, today): 2 for slug in order})

        return work

    all_at_once(app, [process(number) for number in range(6)])

    assert views(app) == 6 * 5 * 4 * 2


def test_what_cannot_be_written_waits_for_the_next_time(app: Flask, client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    client.get(PAGE, **visitor(1))
    with step():
        db.session.execute(sa.text("ALTER TABLE listing_totals RENAME TO listing_totals_away"))
    try:
        views_of(app).flush()
        client.get(PAGE, **visitor(2))
        views_of(app).flush()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ListingDay)) == 0
        settle_reads()
    finally:
        with step():
            db.session.execute(sa.text("ALTER TABLE listing_totals_away RENAME TO listing_totals"))

    assert views(app) == 2
    assert views(app) == 2  # and is written once


def test_a_listing_that_is_gone_takes_its_views_along(app: Flask, client: Browser, cast: Cast) -> None:
    gone, stays = make_offer(cast.alice), make_offer(cast.alice, "Stays")
    client.get(PAGE, **visitor(1))
    assert views(app) == 1
    client.get(PAGE, **visitor(2))
    client.get("/listings/stays", **visitor(2))
    with step():
        catalog.unpublish(now(gone), by=cast.alice)
        catalog.delete(now(gone), by=cast.alice)

    assert views(app) == 1
    assert db.session.scalars(sa.select(ListingDay.listing_id)).all() == [stays.id]


def test_no_page_waits_for_the_writing_and_none_is_outrun_by_it(app: Flask, client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    first = client.get(PAGE, **visitor(1))
    assert views(app) == 1
    again = client.get(PAGE, **visitor(2))
    assert again.headers["ETag"] == first.headers["ETag"]
    with db.engine.connect() as connection:
        assert "listing_days" not in connection.scalars(sa.text("SELECT subject FROM page_stamps")).all()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_that_is_stopped_writes_what_it_counted(
    make_database: Callable[..., str], tmp_path: Path, workers: str
) -> None:
    url = make_database("postgresql", f"stopped-{workers}")
    port = free_port()
    engine = sa.create_engine(url)
    migrations.upgrade(engine)
    _make_offer_in(url, tmp_path)
    settings = {
        "DATABASE_URL": url, "JOBS_URL": f"sqlite:///{tmp_path}/jobs.db", "STORAGE_URL": str(tmp_path / "files"),
        "PORT": str(port), "WEB_WORKERS": workers, "VIEWS_SECONDS": "3600",
    }  # fmt: skip
    with running("serve", **settings) as process:
        wait_until_it_answers(port, process)
        for number in range(12):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", PAGE, headers={**BROWSER, "User-Agent": f"{BROWSER['User-Agent']} {number}"})
            assert connection.getresponse().status == 200
            connection.close()

    with engine.connect() as database:
        assert database.scalar(sa.text("SELECT sum(views) FROM listing_days")) == 12
    engine.dispose()


def _make_offer_in(url: str, folder: Path) -> None:
    app = make_app(folder, database_url=url)
    with app.app_context():
        make_offer(Cast().alice)
        db.engine.dispose()


def test_the_count_has_an_end(app: Flask, cast: Cast) -> None:
    count = Count(most_visitors=50, most_waiting=3)
    today = clock.now().date()
    for number in range(200):
        count.see(f"work-{number % 5}", today, f"visitor {number}")

    assert len(count) == 3
    assert len(count._visitors) == 50
    assert sum(count.take().values()) + count.lost == 200
