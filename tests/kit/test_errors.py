"""Refusals and faults: a sentence for people, one shape for machines, and an id to quote."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, abort, session
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.routing import RequestRedirect

from storefront.kit.db import db
from storefront.kit.errors import Conflict, Refusal, Unavailable
from tests.browser import Browser
from tests.conftest import make_app

ID = re.compile(r"req_[0-9a-hjkmnp-tv-z]{4}-[0-9a-hjkmnp-tv-z]{4}")


class CopiesUsedUp(Refusal):
    status = 429
    title = "No copies left."
    message = "All of this month's copies are used."


class Locked(Exception):
    """What a driver says when it waited too long."""


def refuse() -> str:
    raise CopiesUsedUp(action=("See plans", "/plans"))


def crash() -> str:
    raise LookupError("a name that no stranger may read")


def wait_in_vain() -> str:
    raise OperationalError("UPDATE orders", {}, Locked("database is locked"))


def lose_the_line() -> str:
    gone = Locked("the connection is closed")
    raise InterfaceError("SELECT 1", {}, gone, connection_invalidated=True)


def ask_wrongly() -> str:
    db.session.execute(sa.text("SELECT nothing FROM nowhere"))
    return "never"


def go_elsewhere() -> str:
    raise RequestRedirect("/elsewhere")


def sign_in_in_vain() -> str:
    session["_user_id"] = "somebody"
    raise Unavailable


VIEWS = {
    "/refused": refuse, "/crash": crash, "/locked": wait_in_vain, "/cut": lose_the_line, "/wrong": ask_wrongly,
    "/entered": sign_in_in_vain, "/redirected": go_elsewhere, "/api/crash": crash, "/v1/refused": refuse,
}  # fmt: skip


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A shop with views that go wrong, on a database without a single table."""
    folder = tmp_path_factory.mktemp("faulty")
    app = make_app(folder, database_url=f"sqlite:///{folder}/empty.db")
    for path, view in VIEWS.items():
        app.add_url_rule(path, path, view, methods=["GET", "POST"])
    app.add_url_rule("/abort/<int:status>", "abort", lambda status: abort(status))
    return app


@pytest.fixture
def visitor(faulty: Flask) -> Iterator[Browser]:
    browser = faulty.test_client()
    assert isinstance(browser, Browser)
    with faulty.app_context():
        yield browser


@pytest.fixture
def signed_in(visitor: Browser) -> Browser:
    """Somebody with a session: to draw a page for them, the shop would have to read the database."""
    with visitor.session_transaction() as session:
        session["_user_id"] = "somebody"
    return visitor


def test_a_browser_gets_a_page_with_the_sentence_and_a_way_on(visitor: Browser) -> None:
    answer = visitor.get("/refused")

    assert answer.status_code == 429
    assert answer.mimetype == "text/html"
    assert "No copies left." in answer.text
    assert "All of this month&#39;s copies are used." in answer.text
    assert 'href="/plans">See plans</a>' in answer.text
    assert ID.search(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_line_that_was_cut_is_a_pause_whatever_the_driver_calls_it(visitor: Browser) -> None:
    assert visitor.get("/cut").status_code == 503


def test_who_could_not_be_signed_in_has_no_cookie_that_says_so(visitor: Browser) -> None:
    answer = visitor.get("/entered")

    assert answer.status_code == 503
    assert "Set-Cookie" not in answer.headers


def test_htmx_gets_a_toast_and_the_page_stays(visitor: Browser) -> None:
    answer = visitor.htmx("/refused", method="POST")

    assert answer.status_code == 429
    assert answer.headers["HX-Reswap"] == "none"
    assert 'hx-swap-oob="beforeend:#toasts"' in answer.text
    assert "All of this month&#39;s copies are used." in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    ("path", "accept"), [("/refused", "application/json"), ("/v1/refused", "text/html"), ("/v1/refused", "*/*")]
)
def test_machines_get_problem_json(visitor: Browser, path: str, accept: str) -> None:
    answer = visitor.get(path, headers={"Accept": accept})
    problem = answer.get_json()

    assert answer.content_type == "application/problem+json"
    assert ID.fullmatch(problem.pop("request_id"))
    assert problem == {
        "type": "about:blank", "title": "No copies left.", "detail": "All of this month's copies are used.",
        "status": 429, "action": {"label": "See plans", "url": "/plans"},
    }  # fmt: skip


def test_a_browser_that_takes_anything_gets_a_page(visitor: Browser) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    assert visitor.get("/refused", headers={"Accept": accept}).mimetype == "text/html"


def test_a_refusal_may_say_it_in_other_words() -> None:
    refusal = Conflict("The price is another now.")

    assert (refusal.status, refusal.title) == (409, Conflict.title)
    assert str(refusal) == refusal.message == "The price is another now."
    assert (refusal.action_label, refusal.action_url) == (None, None)


def test_an_address_that_leads_nowhere_says_so_and_offers_to_search(client: Browser) -> None:
    answer = client.get("/no/such/page")

    assert answer.status_code == 404
    assert "An empty hook." in answer.text
    assert 'name="q"' in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 418, 422, 429])
def test_the_frameworks_own_errors_are_said_in_our_words(visitor: Browser, status: int) -> None:
    answer = visitor.get(f"/abort/{status}")

    assert answer.status_code == status
    assert "topbar" in answer.text
    assert ID.search(answer.text) or status == 404  # a lost address is nobody's fault


def test_a_wrong_method_is_refused_not_broken(visitor: Browser) -> None:
    assert visitor.post("/healthz").status_code == 405


def test_redirects_pass_through(visitor: Browser) -> None:
    answer = visitor.get("/redirected")

    assert (answer.status_code, answer.headers["Location"]) == (308, "/elsewhere")


@pytest.mark.parametrize("path", ["/crash", "/wrong", "/abort/500", "/"])
def test_a_fault_of_ours_needs_no_database_and_shows_an_id_that_is_in_the_log(
    signed_in: Browser, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with caplog.at_level(logging.ERROR, logger="storefront"):
        answer = signed_in.get(path)
    quoted = ID.search(answer.text)

    assert answer.status_code == 500
    assert "Something broke." in answer.text
    assert quoted
    assert quoted[0] in caplog.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "a name that no stranger may read" not in answer.text


def test_even_a_refusal_that_can_not_be_drawn_is_a_page_with_an_id(signed_in: Browser) -> None:
    """The page for a lost address greets who is signed in, and that read is what fails."""
    answer = signed_in.get("/no/such/page")

    assert answer.status_code == 500
    assert ID.search(answer.text)


def test_a_fault_is_a_toast_for_htmx_and_json_for_machines(signed_in: Browser) -> None:
    toast, problem = signed_in.htmx("/crash"), signed_in.get("/api/crash")

    assert (toast.status_code, toast.headers["HX-Reswap"]) == (500, "none")
    assert "data-toast" in toast.text
    assert problem.content_type == "application/problem+json"
    assert ID.fullmatch(problem.get_json()["request_id"])
    assert problem.get_json()["status"] == 500


def test_a_locked_database_is_a_pause(signed_in: Browser) -> None:
    answer = signed_in.post("/locked")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert Unavailable.message in answer.text


def test_a_database_that_can_not_be_reached_is_a_pause(tmp_path: Path) -> None:
    shop = make_app(tmp_path, database_url="postgresql+psycopg://nobody@/none?host=/no/such/socket")

    answer = shop.test_client().get("/")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_one_request_has_one_id_and_another_has_another(visitor: Browser) -> None:
    first, second = visitor.get("/v1/refused").get_json(), visitor.get("/v1/refused").get_json()

    assert first["request_id"] != second["request_id"]
