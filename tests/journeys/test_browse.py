"""Somebody looks for a work: words, filters, sorting, pages; with HTMX nothing is loaded twice."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE, Walker

Walk = Callable[..., Walker]


def titles(walker: Walker) -> list[str]:
    return walker.page.locator(".work .t").all_inner_texts()


def test_filters_are_asked_for_by_htmx_and_kept_in_the_address(walk: Walk) -> None:
    walker = walk()
    page = walker.page
    walker.go("/catalog")
    before = len(walker.visits)

    page.get_by_role("checkbox", name=re.compile("Flows")).check()
    expect(page).to_have_url(re.compile("kind=flow"))
    expect(page.get_by_role("status").filter(has_text="works").first).to_be_visible()
    page.get_by_label("Sort").select_option("price_asc")
    expect(page).to_have_url(re.compile("sort=price_asc"))

    assert len(walker.visits) == before
    assert [path for path in walker.by_htmx if path.startswith("/catalog?")] != []
    page.go_back()
    expect(page).not_to_have_url(re.compile("sort=price_asc"))
    expect(page.get_by_role("checkbox", name=re.compile("Flows"))).to_be_checked()


def test_the_same_filters_work_without_script(walk: Walk) -> None:
    walker = walk(script=False)
    page = walker.page
    walker.go("/catalog")
    page.get_by_role("checkbox", name=re.compile("Flows")).check()
    page.get_by_role("button", name=re.compile("^(Show|Apply|Filter)")).first.click()

    expect(page).to_have_url(re.compile("kind=flow"))
    expect(page.locator(".work").first).to_be_visible()
    assert walker.by_htmx == []


def test_searching_finds_and_tells_when_it_does_not(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    walker.go("/catalog?q=novel")
    assert titles(walker) == ["Quiet Novel Kit"]

    walker.go("/catalog?q=zzzzzz")
    expect(walker.page.get_by_role("link", name=re.compile("Clear|catalog", re.IGNORECASE)).first).to_be_visible()
    assert titles(walker) == []


def test_tags_are_left_in_and_out_by_address(walk: Walk) -> None:
    walker = walk()
    walker.go("/catalog?tag=research")
    with_tag = set(titles(walker))
    walker.go("/catalog?not=research")
    without = set(titles(walker))

    assert "Field Notes" in with_tag
    assert with_tag & without == set()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_theme_is_remembered(walk: Walk, size: dict[str, int]) -> None:
    walker = walk(size=size)
    page = walker.page
    walker.go("/catalog")
    page.get_by_role("button", name=re.compile("dark", re.IGNORECASE)).first.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "ink")

    walker.go("/")

    expect(page.locator("html")).to_have_attribute("data-theme", "ink")
