"""The table of one's listings, and one deed to several at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from storefront.catalog.services import suspend
from storefront.kit import clock
from storefront.kit.db import step
from tests.analytics.looking import change_plan, look_at
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold
from tests.selling.desk import WORDS, make_draft, now, type_in
from tests.worlds import make_offer, make_pack, make_team


def test_a_new_creator_is_led_from_a_work_to_a_listing(client: Browser, cast: Cast) -> None:
    page = client.as_person(cast.alice).get("/dashboard/listings").text

    assert "1. Make a work." in page
    make_pack(cast.alice)
    assert "/dashboard/listings/new" in client.get("/dashboard/listings").text


def test_alice_sees_her_listings_with_what_they_earned(client: Browser, cast: Cast) -> None:
    sold, free = make_offer(cast.alice, "Sold", price=1200), make_offer(cast.alice, "Given", price=0)
    hold(cast.bob, sold)
    finish(hold(cast.carol, sold), "refunded")
    hold(cast.bob, free)
    draft = make_draft(cast.alice)
    type_in(client.as_person(cast.alice), draft, "words", WORDS)

    page = client.get("/dashboard/listings").text

    for words in ("Sold", "Given", "The Long Readout", "$10.20", "Published", "Draft"):
        assert words in page
    assert "$20.40" not in page  # what was refunded earned nothing


def test_mallory_sees_nothing_and_a_viewer_cannot_tick(client: Browser, cast: Cast) -> None:
    team = make_team(cast.alice, viewer=cast.bob)
    make_offer(cast.alice, "Ours", into=team)

    assert "Ours" not in client.as_person(cast.mallory).get("/dashboard/listings").text
    seen = client.as_person(cast.bob).get("/dashboard/listings").text
    assert "Ours" in seen
    assert 'name="listing"' not in seen


def test_states_workspaces_and_orders_are_addresses(client: Browser, cast: Cast) -> None:
    team = make_team(cast.alice)
    make_offer(cast.alice, "Alpha", price=500)
    make_offer(cast.alice, "Beta", price=900, into=team)
    with step():
        suspend(now(make_offer(cast.alice, "Gamma")), "Copied.")
    client.as_person(cast.alice)

    only = client.get("/dashboard/listings?state=suspended").text
    assert "Gamma" in only
    assert "Copied." in only
    assert "Alpha" not in only
    assert "Alpha" not in client.get("/dashboard/listings?workspace=press").text
    dear = client.get("/dashboard/listings?sort=price").text
    assert dear.index("Beta") < dear.index("Alpha")
    named = client.get("/dashboard/listings?sort=title&state=nonsense").text
    assert named.index("Alpha") < named.index("Beta")
    part = client.htmx("/dashboard/listings?sort=title")
    assert part.text.lstrip().startswith('<div id="selling-table"')


def test_pages_go_on_without_gaps_in_every_order(client: Browser, cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("storefront.selling.table.PAGE", 2)
    for at in range(5):
        make_offer(cast.alice, f"Work {at}", price=500 + at % 2)
    client.as_person(cast.alice)
    for sort in ("newest", "views", "gets", "price", "title"):
        seen: list[str] = []
        url = f"/dashboard/listings?sort={sort}"
        while url:
            page = client.get(url).text
            seen += [f"Work {at}" for at in range(5) if f">Work {at}<" in page]
            url = (
                page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
                if 'rel="next"' in page
                else ""
            )
        assert sorted(seen) == [f"Work {at}" for at in range(5)], sort


def test_views_are_a_column_and_an_order_for_whose_plan_has_them(client: Browser, cast: Cast) -> None:
    team = make_team(cast.alice, viewer=cast.bob)
    for title, views in (("Alpha", 5), ("Beta", 1_234), ("Gamma", 0)):
        make_offer(cast.alice, title, into=team)
        look_at(title.lower(), views)

    seen = client.as_person(cast.bob).get("/dashboard/listings?sort=views").text
    assert seen.index("Beta") < seen.index("Alpha") < seen.index("Gamma")
    assert '<td class="r tn" data-l="Views">1,234</td>' in seen

    change_plan(cast.alice, "pro")
    hidden = client.get("/dashboard/listings?sort=views").text
    assert "1,234" not in hidden
    assert "Views</th>" not in hidden
    assert "Most views" not in hidden
    assert hidden.index("Gamma") < hidden.index("Beta") < hidden.index("Alpha")  # nor does the order tell


def test_the_table_is_a_file_that_streams_as_it_is_looked_at(
    client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storefront.selling.table.PAGE", 2)
    team = make_team(cast.alice)
    make_offer(cast.alice, "=Alpha", price=500, slug="alpha")
    for title in ("Beta", "Gamma", "Delta"):
        hold(cast.bob, make_offer(cast.alice, title, price=900, into=team))
    look_at("alpha", 7)
    make_draft(cast.alice)
    client.as_person(cast.alice)

    answer = client.get("/dashboard/listings.csv?sort=title&state=published")

    assert "Content-Length" not in answer.headers  # sent as it is read
    lines = answer.text.splitlines()
    today = clock.now().date().isoformat()
    assert lines[0] == "Listing,Workspace,State,Version,Published,Price,Views,Gets,Sales,Yours,Currency"
    assert lines[1] == f"'=Alpha,Alice,published,1,{today},5.00,7,0,0,0.00,USD"
    assert [each.split(",")[0] for each in lines[2:]] == ["Beta", "Delta", "Gamma"]
    assert lines[2] == f"Beta,Press,published,1,{today},9.00,0,1,1,7.65,USD"
    only = client.get("/dashboard/listings.csv?workspace=press&sort=newest").text.splitlines()
    assert [each.split(",")[0] for each in only[1:]] == ["Delta", "Gamma", "Beta"]
    assert len(client.as_person(cast.mallory).get("/dashboard/listings.csv").text.splitlines()) == 1


def test_one_deed_for_several_says_what_was_done_and_what_not(client: Browser, cast: Cast) -> None:
    ready, bare = make_offer(cast.alice, "Ready"), make_draft(cast.alice)
    client.as_person(cast.alice)
    client.post("/dashboard/listings/deeds", data={"do": "unpublish", "listing": [ready.id]})
    assert now(ready).state == "draft"

    client.post("/dashboard/listings/deeds", data={"do": "publish", "listing": [ready.id, bare.id]})

    page = client.get("/dashboard/listings").text
    assert "1 listing is published." in page
    assert "Write a tagline." in page
    assert (now(ready).state, now(bare).state) == ("published", "draft")


def test_ticks_of_others_listings_do_nothing(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)

    answer = client.as_person(cast.mallory).post(
        "/dashboard/listings/deeds", data={"do": "retire", "listing": [listing.id]}
    )

    assert answer.status_code == 404
    assert now(listing).state == "published"


def test_the_table_costs_the_same_for_any_number(
    client: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    client.as_person(cast.alice)

    def cost() -> int:
        client.get("/dashboard/listings")
        with count_statements() as statements:
            client.get("/dashboard/listings")
        return len(statements)

    make_offer(cast.alice, "One")
    one = cost()
    for at in range(4):
        make_offer(cast.alice, f"More {at}")
    assert cost() == one <= 8
