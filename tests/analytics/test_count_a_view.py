"""Looking at a listing counts once, whoever makes the answer; and programs, owners and operators do not count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.accounts.models import Membership
from storefront.config import Settings
from storefront.kit import clock
from storefront.kit.db import db, step
from tests.analytics.looking import PAGE, views, visitor, written
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import make_app
from tests.selling.desk import address
from tests.worlds import make_offer, make_team


def test_a_page_counts_whether_it_is_rendered_kept_or_known_already(app: Flask, client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)

    rendered = client.get(PAGE, **visitor(1))
    kept = client.get(PAGE, **visitor(2))
    known = client.get(PAGE, **visitor(3, If_None_Match=rendered.headers["ETag"]))

    assert [each.status_code for each in (rendered, kept, known)] == [200, 200, 304]
    assert written(app) == {clock.now().date().isoformat(): 3}


def test_a_304_that_had_to_be_rendered_counts_too(app: Flask, client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    tag = client.get(PAGE).headers["ETag"]
    app.extensions["kept_pages"].clear()

    assert client.get(PAGE, **visitor(1, If_None_Match=tag)).status_code == 304
    assert views(app) == 1


def test_reloading_ten_times_is_one_view_a_day(
    app: Flask, client: Browser, cast: Cast, move_clock: Callable[[timedelta], None]
) -> None:
    make_offer(cast.alice)
    make_offer(cast.alice, "Second")
    for _time in range(10):
        client.get(PAGE, **visitor())
    assert views(app) == 1

    client.get("/listings/second", **visitor())
    client.get(PAGE, **visitor(1, User_Agent="Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/19 Safari/605"))
    move_clock(timedelta(days=1))
    client.get(PAGE, **visitor())

    assert sorted(written(app).values()) == [1, 3]


@pytest.mark.parametrize(
    "headers",
    [
        {"User_Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User_Agent": "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)"},
        {"User_Agent": "curl/8.15.0"},
        {"User_Agent": ""},
        {"User_Agent": "Werkzeug/3.1"},
        {"Accept": "*/*"},
        {"Accept_Language": None},
        {"Sec_Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X_Moz": "prefetch"},
        {"Sec_Fetch_Dest": "empty"},
        {"HX_Request": "true"},
    ],
    ids=lambda headers: "-".join(map(str, *headers.items())),
)
def test_programs_and_pages_fetched_ahead_do_not_count(
    app: Flask, client: Browser, cast: Cast, headers: dict[str, str | None]
) -> None:
    make_offer(cast.alice)
    for _time in range(2):  # rendered, and kept
        assert client.get(PAGE, **visitor(1, **headers)).status_code == 200
    assert views(app) == 0


def test_only_what_was_shown_counts(app: Flask, client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)

    client.head(PAGE, **visitor())
    client.get("/listings/nothing-here", **visitor())
    client.get("/listings/Not%20a%20slug", **visitor())
    client.get(f"{PAGE}/get", **visitor())
    client.get("/catalog", **visitor())

    assert views(app) == 0


def test_bob_counts_and_neither_alice_nor_her_team_nor_an_operator(app: Flask, client: Browser, cast: Cast) -> None:
    team = make_team(cast.alice, viewer=cast.mallory)
    make_offer(cast.alice, into=team)
    for person in (cast.alice, cast.mallory, cast.carol):
        assert client.as_person(person).get(PAGE, **visitor()).status_code == 200
    assert views(app) == 0

    for _time in range(2):
        client.as_person(cast.bob).get(PAGE, **visitor())
    assert views(app) == 1


def test_the_private_link_does_not_count(app: Flask, client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    client.as_person(cast.alice).post(address(listing, "share-link"))
    page = client.get(address(listing, "edit?step=check")).text
    token = page.split("/previews/")[1].split("<")[0].split('"')[0].strip()

    stranger = app.test_client()
    assert stranger.get(f"/previews/{token}", **visitor()).status_code == 200
    assert views(app) == 0


def test_a_view_costs_no_statement(
    app: Flask, client: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    make_offer(cast.alice)

    def cost(**request: Any) -> int:
        with count_statements() as statements:
            client.get(PAGE, **request)
        return len(statements)

    client.get(PAGE)  # what is remembered of it for good
    app.extensions["kept_pages"].clear()
    rendered = cost()
    app.extensions["kept_pages"].clear()
    assert cost(**visitor(1)) == rendered
    assert cost(**visitor(2)) == 0  # kept
    client.as_person(cast.bob).get(PAGE)
    assert cost(**visitor(3)) == cost()
    assert views(app) == 3


def test_nothing_about_the_visitor_is_kept(app: Flask, client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    answer = client.get(PAGE, **visitor())
    assert "Set-Cookie" not in answer.headers
    views(app)

    for table in ("listing_days", "listing_totals"):
        columns = db.session.execute(sa.text(f"SELECT * FROM {table}")).keys()
        assert set(columns) <= {"listing_id", "day", "views"}


def test_who_becomes_a_member_before_it_is_written_is_not_counted(app: Flask, client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    client.as_person(cast.bob).get(PAGE, **visitor())
    with step():
        row = Membership(workspace_id=listing.workspace_id, person_id=cast.bob.id, role="editor", since=clock.now())
        db.session.add(row)
    assert views(app) == 0


def test_counting_can_be_left_out(tmp_path: Any) -> None:
    app = make_app(tmp_path, database_url=f"sqlite:///{tmp_path}/shop.db", views_seconds=0)
    assert "views" not in app.extensions
    assert Settings().views_seconds == 10
