"""The database goes away and comes back: a sentence meanwhile, and nobody has to start the shop again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, Response, after_this_request, request, session
from flask_login import current_user

from storefront.accounts.tries import WRONG_BY_ACCOUNT
from storefront.kit import jobs, migrations
from storefront.kit.db import db
from storefront.kit.errors import Conflict
from tests.browser import Browser
from tests.cast import PASSWORD, Cast
from tests.checkout.stripe_words import event_body
from tests.conftest import make_app
from tests.faults.bench import LASTING
from tests.postgres import Server, postgres_server
from tests.stripe import Stripe
from tests.worlds import make_offer

PLACES = ("/", "/catalog", "/listings/field-notes", "/library", "/login")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres_server(LASTING) as running:
        yield running


@pytest.fixture(scope="module")
def shop(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A shop with its jobs in the same database, a listing of alice's, and views during which it goes away."""
    app = make_app(tmp_path_factory.mktemp("shop"), database_url=server.url, jobs_url=server.url)

    def away_between_reads() -> str:
        db.session.execute(sa.text("SELECT 1"))
        server.stop()
        db.session.execute(sa.text("SELECT 1"))
        return "never"

    def away_at_the_commit() -> str:
        session["_user_id"] = "somebody"
        db.session.execute(sa.text("UPDATE listings SET gets = gets + 1"))
        server.stop()
        return "not really"

    def away_after_the_answer() -> str:
        after_this_request(stop)
        raise Conflict

    def away_before_the_refusal() -> Any:
        assert current_user.is_authenticated
        server.stop()
        if "page" in request.args:
            raise Conflict
        return "no", 409

    def stop(answer: Response) -> Response:
        server.stop()
        return answer

    for view in (away_between_reads, away_at_the_commit, away_after_the_answer, away_before_the_refusal):
        app.add_url_rule(f"/{view.__name__}", view.__name__, view, methods=["GET", "POST"])
    with app.app_context():
        migrations.upgrade(db.engine)
        make_offer(Cast().alice)
        db.session.commit()
        db.session.close()
    return app


@pytest.fixture
def browser(shop: Flask) -> Browser:
    found = shop.test_client()
    assert isinstance(found, Browser)
    return found


@pytest.fixture(scope="module")
def bob(shop: Flask) -> Any:
    with shop.app_context():
        return Cast().bob


def assert_says_when_to_come_again(answer: Any) -> None:
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Nothing was changed. Wait a few seconds, then try again." in answer.text
    assert "Set-Cookie" not in answer.headers


def test_pages_say_so_and_then_work_again(server: Server, shop: Flask, browser: Browser, bob: Any) -> None:
    browser.as_person(bob)
    stranger = shop.test_client()
    assert [browser.get(place).status_code for place in PLACES] == [200, 200, 200, 200, 303]
    server.stop()

    for place in PLACES:
        assert_says_when_to_come_again(browser.get(place))
    for place in PLACES[:3]:
        assert_says_when_to_come_again(stranger.get(place))
    # Refused before it needs the database; the page that says so would ask who looks.
    assert_says_when_to_come_again(browser.post("/listings/field-notes/orders", forged=True))

    server.start()
    assert [browser.get(place).status_code for place in PLACES] == [200, 200, 200, 200, 303]
    assert [stranger.get(place).status_code for place in PLACES] == [200, 200, 200, 303, 200]


@pytest.mark.parametrize("moment", ["away_between_reads", "away_at_the_commit"])
def test_it_goes_in_the_middle_of_a_request(server: Server, browser: Browser, moment: str) -> None:
    assert_says_when_to_come_again(browser.post(f"/{moment}"))

    server.start()
    assert browser.get("/listings/field-notes").status_code == 200


def test_an_answer_that_is_ready_is_given_although_it_goes(server: Server, browser: Browser, bob: Any) -> None:
    """The page of a refusal reads who looks; that transaction is still open when the answer leaves."""
    answer = browser.as_person(bob).post("/away_after_the_answer")
    server.start()

    assert answer.status_code == 409
    assert "Something changed meanwhile." in answer.text
    assert browser.get("/library").status_code == 200


@pytest.mark.parametrize("query", ["", "?page"])
def test_a_refusal_is_given_although_nobody_can_be_read_any_more(
    server: Server, browser: Browser, bob: Any, query: str
) -> None:
    """What bob's row says is forgotten with the transaction, and can't be read again."""
    answer = browser.as_person(bob).post(f"/away_before_the_refusal{query}")
    server.start()

    assert answer.status_code == 409
    assert answer.headers["Cache-Control"] in ("no-store", "private, no-cache")


def test_signing_in_meanwhile_costs_no_try_at_the_password(server: Server, browser: Browser, bob: Any) -> None:
    typed = {"email": bob.email, "password": PASSWORD}
    server.stop()
    answers = [browser.post("/login", data=typed) for _ in range(WRONG_BY_ACCOUNT.amount + 1)]
    assert [answer.status_code for answer in answers] == [503] * len(answers)

    server.start()
    assert browser.post("/login", data=typed).status_code == 303


def test_stripe_is_told_to_send_its_event_again(server: Server, browser: Browser) -> None:
    event = event_body("product.created", {})
    server.stop()
    assert Stripe.send(browser, event).status_code == 503

    server.start()
    assert Stripe.send(browser, event).json == {"state": "ignored"}


def test_a_shop_starts_while_it_is_away_and_jobs_are_queued_once_it_is_there(
    server: Server, shop: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    server.stop()
    app = make_app(tmp_path_factory.mktemp("late"), database_url=server.url, jobs_url=server.url)
    server.start()

    queue = app.extensions[jobs.EXTENSION].queue
    done: list[str] = []
    note = queue.task(name="note")(done.append)
    for word in ("before", "after"):
        note(word)
        queue.execute(queue.dequeue())
        server.stop()
        server.start()

    assert done == ["before", "after"]
