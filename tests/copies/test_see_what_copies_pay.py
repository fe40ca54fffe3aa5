"""Whoever looks at the prices sees how one month of All-Access is split, before they pay or take part."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from storefront.copies.simulator import split_of
from storefront.kit.money import Money
from tests.browser import Browser

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PART = "/all-access/simulator"


def split_on(page: str) -> list[str]:
    """The words of the split: names, amounts, and how each comes to be."""
    part = page[page.index('id="copies-split"') :]
    return [re.sub(r"<[^>]+>", "", words).strip() for words in re.findall(r"<d[td][^>]*>(.*?)</d[td]>", part)][:6]


def test_what_copies_pay_adds_up_to_the_price(app: Flask) -> None:
    price = Money(1000, "USD")

    for copies in range(101):
        split = split_of(copies)
        assert split.creators == Money(copies * 7, "USD")
        assert split.creators + split.shop == split.price == price
    assert (split_of(143).creators, split_of(143).shop) == (price, Money(0, "USD"))


@pytest.mark.parametrize(
    ("address", "copies", "creators", "shop"),
    [
        ("/pricing", "50 copies", "$3.50", "$6.50"),
        ("/pricing?copies=0", "0 copies", "$0.00", "$10.00"),
        ("/pricing?copies=1", "1 copy", "$0.07", "$9.93"),
        ("/pricing?copies=100&interval=year", "100 copies", "$7.00", "$3.00"),
    ],
)
def test_the_page_of_prices_splits_a_month(
    client: Browser, address: str, copies: str, creators: str, shop: str
) -> None:
    page = client.get(address).text

    assert split_on(page) == [
        "To creators", creators, f"{copies} at $0.07 each", "To the shop", shop, "The rest of $10.00",
    ]  # fmt: skip
    assert f'value="{copies.split()[0]}"' in page
    assert "if 200 members each copy 3 of your works in a month, that is $42.00." in page


def test_the_slider_is_answered_with_the_split_alone(client: Browser) -> None:
    part = client.htmx(f"{PART}?copies=80")

    assert part.text.lstrip().startswith('<div id="copies-split">')
    assert split_on(part.text) == split_on(client.get("/pricing?copies=80").text)
    assert 'viewBox="0 0 1000 1"' in part.text
    assert '<rect width="560" height="1"/>' in part.text


@pytest.mark.parametrize("typed", ["abc", "-1", "101", "1.5", "１０", "9" * 5000, "<b>", ""])
def test_a_number_that_cannot_be_is_said_beside_the_slider_and_kept(client: Browser, typed: str) -> None:
    page = client.get("/pricing", query_string={"copies": typed})
    part = client.get(PART, query_string={"copies": typed})

    shown = typed.replace("<b>", "&lt;b&gt;")
    said = "Choose a whole number from 0 to 100" + (f", not “{shown[:20]}”." if typed else ".")
    assert (page.status_code, part.status_code) == (200, 422)
    assert said in page.text
    assert said in part.text
    assert f'value="{shown}" autocomplete="off" aria-invalid="true" aria-describedby="copies-error"' in page.text
    assert 'id="copies-error"' in page.text
    assert "To creators" not in page.text


def test_the_form_stays_with_the_year_and_the_plan_that_were_asked_for(client: Browser) -> None:
    form = client.get("/pricing?interval=year&plan=studio&copies=7").text
    form = form[form.index('action="/pricing#all-access"') : form.index("</form>", form.index("#all-access"))]

    assert re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form) == [("interval", "year"), ("plan", "studio")]
    assert "<noscript>" in form


def test_every_number_has_a_page_of_its_own_in_the_caches_of_strangers(client: Browser) -> None:
    few, many = (client.get(f"/pricing?copies={number}") for number in (10, 20))
    again = client.get("/pricing?copies=10", headers={"If-None-Match": few.headers["ETag"]})
    other = client.get("/pricing?copies=20", headers={"If-None-Match": few.headers["ETag"]})

    assert few.cache_control.public
    assert few.headers["ETag"] != many.headers["ETag"]
    assert (again.status_code, other.status_code) == (304, 200)
    assert split_on(other.text)[1] == split_on(client.get("/pricing?copies=20").text)[1] == "$1.40"
    assert client.get(f"{PART}?copies=10").headers["ETag"] != client.get(f"{PART}?copies=20").headers["ETag"]
    assert "Set-Cookie" not in few.headers
