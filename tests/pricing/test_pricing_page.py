"""The prices: drawn from the table, the same for every stranger, and honest about how one gets a plan."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from storefront.accounts.plans import PLANS, TABLE, Right
from tests.browser import Browser
from tests.cast import Cast


@pytest.fixture
def contact(app: Flask, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A shop that names where a plan is asked for."""
    named = replace(app.extensions["settings"], plan_contact=request.param)
    monkeypatch.setitem(app.extensions, "settings", named)


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


def test_no_button_leads_nowhere_while_plans_are_set_by_hand(client: Browser) -> None:
    page = client.get("/pricing").text

    assert "Whoever runs this shop sets them by hand" in page
    assert "Ask for" not in page.replace("Ask for one", "")


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("plans@shop.example", "mailto:plans@shop.example?subject=A%20plan%20at%20Storefront"),
        ("https://shop.example/plans", "https://shop.example/plans"),
    ],
    indirect=["contact"],
)
def test_a_plan_is_asked_for_where_the_shop_says(client: Browser, cast: Cast, contact: None, address: str) -> None:
    page = client.as_person(cast.person("Dana", plan="pro")).get("/pricing").text

    assert f'href="{address}">Ask for Studio</a>' in page
    assert "Ask for Pro" not in page


def test_the_menu_leads_to_the_prices(client: Browser) -> None:
    assert 'href="/pricing" aria-current="page">Pricing</a>' in client.get("/pricing").text
