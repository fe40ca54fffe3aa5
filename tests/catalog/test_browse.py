"""Somebody looks for a work: filters, orders, chips, counts, and addresses that can be shared."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from storefront.catalog.filters import Filters, read_filters
from tests.browser import Browser
from tests.cast import Cast
from tests.catalog.bulk import add_listings
from tests.worlds import make_offer

TITLE = re.compile(r'class="t"><a href="/listings/([^"]+)"')


def slugs(page: str) -> list[str]:
    return TITLE.findall(page)


@pytest.fixture
def wall(cast: Cast) -> None:
    """Five works, the first one published first."""
    make_offer(cast.alice, "Plain Letters", tags=["writing", "letters"], models=["GPT"], price=900)
    make_offer(cast.alice, "Night Train", tags=["writing", "horror"], kind="project", price=2900)
    make_offer(cast.alice, "Field Notes", tags=["research"], all_access=True)
    make_offer(cast.alice, "Open Door", tags=["writing"], price=0, models=["Claude", "Local models"])
    make_offer(cast.alice, "Inbox Flow", tags=["mail"], kind="flow", price=400)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["inbox-flow", "open-door", "field-notes", "night-train", "plain-letters"]),
        ("sort=newest", ["inbox-flow", "open-door", "field-notes", "night-train", "plain-letters"]),
        ("sort=price_asc", ["open-door", "inbox-flow", "plain-letters", "field-notes", "night-train"]),
        ("sort=price_desc", ["night-train", "field-notes", "plain-letters", "inbox-flow", "open-door"]),
        ("tag=writing", ["open-door", "night-train", "plain-letters"]),
        ("tag=writing&not=horror", ["open-door", "plain-letters"]),
        ("tag=writing,-horror", ["open-door", "plain-letters"]),
        ("tag=writing&tag=letters", ["plain-letters"]),
        ("tag=Writing", ["open-door", "night-train", "plain-letters"]),
        ("price=free", ["open-door"]),
        ("price=free,all_access", ["open-door", "field-notes"]),
        ("price=paid&sort=price_asc", ["inbox-flow", "plain-letters", "field-notes", "night-train"]),
        ("price=free&sort=price_desc", ["open-door"]),
        ("kind=flow&kind=project", ["inbox-flow", "night-train"]),
        ("model=gpt", ["plain-letters"]),
        ("model=Local+models", ["open-door"]),
        ("kind=pack&price=paid&model=claude", ["field-notes"]),
        ("tag=nobody-uses-this", []),
        ("kind=poem,flow&price=cheap&sort=best&model=abacus", ["inbox-flow"]),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_found(client: Browser, wall: None, asked: str, found: list[str]) -> None:
    assert slugs(client.get(f"/catalog?{asked}").text) == found


def test_an_address_has_one_form_however_it_was_written() -> None:
    written = "not=Horror&tag=b&kind=flow,pack&tag=a&after=&price=ALL-ACCESS&model=local+models&sort=trending&x=1"
    filters = read_filters(MultiDict(parse_qsl(written)))
    address = "/catalog?tag=a,b&not=horror&price=all_access&kind=pack,flow&model=local-models"
    assert filters.url() == address
    assert read_filters(MultiDict(parse_qsl(address.split("?")[1]))) == filters


def test_each_chip_takes_its_own_filter_away() -> None:
    filters = Filters(tag=("writing",), without=("horror",), price=("free", "paid"), q="letters")
    assert [(chip.text, chip.excluded, chip.off_url) for chip in filters.chips()] == [
        ("Free", False, "/catalog?q=letters&tag=writing&not=horror&price=paid"),
        ("Paid", False, "/catalog?q=letters&tag=writing&not=horror&price=free"),
        ("writing", False, "/catalog?q=letters&not=horror&price=free,paid"),
        ("horror", True, "/catalog?q=letters&tag=writing&price=free,paid"),
    ]
    assert filters.cleared_url == "/catalog?q=letters"


def test_counts_are_stored_ones_or_as_much_as_the_page_knows(client: Browser, cast: Cast) -> None:
    add_listings(cast.alice, 1, 120)
    said = {
        asked: re.sub(r"<.*?>", "", re.findall(r'role="status">(.*?)</p>', client.get(f"/catalog?{asked}").text)[0])
        for asked in ("", "tag=half", "tag=half&price=paid", "tag=rare&price=paid", "q=common")
    }
    assert said == {
        "": "120 works",
        "tag=half": "60 works of 120",
        "tag=half&price=paid": "More than 24 works of 120",
        "tag=rare&price=paid": "3 works of 120",
        "q=common": "120 works of 120",
    }


def test_bob_sees_which_works_are_his(app: Flask, client: Browser, cast: Cast, wall: None) -> None:
    client.as_person(cast.bob).post("/listings/open-door/orders", data={"price": "0", "currency": "USD"})
    page = client.get("/catalog").text
    assert page.count('<span class="dot"></span>Yours') == 1
    assert "Yours" not in app.test_client().get("/catalog").text


@pytest.mark.parametrize("asked", ["", "q=letters", "tag=writing&not=horror&price=free,paid&kind=pack&sort=price_asc"])
def test_a_full_page_takes_four_statements_at_most(
    client: Browser, cast: Cast, count_statements: Callable[..., Any], asked: str
) -> None:
    for number in range(25):
        make_offer(cast.alice, f"Letters {number}", tags=["writing"])
    client.as_person(cast.bob)
    client.get(f"/catalog?{asked}")
    with count_statements() as statements:
        page = client.get(f"/catalog?{asked}").text
    assert len(slugs(page)) == 24
    assert len(statements) <= 4, "\n\n".join(statements)


def test_htmx_gets_the_results_alone_under_their_own_address(client: Browser, wall: None) -> None:
    answer = client.htmx("/catalog?tag=writing%2C+-horror&sort=trending&kind=pack")
    assert answer.text.lstrip().startswith('<section id="catalog-results"')
    assert answer.headers["HX-Push-Url"] == "/catalog?tag=writing&not=horror&kind=pack"
    assert {"HX-Request", "HX-Request-Type", "HX-History-Restore-Request"} <= answer.vary.as_set(preserve_casing=True)


@pytest.mark.parametrize("header", [{"HX-History-Restore-Request": "true"}, {"HX-Request-Type": "full"}])
def test_going_back_and_picking_parts_get_the_whole_page(client: Browser, wall: None, header: dict[str, str]) -> None:
    assert "<html" in client.htmx("/catalog", headers=header).text


def test_a_tag_has_an_address_of_its_own(client: Browser) -> None:
    answer = client.get("/tags/Field Work")
    assert (answer.status_code, answer.location) == (301, "/catalog?tag=field-work")


def test_nothing_found_says_so_and_leads_on(client: Browser, wall: None) -> None:
    page = client.get("/catalog?tag=writing&kind=flow").text
    assert "Nothing on the wall is all of this at once." in page
    assert 'href="/catalog">Clear all filters' in page


def test_tags_have_one_spelling_whoever_writes_them(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, tags=["Field  Work!", "field_work", "ﬁction"])
    assert slugs(client.get("/catalog?tag=FIELD+work,fiction").text) == ["field-notes"]
