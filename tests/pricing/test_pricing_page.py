"""The prices: drawn from the table, the same for every stranger, and honest about how one gets a plan."""

from __future__ import annotations

import re

from storefront.accounts.plans import PLANS, TABLE, Right
from storefront.kit import clock
from tests.browser import Browser
from tests.cast import Cast
from tests.copies.worlds import subscribe


def in_words(right: Right) -> str:
    if isinstance(right, bool):
        return "Yes" if right else "No"
    return "Without limit" if right is None else str(right or "Copies only")


def test_every_line_of_the_table_is_on_the_page_with_what_each_plan_has(client: Browser) -> None:
    page = client.get("/pricing").text
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.S)
    assert body
    lines = re.findall(r'<th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', body[1], re.S)

    assert [head for head, _cells in lines] == [row.words for row in TABLE.values()]
    for row, (_head, cells) in zip(TABLE.values(), lines, strict=True):
        said = [re.sub(r"<svg.*?</svg>|<[^>]+>|–", "", cell, flags=re.S).strip() for cell in cells.split("</td>")[:-1]]
        assert said == [in_words(row.right(plan)) for plan in PLANS]


def test_strangers_share_one_page_that_sets_nothing(client: Browser) -> None:
    first = client.get("/pricing")

    assert "Getting is free. Selling is $19." in first.text
    assert first.cache_control.public
    assert "Set-Cookie" not in first.headers
    assert "csrf" not in first.text
    assert client.get("/pricing", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_dana_sees_which_plan_is_hers(client: Browser, cast: Cast) -> None:
    page = client.as_person(cast.person("Dana", plan="pro")).get("/pricing").text

    assert page.count("Your plan") == 2  # in the table and in its own sheet, of which one is shown
    assert ">Join<" not in page.split("<main")[1]


def test_a_year_costs_ten_months(client: Browser) -> None:
    page = client.get("/pricing?interval=year").text

    assert "$190 <span" in page
    assert "A year costs 10 months." in page
    assert 'href="/subscriptions/new?product=pro&amp;interval=year"' in page
    part = client.get("/pricing?interval=year", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="plans">')


def test_dana_changes_what_she_has_and_subscribes_to_what_she_has_not(client: Browser, cast: Cast) -> None:
    dana = cast.person("Dana")
    subscription = subscribe(dana, clock.now(), family="plan", product="pro", amount=900)
    page = client.as_person(dana).get("/pricing").text

    assert f'href="/billing/{subscription.public_id}/change?product=studio&amp;interval=month"' in page
    assert "Get All-Access for $10" in page
    assert ">Manage<" in page


def test_the_plan_that_a_refusal_names_is_marked(client: Browser) -> None:
    assert client.get("/pricing?plan=studio").text.count("Has what you need") == 2


def test_the_menu_leads_to_the_prices(client: Browser) -> None:
    assert 'href="/pricing" aria-current="page">Pricing</a>' in client.get("/pricing").text
