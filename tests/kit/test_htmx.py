"""One view, two answers: the page, or for HTMX the part that changed."""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import DictLoader

from storefront.kit.htmx import is_htmx, page_or_fragment, redirect, swaps, wants_part

PART = {"HX-Request": "true"}
RESTORED = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
PICKED = {"HX-Request": "true", "HX-Request-Type": "full"}
VARIES = {"HX-Request", "HX-Request-Type", "HX-History-Restore-Request"}


@pytest.fixture
def pages() -> Flask:
    """An app with a page, its part, and what a deed changes."""
    pages = Flask(__name__)
    pages.jinja_loader = DictLoader(
        {
            "page.html": "<html>{% include '_part.html' %}</html>",
            "_part.html": "<div id='part'>{{ count }}</div>",
            "done.swaps.html": "<p id='a' hx-swap-oob='true'>{{ count }}</p>",
        }
    )
    return pages


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({}, "<html><div id='part'>3</div></html>"),
        (PART, "<div id='part'>3</div>"),
        (RESTORED, "<html><div id='part'>3</div></html>"),
        (PICKED, "<html><div id='part'>3</div></html>"),
        ({"HX-Request": "false"}, "<html><div id='part'>3</div></html>"),
    ],
    ids=["browser", "htmx", "back in history", "hx-select", "not true"],
)
def test_the_page_or_its_part(pages: Flask, headers: dict[str, str], text: str) -> None:
    with pages.test_request_context(headers=headers):
        response = page_or_fragment("page.html", "_part.html", count=3)

    assert response.get_data(as_text=True) == text
    assert set(response.vary) == VARIES


def test_vary_adds_to_what_is_said_later(pages: Flask) -> None:
    with pages.test_request_context(headers=PART):
        response = page_or_fragment("page.html", "_part.html", count=3)
        response.vary.add("Cookie")

    assert set(response.vary) == VARIES | {"Cookie"}


def test_who_picks_from_a_whole_page_still_is_htmx(pages: Flask) -> None:
    with pages.test_request_context(headers=PICKED):
        assert is_htmx()
        assert not wants_part()


def test_after_a_deed_htmx_gets_every_place_that_changed(pages: Flask) -> None:
    with pages.test_request_context(headers=PART, method="POST"):
        response = swaps("done.swaps.html", otherwise="/list", count=4)

    assert response.status_code == 200
    assert response.get_data(as_text=True) == "<p id='a' hx-swap-oob='true'>4</p>"
    assert set(response.vary) == VARIES


def test_after_a_deed_a_browser_without_script_is_led_on(pages: Flask) -> None:
    with pages.test_request_context(method="POST"):
        response = swaps("done.swaps.html", otherwise="/list", count=4)

    assert (response.status_code, response.headers["Location"]) == (303, "/list")


@pytest.mark.parametrize("url", ["/library", "https://checkout.stripe.com/c/pay/cs_1?a=b#c"])
def test_a_redirect_that_both_understand(pages: Flask, url: str) -> None:
    with pages.test_request_context(method="POST"):
        plain = redirect(url)
    with pages.test_request_context(method="POST", headers=PART):
        told = redirect(url)

    assert (plain.status_code, plain.headers["Location"]) == (303, url)
    assert (told.status_code, told.headers["HX-Redirect"], "Location" in told.headers) == (200, url, False)
