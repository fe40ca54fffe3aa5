"""Somebody reads a listing: everything they need to decide, and nothing they would have to get first."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from storefront.accounts.models import Membership
from storefront.catalog.services import publish, suspend, unpublish
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.works.models import Work
from storefront.works.services import publish_version
from tests.browser import Browser
from tests.cast import Cast
from tests.worlds import make_offer

SECRET = "Write the first line of"
ABOUT: dict[str, Any] = {
    "tagline": "Prompts that hold back.",
    "description": "I watched **people**.\n\n<script>alert(1)</script>",
    "bullets": ["Says what it will not do"],
    "tags": ["research", "field-work"],
    "models": ["Claude", "GPT"],
    "example_item": "Opening",
    "example_input": "Study: <invoices>",
    "example_output": "Go back before it.",
}


def test_the_page_says_what_one_gets(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, **ABOUT)
    page = client.get("/listings/field-notes").text
    for said in (
        "<h1", "Field Notes", "Prompts that hold back.", "<strong>people</strong>", "Says what it will not do",
        "Study: &lt;invoices&gt;", "Go back before it.", "“Opening”", "Claude, GPT", "What you may do with it",
        "Commercial license", "First release.", "1 prompt, 1 page", "Read me", "Use it in paid work.",
        "Seven days to change your mind.", "Every later version is yours.", 'href="/tags/field-work"', 'href="/@alice"',
        'href="/catalog?kind=pack"',
    ):  # fmt: skip
        assert said in page, said
    assert "<script>alert" not in page


def test_titles_are_shown_and_contents_are_not(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    page = client.as_person(cast.bob).get("/listings/field-notes").text
    assert "Opening" in page
    assert SECRET not in page
    assert "Begin with the first prompt." not in page


def test_get_is_one_link_or_button_whose_name_begins_so(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    stranger = client.get("/listings/field-notes").text
    assert re.search(r'<a class="[^"]*" href="/listings/field-notes/get"[^>]*>Get for \$12\.00</a>', stranger)
    assert re.search(
        r"<button[^>]*>Get for \$12\.00</button>", client.as_person(cast.bob).get("/listings/field-notes").text
    )


def test_a_version_only_listing_says_that_later_ones_are_not_part_of_it(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, clone_mode="version_only", price=0)
    page = client.get("/listings/field-notes").text
    assert "Version 1 for good." in page
    assert "to change your mind" not in page


def test_the_newest_three_versions_are_shown(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    with step():
        work = db.session.get_one(Work, listing.work_id)
        for number in range(2, 6):
            publish_version(work, f"Change {number}.", by=cast.alice)
        publish(listing, by=cast.alice)
        publish_version(work, "Not in the window yet.", by=cast.alice)
    page = client.get("/listings/field-notes").text
    assert re.findall(r"Change \d\.", page) == ["Change 5.", "Change 4.", "Change 3."]
    assert "2 earlier versions." in page
    assert "Not in the window yet." not in page


def test_works_that_share_tags_hang_beside_it(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, tags=["research", "notes"])
    erin = cast.person("Erin", plan="studio")
    make_offer(erin, "Nearest", tags=["research", "notes"], kind="flow")
    make_offer(erin, "Near", tags=["research"], kind="flow")
    make_offer(erin, "Same Kind", tags=["other"])
    make_offer(erin, "Far", tags=["other"], kind="project")
    page = client.get("/listings/field-notes").text
    assert re.findall(r'class="t"><a href="/listings/([^"]+)"', page) == ["nearest", "near", "same-kind"]


@pytest.mark.parametrize("change", [unpublish, lambda listing, by: suspend(listing, "Copied from a book.", by=by)])
def test_what_is_not_public_is_shown_to_its_own_people_only(
    client: Browser, cast: Cast, change: Callable[..., None]
) -> None:
    listing, helper = make_offer(cast.alice), cast.carol
    with step():
        change(listing, by=cast.alice)
        db.session.add(
            Membership(workspace_id=listing.workspace_id, person_id=helper.id, role="viewer", since=clock.now())
        )
    assert client.get("/listings/field-notes").status_code == 404
    assert client.as_person(cast.mallory).get("/listings/field-notes").status_code == 404
    for insider in (cast.alice, helper):
        page = client.as_person(insider).get("/listings/field-notes")
        assert page.status_code == 200
        assert "This is a draft." in page.text or "Copied from a book." in page.text
        assert 'content="noindex"' in page.text


def test_machines_read_product_and_picture(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice, "</script><b>Sly", slug="sly", price=1205)
    page = client.get("/listings/sly").text
    product = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0])
    assert (product["@type"], product["name"], product["brand"]["name"]) == ("Product", "</script><b>Sly", "Alice")
    assert (product["offers"]["price"], product["offers"]["priceCurrency"]) == ("12.05", "USD")
    picture = f"http://shop.test/covers/{listing.cover}-1280.webp"
    assert product["image"] == [picture]
    assert picture in page
    assert '<link rel="canonical" href="http://shop.test/listings/sly">' in page


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_the_page_takes_eight_statements_at_most(
    app: Flask, client: Browser, cast: Cast, count_statements: Callable[..., Any], is_signed_in: bool
) -> None:
    for number in range(6):
        make_offer(cast.alice, f"Field Notes {number}")
    client.as_person(cast.bob if is_signed_in else None)
    client.get("/listings/field-notes-0")
    with count_statements() as statements:
        page = client.get("/listings/field-notes-0").text
    assert page.count('<article class="work">') == 4
    assert len(statements) <= 8, "\n\n".join(statements)
