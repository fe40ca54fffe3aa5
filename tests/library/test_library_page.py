"""``/library``: what a person holds, each with what can be done now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.catalog.models import Listing
from storefront.kit.db import db, step
from storefront.library import holdings
from storefront.library.holdings import holding_of, holdings_of
from storefront.licenses.models import License
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold, release
from tests.worlds import make_offer


def set_state(listing: Listing, state: str) -> None:
    with step():
        reason = "Spam." if state == "suspended" else ""
        changed = sa.update(Listing).where(Listing.id == listing.id)
        db.session.execute(changed.values(state=state, suspended_reason=reason))


def test_bob_sees_what_he_holds_and_opens_it(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice, price=0))

    page = client.as_person(cast.bob).get("/library").text

    holding = holding_of(cast.bob, license.public_id)
    assert "Field Notes" in page
    assert "Free, version 1" in page
    assert f'href="/studio/{holding.studio_id}">Open in Studio' in page
    assert client.get(f"/studio/{holding.studio_id}").status_code == 200


def test_an_empty_wall_leads_to_the_catalog(client: Browser, cast: Cast) -> None:
    page = client.as_person(cast.bob).get("/library").text
    assert "Works you get hang here" in page
    assert 'href="/catalog">Browse the catalog' in page


def test_nobody_sees_what_another_holds(client: Browser, cast: Cast) -> None:
    hold(cast.bob, make_offer(cast.alice))
    assert "Field Notes" not in client.as_person(cast.mallory).get("/library").text


def test_signed_out_it_leads_to_signing_in_and_back(client: Browser) -> None:
    answer = client.get("/library")
    assert answer.status_code in (302, 303)
    assert "/login" in answer.location
    assert "library" in answer.location


def test_a_paid_work_can_be_given_back_for_a_while(
    client: Browser, cast: Cast, move_clock: Callable[[timedelta], None]
) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    day = holding_of(cast.bob, license.public_id).refund_day
    assert f"Refund until {day}" in client.as_person(cast.bob).get("/library").text

    move_clock(timedelta(days=7, minutes=1))
    assert "Refund until" not in client.get("/library").text


def test_a_newer_version_is_offered_until_it_is_cloned(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice, price=0)
    license = hold(cast.bob, listing)
    release(listing, by=cast.alice)
    client.as_person(cast.bob)
    page = client.get("/library").text
    assert "Update available: version 2" in page
    assert f'href="/library/{license.public_id}/updates">See what changed' in page

    client.post(f"/licenses/{license.public_id}/clones")
    assert "Update available" not in client.get("/library").text


def test_a_license_for_one_version_says_so(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice, price=0, clone_mode="version_only")
    hold(cast.bob, listing)
    release(listing, by=cast.alice)

    page = client.as_person(cast.bob).get("/library").text
    assert "This version only" in page
    assert "Update available" not in page


@pytest.mark.parametrize(
    ("state", "words"), [("retired", "Retired, still yours"), ("suspended", "Not offered now, still yours")]
)
def test_what_left_the_catalog_stays(client: Browser, cast: Cast, state: str, words: str) -> None:
    listing = make_offer(cast.alice, price=0)
    hold(cast.bob, listing)
    set_state(listing, state)

    page = client.as_person(cast.bob).get("/library").text
    assert words in page
    assert "Clone again, version 1" in page
    assert "/listings/field-notes" not in page


def test_a_refunded_work_can_be_got_again_and_its_copy_read(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    finish(license, "refunded")

    page = client.as_person(cast.bob).get("/library").text

    assert "Refunded, copies frozen" in page
    assert 'href="/listings/field-notes">Get again for $12.00' in page
    assert "Clone again" not in page
    assert "Open the frozen copy" in page


def test_a_disputed_work_is_frozen_for_now(client: Browser, cast: Cast) -> None:
    hold(cast.bob, make_offer(cast.alice))
    with step():
        db.session.execute(sa.update(License).values(status="disputed"))

    page = client.as_person(cast.bob).get("/library").text
    assert "Disputed, frozen for now" in page
    assert "Clone again" not in page


def test_the_page_takes_as_many_statements_for_many_works_as_for_one(
    client: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    def statements() -> int:
        with count_statements() as run:
            assert client.get("/library").status_code == 200
        return len(run)

    hold(cast.bob, make_offer(cast.alice, "First"))
    client.as_person(cast.bob)
    few = statements()
    for title in ("Second", "Third", "Fourth", "Fifth"):
        listing = make_offer(cast.alice, title)
        license = hold(cast.bob, listing)
        client.post(f"/licenses/{license.public_id}/clones")
    assert statements() == few
    assert few <= 4


def test_pages_hold_every_work_once_the_latest_first(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holdings, "PAGE", 2)
    for title in ("First", "Second", "Third", "Fourth", "Fifth"):
        hold(cast.bob, make_offer(cast.alice, title, price=0))

    seen, after = [], None
    while True:
        page = holdings_of(cast.bob, after)
        seen += [holding.title for holding in page.rows]
        after = page.next
        if after is None:
            break
    assert seen == ["Fifth", "Fourth", "Third", "Second", "First"]


def test_htmx_gets_the_next_works_alone(client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holdings, "PAGE", 1)
    for title in ("First", "Second"):
        hold(cast.bob, make_offer(cast.alice, title, price=0))
    after = holdings_of(cast.bob).next

    more = client.as_person(cast.bob).htmx(f"/library?after={after}")

    assert "First" in more.text
    assert "Second" not in more.text
    assert "<html" not in more.text
    assert "HX-Request" in more.headers["Vary"]


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJhIl0", "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OV0", "%00"])
def test_a_broken_cursor_is_a_clean_page(client: Browser, cast: Cast, cursor: str) -> None:
    assert client.as_person(cast.bob).get(f"/library?after={cursor}").status_code == 400
    assert client.get(f"/library/purchases?after={cursor}").status_code == 400
