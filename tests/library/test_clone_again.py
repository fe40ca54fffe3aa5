"""**Clone again**: another copy of what one holds, of the version that the license covers."""

from __future__ import annotations

import hashlib
import json

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.catalog.models import Listing
from storefront.events.models import Event
from storefront.kit.db import db, step
from storefront.library.models import Clone
from storefront.library.services import clone_again
from storefront.licenses.models import License, LicenseEnded
from storefront.licenses.queries import license_for
from storefront.works.models import Item, VersionItem, Work
from storefront.works.services import replace_items
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold, release
from tests.worlds import ITEMS, make_offer


def clones() -> list[Clone]:
    return list(db.session.scalars(sa.select(Clone).order_by(Clone.work_id)))


def address(license: License) -> str:
    return f"/licenses/{license.public_id}/clones"


def test_bob_clones_again_and_is_led_to_the_copy(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))

    answer = client.as_person(cast.bob).post(address(license))

    first, second = clones()
    assert (first.is_first, second.is_first) == (True, False)
    work = db.session.get_one(Work, second.work_id)
    assert answer.status_code == 303
    assert answer.location == f"/studio/{work.public_id}"
    assert client.get(answer.location).status_code == 200


def test_a_clone_holds_every_item_of_the_version(app: Flask, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    with step():
        clone = clone_again(license_for(cast.bob, license.public_id), by=cast.bob)

    def rows(model: type[Item] | type[VersionItem], where: sa.ColumnElement[bool]) -> set[tuple[str | None, ...]]:
        query = sa.select(model.key, model.parent_key, model.kind, model.title).where(where)
        return {(row[0], row[1], row[2], row[3]) for row in db.session.execute(query)}

    copied = rows(Item, Item.work_id == clone.work_id)
    assert len(copied) == 3
    assert copied == rows(VersionItem, VersionItem.version_id == clone.version_id)


@pytest.mark.parametrize(("clone_mode", "number"), [("indefinite", 2), ("version_only", 1)])
def test_the_clone_mode_says_which_version_is_copied(client: Browser, cast: Cast, clone_mode: str, number: int) -> None:
    listing = make_offer(cast.alice, clone_mode=clone_mode)
    license = hold(cast.bob, listing)
    release(listing, by=cast.alice)
    client.as_person(cast.bob)

    assert f"Clone again, version {number}" in client.get("/library").text
    answer = client.htmx(address(license), method="POST")
    assert f"Version {number} of Field Notes is copied." in answer.text


def fingerprint(where: sa.ColumnElement[bool], model: type[Item] | type[VersionItem]) -> str:
    """The hash of everything that items say, whoever owns them."""
    columns = (model.key, model.parent_key, model.position, model.kind, model.title, model.content)
    rows = db.session.execute(sa.select(*columns).where(where).order_by(model.key))
    said = json.dumps([list(row) for row in rows], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def test_a_license_for_one_version_still_gives_that_one_to_the_letter(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice, clone_mode="version_only")
    license = hold(cast.bob, listing)
    bought = fingerprint(VersionItem.version_id == license.version_id, VersionItem)
    with step():
        replace_items(db.session.get_one(Work, listing.work_id), [{**ITEMS[2], "title": "Came later"}])
    second = release(listing, by=cast.alice)

    client.as_person(cast.bob).post(address(license))

    newest = clones()[-1]
    assert fingerprint(Item.work_id == newest.work_id, Item) == bought
    assert fingerprint(VersionItem.version_id == second.id, VersionItem) != bought


def test_the_clone_is_recorded_and_counted(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    license = hold(cast.bob, listing)
    client.as_person(cast.bob).post(address(license))

    recorded = db.session.scalars(sa.select(Event).where(Event.name == "work.cloned")).all()
    assert [event.subject_id for event in recorded] == [clone.work_id for clone in clones()]
    assert recorded[-1].actor_id == cast.bob.id
    assert db.session.get_one(Listing, listing.id, populate_existing=True).clones == 2
    assert "2 times</dd>" in client.as_person(None).get(f"/listings/{listing.slug}").text


def test_htmx_gets_the_row_anew_and_a_word(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))

    answer = client.as_person(cast.bob).htmx(address(license), method="POST")

    assert answer.status_code == 200
    newest = db.session.get_one(Work, clones()[-1].work_id)
    assert f'id="holding-{license.public_id}"' in answer.text
    assert f'href="/studio/{newest.public_id}">Open in Studio' in answer.text
    assert 'hx-target="#toasts"' in answer.text
    assert "<html" not in answer.text


def test_htmx_gets_the_copies_on_the_page_of_the_license(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    target = {"HX-Target": "section#library-clones"}

    answer = client.as_person(cast.bob).htmx(address(license), method="POST", headers=target)

    assert 'id="library-clones"' in answer.text
    assert answer.text.count("Open in Studio</a>") == 2


@pytest.mark.parametrize("status", ["refunded", "revoked"])
def test_an_ended_license_makes_no_copies_and_freezes_those_it_made(client: Browser, cast: Cast, status: str) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    finish(license, status)

    answer = client.as_person(cast.bob).post(address(license))

    assert answer.status_code == 403
    assert LicenseEnded.title in answer.text
    assert LicenseEnded.message in answer.text
    (only,) = clones()
    assert only.frozen_at is not None


def test_a_disputed_license_waits(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    with step():
        db.session.execute(sa.update(License).values(status="disputed"))

    answer = client.as_person(cast.bob).htmx(address(license), method="POST")

    assert answer.status_code == 403
    assert "disputed with the bank" in answer.text
    assert len(clones()) == 1


def test_a_refund_that_came_in_meanwhile_counts(app: Flask, cast: Cast) -> None:
    held = license_for(cast.bob, hold(cast.bob, make_offer(cast.alice)).public_id)
    db.session.commit()
    with db.engine.begin() as elsewhere:
        elsewhere.execute(sa.update(License).values(status="refunded"))
    assert held.status == "completed"

    with pytest.raises(LicenseEnded), step():
        clone_again(held, by=cast.bob)
    assert len(clones()) == 1


def test_mallory_cannot_clone_what_bob_bought(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))

    assert client.as_person(cast.mallory).post(address(license)).status_code == 404
    assert client.as_person(None).post(address(license)).status_code in (302, 303)
    assert len(clones()) == 1


def test_another_site_cannot_make_bob_clone(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))

    assert client.as_person(cast.bob).post(address(license), forged=True).status_code == 400
    assert len(clones()) == 1


def test_changing_the_copy_leaves_the_original(app: Flask, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    hold(cast.bob, listing)
    (clone,) = clones()
    with step():
        mine = sa.update(Item).where(Item.work_id == clone.work_id, Item.key == "opening")
        db.session.execute(mine.values(title="My opening"))

    theirs = db.session.get_one(Item, (listing.work_id, "opening"), populate_existing=True)
    assert theirs.title == "Opening"
