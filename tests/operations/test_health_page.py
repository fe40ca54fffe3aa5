"""``/admin/health``: operators see what waits, that the worker runs, and what its sweeps mended."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storefront.checkout.models import Order
from storefront.checkout.services import open_order
from storefront.kit import clock, jobs
from storefront.kit.db import db, step
from storefront.kit.jobs import GIVE_UP, AnnouncedJob, announce
from storefront.kit.periodic import Mending, Periodic, Tally, run_periodic
from storefront.kit.slices import installed
from tests.browser import Browser
from tests.cast import Cast
from tests.payments.events import parked
from tests.stripe import Stripe
from tests.worlds import make_offer

MoveClock = Callable[[timedelta], None]
HEALTH, JOBS, MENDINGS, ORDERS = "/admin/health", "/admin/health/jobs", "/admin/health/mendings", "/admin/orders"


def all_come_round() -> None:
    """What a worker does in half an hour."""
    for work in jobs.registry().periodic:
        run_periodic(work)


def given_up(number: int = 1) -> list[int]:
    """Ids of letters whose server was never there."""
    with step():
        letters = [announce("mail.deliver", to="bob@example.com", n=n) for n in range(number)]
        db.session.flush()
        for letter in letters:
            letter.attempts, letter.error = GIVE_UP, "ConnectionRefusedError: nobody there"
    return [letter.id for letter in letters]


def words(page: str) -> str:
    """What is read of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") :]))


@pytest.fixture
def carol(client: Browser, cast: Cast) -> Browser:
    """Carol's browser."""
    return client.as_person(cast.carol)


@pytest.mark.parametrize("path", [HEALTH, JOBS, MENDINGS, ORDERS])
def test_only_operators_find_these_pages(client: Browser, cast: Cast, path: str) -> None:
    assert client.get(path).status_code == 303
    assert client.as_person(cast.mallory).get(path).status_code == 404
    assert client.as_person(cast.carol).get(path).status_code == 200


def test_mallory_tries_no_job_again_and_asks_about_no_order(client: Browser, cast: Cast) -> None:
    (job_id,) = given_up()
    client.as_person(cast.mallory)

    assert client.post(f"{JOBS}/{job_id}/tries").status_code == 404
    assert client.post(f"{ORDERS}/ord_1/checks").status_code == 404

    assert db.session.get_one(AnnouncedJob, job_id, populate_existing=True).attempts == GIVE_UP


def test_a_shop_that_is_well_says_so(carol: Browser) -> None:
    all_come_round()

    page = words(carol.get(HEALTH).text)

    assert "All is well." in page
    assert "Nothing had to be mended in thirty days." in page
    assert page.count(" Well ") == len(jobs.registry().periodic)


def test_a_worker_that_never_ran_or_died_is_noticed(carol: Browser, move_clock: MoveClock) -> None:
    page = carol.get(HEALTH).text
    assert "No worker has been heard yet" in page
    assert "No worker runs." in page
    all_come_round()
    assert "No worker runs." not in carol.get(HEALTH).text

    move_clock(timedelta(minutes=4))

    page = words(carol.get(HEALTH).text)
    assert "No worker runs." in page
    assert "The worker was last heard 4 minutes ago" in page
    every_minute = sum(work.minutes == 1 for work in jobs.registry().periodic)
    assert page.count(" Late ") == every_minute  # the others have time


def test_what_does_not_go_away_by_itself_is_marked(carol: Browser, cast: Cast) -> None:
    parked()
    given_up()
    all_come_round()

    page = words(carol.get(HEALTH).text)

    assert "This needs you." in page
    assert "Events parked 1 fit nothing; wait for a decision" in page
    assert "Jobs given up 1 failed 12 times" in page
    assert "ConnectionRefusedError: nobody there" in page
    assert "bob@example.com" not in page  # a job's arguments are nobody's to read


def test_periodic_work_that_failed_shows_its_error(carol: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    all_come_round()
    broken = Periodic("jobs.sweep", lambda: 1 / 0)  # type: ignore[arg-type,return-value]
    with pytest.raises(ZeroDivisionError):
        run_periodic(broken)

    page = words(carol.get(HEALTH).text)

    assert "ZeroDivisionError: division by zero" in page
    assert "Some periodic work failed the last time" in page


def test_what_a_sweep_found_and_mended_is_shown(carol: Browser) -> None:
    all_come_round()
    run_periodic(Periodic("jobs.sweep", lambda: [Tally("jobs to try again", 3, 2)]))

    page = words(carol.get(HEALTH).text)

    assert "Jobs to try again: 3, mended 2" in page
    assert "Jobs to try again just now 3 2" in page


def test_carol_has_a_job_tried_again(carol: Browser) -> None:
    (job_id,) = given_up()

    answer = carol.post(f"{JOBS}/{job_id}/tries")

    assert (answer.status_code, answer.location) == (303, JOBS)
    page = carol.get(answer.location).text
    assert "It is tried again now." in page
    assert "No job was given up." in page
    assert db.session.get_one(AnnouncedJob, job_id, populate_existing=True).attempts == 0
    assert "mail.deliver" in carol.get(f"{JOBS}?state=waiting").text


@pytest.mark.parametrize("few", ["", "&few=yes"])
def test_trying_again_changes_the_list_where_it_stands(carol: Browser, few: str) -> None:
    first, second = given_up(2)
    page = carol.get(HEALTH if few else JOBS).text
    address = f"{JOBS}/{first}/tries?state=given-up{few}"
    assert f'hx-post="{address.replace("&", "&amp;")}"' in page

    answer = carol.htmx(address, method="POST")

    assert answer.status_code == 200
    assert f"Try job {second} again" in answer.text
    assert f"Try job {first} again" not in answer.text
    assert "It is tried again now." in answer.text
    assert "<html" not in answer.text


def test_a_job_that_is_done_stays_done(carol: Browser) -> None:
    (job_id,) = given_up()
    with step():
        db.session.get_one(AnnouncedJob, job_id).done_at = clock.now()

    assert "It is done, or being done, already." in carol.get(carol.post(f"{JOBS}/{job_id}/tries").location).text
    assert carol.post(f"{JOBS}/99999/tries").status_code == 303


@pytest.mark.parametrize(("path", "row"), [(JOBS, r"Try job (\d+) again"), (MENDINGS, r"Broken cup (\d+)")])
def test_pages_hold_every_row_once(carol: Browser, path: str, row: str) -> None:
    given_up(60)
    with step():
        values: list[dict[str, Any]] = [
            {"at": clock.now(), "name": "x", "kind": f"broken cup {n}", "found": 1, "mended": 1} for n in range(60)
        ]
        db.session.execute(sa.insert(Mending), values)
    seen: list[str] = []
    here: str | None = path
    while here:
        page = carol.get(here).text
        seen += re.findall(row, page)
        older = re.search(r'href="([^"]+)"[^>]*>(?:(?!</a>).)*Older', page, re.DOTALL)
        here = older[1].replace("&amp;", "&") if older else None

    assert len(seen) == len(set(seen)) == 60
    assert carol.get(f"{path}?after=nonsense").status_code == 400


def test_a_page_costs_the_same_however_much_waits(
    carol: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    all_come_round()
    costs = []
    for _ in range(2):
        with count_statements() as statements:
            assert carol.get(HEALTH).status_code == 200
        costs.append(len(statements))
        given_up(40)
        parked()

    asked = len(installed().parts("answers", "health.concerns"))  # each slice answers with one statement
    assert costs[0] == costs[1] <= 8 + asked


@pytest.fixture
def overdue(cast: Cast, stripe: Stripe, carol: Browser, move_clock: MoveClock) -> Order:
    """Bob's order whose session was never made, an hour after it could have been."""
    with step():
        order, _stale = open_order(make_offer(cast.alice), cast.bob)
    assert "No order is overdue." in carol.get(ORDERS).text
    move_clock(timedelta(hours=26))
    return order


def test_an_overdue_order_is_shown_and_settled(carol: Browser, overdue: Order) -> None:
    all_come = words(carol.get(HEALTH).text)
    assert "Orders overdue 1 still open, their page has closed" in all_come
    page = carol.get(ORDERS).text
    assert overdue.public_id in page
    assert "Never" in page

    answer = carol.post(f"{ORDERS}/{overdue.public_id}/checks")

    page = carol.get(answer.location).text
    assert "The order is expired now." in page
    assert "No order is overdue." in page


def test_asking_stripe_changes_the_list_where_it_stands(carol: Browser, overdue: Order) -> None:
    answer = carol.htmx(f"{ORDERS}/{overdue.public_id}/checks", method="POST")

    assert answer.status_code == 200
    assert "The order is expired now." in answer.text
    assert 'id="checkout-overdue"' in answer.text
    assert "No order is overdue." in answer.text
    assert "<html" not in answer.text


def test_an_order_that_stripe_does_not_know_says_so(carol: Browser, overdue: Order) -> None:
    with step():
        db.session.get_one(Order, overdue.id).session_id = "cs_test_of_another_account"
    all_come_round()

    assert "Stripe does not tell how its session stands: resource_missing." in carol.get(ORDERS).text
    assert carol.post(f"{ORDERS}/{overdue.public_id}/checks").status_code == 502
    assert carol.post(f"{ORDERS}/ord_none/checks").status_code == 404


def test_the_menu_counts_what_needs_an_operator(carol: Browser) -> None:
    def counted() -> str:
        entry = re.search(r'href="/admin/health"[^>]*>(.*?)</a>', carol.get("/admin/webhooks").text, re.DOTALL)
        assert entry is not None
        return " ".join(re.sub("<[^>]+>", " ", entry[1]).split())

    all_come_round()
    assert counted() == "Health"
    given_up(2)
    assert counted() == "Health 2"
