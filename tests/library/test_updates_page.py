"""``/library/<license>/updates``: what changed upstream, looked at and answered by the holder alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from storefront.catalog.models import Listing
from storefront.events.models import Event
from storefront.kit.db import db, step
from storefront.library.models import Update
from storefront.licenses.models import License
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold
from tests.library.test_updating import FIRST, SECOND, scene
from tests.library.updating import contents, edit, placed, release_with, tops, work_of
from tests.worlds import make_offer


def page_of(license: License) -> str:
    return f"/library/{license.public_id}/updates"


def form(license: License, **more: str) -> dict[str, str]:
    return {"copy": work_of(license).public_id, "version": "2", **more}


def test_bob_sees_each_change_with_its_words(client: Browser, cast: Cast) -> None:
    license = scene(cast, SECOND)
    edit(license, "ending", content={"text": "Mine.", "variables": [], "note": ""})

    page = client.as_person(cast.bob).get(page_of(license)).text

    assert "Your copy was made of version 1" in page
    assert "What <em>changed</em>." in page
    for words in ("Added", "Taken out", "Changed", "Changed by both", "Theirs: Text", "Yours: Text", "Take all 4"):
        assert words in page
    assert '<ins><span class="sr-only"> put in: </span>it anew</ins>' in page
    assert "nothing that they did not" in client.get(f"{page_of(license)}?side=mine").text


def test_bob_takes_one_keeps_one_and_undoes(client: Browser, cast: Cast) -> None:
    license = scene(cast, SECOND)
    edit(license, "ending", content={"text": "Mine.", "variables": [], "note": ""})
    before = contents(license)
    choices = {"choice.opening": "take", "choice.ending": "keep"}

    answer = client.as_person(cast.bob).post(page_of(license), data=form(license, **choices))

    assert answer.status_code == 303
    assert contents(license)["read-me"] == [("opening", "Write it anew.")]
    assert ("ending", "Mine.") in contents(license)[None]
    page = client.get(answer.location).text
    assert "Your copy is updated." in page
    assert "Take all 2" in page
    update = db.session.scalars(sa.select(Update)).one()
    client.post(f"{page_of(license)}/{update.public_id}/undo", data=form(license))
    assert contents(license) == before


@pytest.mark.parametrize(("everything", "middle"), [("take", "extra"), ("keep", "middle")])
def test_one_click_answers_everything_and_the_library_is_quiet(
    client: Browser, cast: Cast, everything: str, middle: str
) -> None:
    license = scene(cast, SECOND)
    assert "Update available: version 2" in client.as_person(cast.bob).get("/library").text

    client.post(page_of(license), data=form(license, all=everything))

    assert tops(license)[1] == middle
    assert "Update available" not in client.get("/library").text
    assert "Your copy is up to date." in client.get(page_of(license)).text
    (undone,) = db.session.scalars(sa.select(Update))
    client.post(f"{page_of(license)}/{undone.public_id}/undo", data=form(license))
    assert "Update available" in client.get("/library").text


def test_a_copy_of_the_latest_version_is_up_to_date(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    assert "Your copy is up to date." in client.as_person(cast.bob).get(page_of(license)).text


def test_an_update_that_changes_nothing_can_be_put_aside(client: Browser, cast: Cast) -> None:
    license = scene(cast, FIRST)
    assert "Nothing of version 2 differs from your copy." in client.as_person(cast.bob).get(page_of(license)).text
    client.post(page_of(license), data=form(license, all="keep"))
    assert "Update available" not in client.get("/library").text


def test_a_license_for_one_version_offers_nothing(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice, items=placed(FIRST), clone_mode="version_only")
    license = hold(cast.bob, listing)
    release_with(listing, SECOND, cast.alice)
    client.as_person(cast.bob)
    before = contents(license)

    assert "See what changed" not in client.get("/library").text
    for answer in (client.get(page_of(license)), client.post(page_of(license), data=form(license, all="take"))):
        assert answer.status_code == 403
        assert "This license covers one version." in answer.text
    assert contents(license) == before


@pytest.mark.parametrize("status", ["refunded", "disputed"])
def test_nothing_changes_in_a_frozen_copy(client: Browser, cast: Cast, status: str) -> None:
    license = scene(cast, SECOND)
    client.as_person(cast.bob).post(page_of(license), data=form(license, **{"choice.opening": "take"}))
    update = db.session.scalars(sa.select(Update)).one()
    before = contents(license)
    if status == "refunded":
        finish(license, status)
    else:
        with step():
            db.session.execute(sa.update(License).values(status=status))

    assert client.get(page_of(license)).status_code == 403
    assert client.post(page_of(license), data=form(license, all="take")).status_code == 403
    assert client.post(f"{page_of(license)}/{update.public_id}/undo", data=form(license)).status_code == 403
    assert contents(license) == before


def test_a_version_that_came_out_meanwhile_is_looked_at_first(client: Browser, cast: Cast) -> None:
    license = scene(cast, SECOND)
    before = contents(license)
    answer = client.as_person(cast.bob).post(page_of(license), data={**form(license, all="take"), "version": "1"})
    assert answer.status_code == 409
    assert "A newer version came out meanwhile." in answer.text
    assert contents(license) == before


def test_mallory_sees_and_changes_nothing(client: Browser, cast: Cast) -> None:
    license = scene(cast, SECOND)
    before = contents(license)
    for person in (cast.mallory, cast.alice):
        client.as_person(person)
        assert client.get(page_of(license)).status_code == 404
        assert client.post(page_of(license), data=form(license, all="take")).status_code == 404
    assert contents(license) == before

    theirs = hold(cast.mallory, make_offer(cast.alice, "Other", price=0))
    named = client.as_person(cast.mallory).get(f"{page_of(theirs)}?copy={work_of(license).public_id}")
    assert named.status_code == 404


def test_a_broken_cursor_is_a_clean_page(client: Browser, cast: Cast) -> None:
    license = scene(cast, SECOND)
    assert client.as_person(cast.bob).get(f"{page_of(license)}?after=x").status_code == 400


def test_the_deeds_are_recorded(client: Browser, cast: Cast) -> None:
    license = scene(cast, SECOND)
    client.as_person(cast.bob).post(page_of(license), data=form(license, all="take"))
    update = db.session.scalars(sa.select(Update)).one()
    client.post(f"{page_of(license)}/{update.public_id}/undo", data=form(license))

    names = sa.select(Event.name).where(Event.name.startswith("work.up")).order_by(Event.id)
    assert db.session.scalars(names).all() == ["work.updated", "work.update_undone"]


def test_the_page_takes_as_many_statements_for_many_changes_as_for_one(
    client: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    client.as_person(cast.bob)

    def statements(title: str, changed: int) -> int:
        listing = make_offer(cast.alice, title, items=placed(FIRST))
        license = hold(cast.bob, listing)
        release_with(
            listing, [{**row, "title": "New"} if n < changed else row for n, row in enumerate(FIRST)], cast.alice
        )
        with count_statements() as run:
            assert client.get(page_of(license)).status_code == 200
        return len(run)

    assert statements("One", 1) == statements("All", len(FIRST)) <= 16


def test_bob_chooses_which_of_his_copies_he_brings_up_to_date(client: Browser, cast: Cast) -> None:
    license = scene(cast, SECOND)
    first = work_of(license)
    client.as_person(cast.bob)
    assert "Which copy" not in client.get(page_of(license)).text
    assert client.post(f"/licenses/{license.public_id}/clones").status_code == 303
    second = work_of(license)
    assert second.id != first.id

    newest = client.get(page_of(license)).text
    assert f'<option value="{second.public_id}" selected>Version 2' in newest
    older = client.get(f"{page_of(license)}?copy={first.public_id}").text
    assert f'<option value="{first.public_id}" selected>Version 1' in older
    assert "Take all" in older
    answer = client.post(page_of(license), data={"copy": first.public_id, "version": "2", "all": "take"})
    assert answer.location == f"{page_of(license)}?copy={first.public_id}"
    assert [update.work_id for update in db.session.scalars(sa.select(Update))] == [first.id]


def test_mallorys_copy_is_not_among_those_to_choose(client: Browser, cast: Cast) -> None:
    license = scene(cast, SECOND)
    theirs = work_of(hold(cast.mallory, db.session.get_one(Listing, license.listing_id)))
    client.as_person(cast.bob)

    assert theirs.public_id not in client.get(page_of(license)).text
    assert client.get(f"{page_of(license)}?copy={theirs.public_id}").status_code == 404
