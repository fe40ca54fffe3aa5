"""Somebody reads about a creator and walks through their works."""

from __future__ import annotations

import re

from storefront.accounts.queries import personal_workspace
from storefront.catalog.services import unpublish
from storefront.kit.db import step
from tests.browser import Browser
from tests.cast import Cast
from tests.worlds import make_offer

TITLE = re.compile(r'class="t"><a href="/listings/([^"]+)"')


def test_the_page_says_who_made_what(client: Browser, cast: Cast) -> None:
    kept, gone = make_offer(cast.alice, "Kept"), make_offer(cast.alice, "Gone")
    make_offer(cast.person("Erin", plan="studio"), "Hers")
    with step():
        workspace = personal_workspace(cast.alice)
        workspace.role_line, workspace.about = "Field researcher", "Watches <people>."
        unpublish(gone, by=cast.alice)
    page = client.get("/@alice").text
    assert TITLE.findall(page) == [kept.slug]
    assert "Field researcher" in page
    assert "Watches &lt;people&gt;." in page


def test_many_works_come_in_pages_each_once(client: Browser, cast: Cast) -> None:
    for number in range(30):
        make_offer(cast.alice, f"Work {number}")
    first = client.get("/@alice").text
    link = re.findall(r'href="([^"]+)" rel="next"', first)[0]
    second, part = client.get(link).text, client.htmx(link).text
    assert TITLE.findall(first) + TITLE.findall(second) == [f"work-{number}" for number in reversed(range(30))]
    assert TITLE.findall(part) == TITLE.findall(second)
    assert "<html" not in part
    assert 'rel="next"' not in second


def test_bob_has_made_nothing_yet(client: Browser, cast: Cast) -> None:
    assert cast.bob.name in client.get("/@bob").text
    assert "Bob has nothing on the wall yet." in client.get("/@bob").text


def test_nobody_goes_by_this_name(client: Browser) -> None:
    assert client.get("/@nobody").status_code == 404
