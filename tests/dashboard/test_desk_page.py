"""Today at the desk: true figures, what waits, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from storefront.accounts.models import Person
from storefront.catalog.services import suspend
from storefront.dashboard.figures import figures_for
from storefront.kit.db import db, step
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold, release
from tests.selling.desk import make_draft, now
from tests.worlds import make_offer, make_team


def test_a_new_creator_is_led_to_a_first_listing(client: Browser, cast: Cast) -> None:
    assert "1. Make a work." in client.as_person(cast.alice).get("/dashboard").text


def test_figures_are_those_of_the_licenses(
    client: Browser, cast: Cast, move_clock: Callable[[timedelta], None]
) -> None:
    sold, free = make_offer(cast.alice, "Sold", price=1200), make_offer(cast.alice, "Given", price=0)
    hold(cast.mallory, sold)
    move_clock(timedelta(days=40))
    hold(cast.bob, sold)
    hold(cast.bob, free)
    finish(hold(cast.carol, sold), "refunded")

    seen = figures_for(cast.alice, 30)

    assert (seen.sales, seen.gets, seen.before) == (1, 3, 1)
    assert seen.earned == {"USD": 2040}
    assert seen.days[-1].earned == 1020
    assert len(seen.days) == 30
    page = client.as_person(cast.alice).get("/dashboard").text
    assert "$20.40" in page
    assert "As many as the 30 days before" in page
    assert "1 sale and 3 gets" in page  # the chart in words
    assert "Refunded" in page


def test_what_needs_alice_is_listed_the_gravest_first(client: Browser, cast: Cast) -> None:
    make_draft(cast.alice)
    behind = make_offer(cast.alice, "Behind")
    release(behind, cast.alice)
    with step():
        suspend(now(make_offer(cast.alice, "Taken Down")), "Somebody else wrote it.")

    page = client.as_person(cast.alice).get("/dashboard").text

    places = [page.index(words) for words in ("Taken Down is suspended", "Behind has a newer version", "is a draft")]
    assert places == sorted(places)
    assert "Somebody else wrote it." in page


def test_figures_are_part_of_studio_and_go_by_the_owner(client: Browser, cast: Cast) -> None:
    team = make_team(cast.alice, viewer=cast.bob)
    hold(cast.carol, make_offer(cast.alice, "Ours", price=1000, into=team))
    assert "$8.50" in client.as_person(cast.bob).get("/dashboard").text
    assert "Ours" in client.get("/dashboard/sales.csv").text

    with step():
        db.session.get_one(Person, cast.alice.id).plan = "pro"

    page = client.as_person(cast.alice).get("/dashboard").text
    assert "Seeing how it went is part of Studio." in page
    assert "$8.50" not in page
    assert client.get("/dashboard/sales.csv").status_code == 403


def test_mallory_sees_no_sale_of_alice(client: Browser, cast: Cast) -> None:
    hold(cast.bob, make_offer(cast.alice, "Hers"))
    mallory = cast.person("Mona", plan="studio")

    assert "Hers" not in client.as_person(mallory).get("/dashboard").text
    assert "Hers" not in client.get("/dashboard/sales.csv").text


def test_all_sales_are_a_file_that_streams(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice, "=Sum", slug="sum")
    hold(cast.bob, listing)
    hold(cast.bob, make_offer(cast.alice, "Given", price=0))

    answer = client.as_person(cast.alice).get("/dashboard/sales.csv")

    assert "Content-Length" not in answer.headers  # sent as it is read
    lines = answer.text.splitlines()
    assert lines[0] == "Work,Date,License,State,Paid,Fee,Yours,Currency"
    assert len(lines) == 2
    assert lines[1].startswith("'=Sum,")
    assert lines[1].endswith(",completed,12.00,1.80,10.20,USD")


def test_the_desk_costs_the_same_for_any_number(
    client: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    hold(cast.bob, make_offer(cast.alice, "One"))
    client.as_person(cast.alice)

    def cost() -> int:
        client.get("/dashboard")
        with count_statements() as statements:
            client.get("/dashboard?days=90")
        return len(statements)

    one = cost()
    for at in range(3):
        hold(cast.bob, make_offer(cast.alice, f"More {at}"))
    assert cost() == one <= 14
