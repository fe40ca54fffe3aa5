"""A private link that shows a draft: hard to guess, revocable, and nothing can be got there."""

from __future__ import annotations

import re

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.kit.db import db, step
from tests.browser import Browser
from tests.cast import Cast
from tests.selling.desk import PAID, WORDS, address, look, make_draft, type_in


def shared_at(client: Browser, listing: Listing) -> str:
    """Make a link; returns its path."""
    assert client.post(address(listing, "share-link")).status_code == 303
    found = re.search(r"http://shop\.test(/previews/[0-9a-z]+)", look(client, listing))
    assert found is not None
    return found[1]


def test_a_stranger_with_the_link_sees_the_draft_and_cannot_get_it(client: Browser, cast: Cast) -> None:
    listing = make_draft(cast.alice)
    client.as_person(cast.alice)
    type_in(client, listing, "words", WORDS)
    type_in(client, listing, "price", PAID)
    path = shared_at(client, listing)

    for person in (None, cast.bob):
        page = client.as_person(person).get(path)
        assert page.status_code == 200
        assert "The Long Readout" in page.text
        assert "$32.00" in page.text
        assert "/get" not in page.text
        assert "/orders" not in page.text
        assert "<form" not in page.text.split("<main", 1)[1].split("</main>")[0]
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert 'content="noindex, nofollow"' in page.text
        assert "application/ld+json" not in page.text
        assert client.get(f"{path}/cover").content_type == "image/svg+xml"


def test_a_link_taken_back_or_made_anew_is_closed(client: Browser, cast: Cast) -> None:
    listing = make_draft(cast.alice)
    client.as_person(cast.alice)
    first = shared_at(client, listing)
    second = shared_at(client, listing)

    assert len(second) >= len("/previews/") + 26
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    client.post(address(listing, "share-link/removal"))
    assert client.get(second).status_code == 410
    assert client.get(f"{second}/cover").status_code == 410


def test_links_are_part_of_pro(client: Browser, cast: Cast) -> None:
    dana = cast.person("Dana", plan="pro")
    listing = make_draft(dana)
    path = shared_at(client.as_person(dana), listing)
    with step():
        db.session.get_one(Person, dana.id).plan = "free"

    assert client.get(path).status_code == 410
    assert client.post(address(listing, "share-link")).status_code == 403
