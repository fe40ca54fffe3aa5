"""Taking a work out as one ``.pmtpk`` file: by a link for its holder that lives an hour, or under a pass phrase."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.events.models import Event
from storefront.kit.db import db, step
from storefront.licenses.models import License
from storefront.works.container import CarriedItem, Opened, opened, unsealed
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold, release
from tests.media.kept import lose, with_file
from tests.works.test_clone import many_items
from tests.works.whole_work import CSV
from tests.worlds import ITEMS, make_offer


def address(license: License) -> str:
    return f"/licenses/{license.public_id}/downloads"


def link_of(client: Browser, license: License) -> str:
    answer = client.post(address(license))
    assert answer.status_code == 303
    return answer.location


def read(data: bytes) -> Opened:
    return opened(io.BytesIO(data))


def test_bob_downloads_everything_in_the_version(client: Browser, cast: Cast) -> None:
    items = with_file()
    license = hold(cast.bob, make_offer(cast.alice, items=items))
    client.as_person(cast.bob)

    answer = client.get(link_of(client, license))

    assert answer.headers["Content-Disposition"] == "attachment; filename=field-notes-1.pmtpk"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_length == len(answer.data)
    found = read(answer.data)
    assert found.items == [
        CarriedItem(item["key"], item["parent_key"], item["kind"], item["title"], item["content"]) for item in items
    ]
    assert [found.file(sha256) for sha256 in found.files] == [CSV]
    assert found.origin == {"license": license.number, "listing": "field-notes", "version": 1}


def test_no_address_of_storage_leaves(client: Browser, cast: Cast, app: Flask) -> None:
    license = hold(cast.bob, make_offer(cast.alice, items=with_file()))
    link = link_of(client.as_person(cast.bob), license)
    answer = client.get(link)
    said = link.encode() + str(answer.headers).encode() + answer.data
    assert b"media/" not in said
    assert str(app.config["STORAGE_URL"]).encode() not in said


@pytest.mark.parametrize(("clone_mode", "number"), [("indefinite", 2), ("version_only", 1)])
def test_the_clone_mode_says_which_version_is_in_it(client: Browser, cast: Cast, clone_mode: str, number: int) -> None:
    listing = make_offer(cast.alice, clone_mode=clone_mode)
    license = hold(cast.bob, listing)
    release(listing, by=cast.alice)
    client.as_person(cast.bob)
    assert read(client.get(link_of(client, license)).data).origin["version"] == number


def test_under_a_pass_phrase_it_comes_at_once_and_opens_with_it_alone(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))

    answer = client.as_person(cast.bob).post(address(license), data={"phrase": "quiet harbor"})

    assert answer.status_code == 200
    assert answer.content_length == len(answer.data)
    assert b"Opening" not in answer.data
    out = io.BytesIO()
    unsealed(io.BytesIO(answer.data), "quiet harbor", out)
    assert len(opened(out).items) == len(ITEMS)


def test_a_short_pass_phrase_is_asked_for_again(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    answer = client.as_person(cast.bob).post(address(license), data={"phrase": "short"})
    assert answer.status_code == 422
    assert "8 characters or longer" in answer.text


def test_a_link_lives_one_hour(client: Browser, cast: Cast, move_clock: Callable[[timedelta], None]) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    link = link_of(client.as_person(cast.bob), license)
    move_clock(timedelta(minutes=59))
    assert client.get(link).status_code == 200

    move_clock(timedelta(minutes=2))
    answer = client.get(link)
    assert answer.status_code == 403
    assert "This link is too old." in answer.text


def test_a_link_is_for_bob_alone(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    link = link_of(client.as_person(cast.bob), license)

    for person in (cast.mallory, cast.alice):
        assert client.as_person(person).get(link).status_code == 404
        assert client.post(address(license)).status_code == 404
    assert client.as_person(None).get(link).status_code in (302, 303)
    # Not its last letter: some of that one's bits say nothing.
    forged = link[:-9] + ("A" if link[-9] != "A" else "B") + link[-8:]
    assert client.as_person(cast.bob).get(forged).status_code == 404
    assert client.get("/library/downloads/made-up").status_code == 404


@pytest.mark.parametrize("status", ["refunded", "revoked"])
def test_an_ended_license_gives_no_download_and_ends_its_links(client: Browser, cast: Cast, status: str) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    link = link_of(client.as_person(cast.bob), license)
    finish(license, status)

    assert client.get(link).status_code == 403
    for data in ({}, {"phrase": "quiet harbor"}):
        assert client.post(address(license), data=data).status_code == 403
    assert "Download" not in client.get(f"/library/{license.public_id}").text


def test_a_disputed_license_waits(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    link = link_of(client.as_person(cast.bob), license)
    with step():
        db.session.execute(sa.update(License).values(status="disputed"))
    assert client.get(link).status_code == 403
    assert client.post(address(license)).status_code == 403


def test_another_site_cannot_make_bob_download(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    assert client.as_person(cast.bob).post(address(license), forged=True).status_code == 400


def test_a_file_that_storage_lost_is_a_clean_page(client: Browser, cast: Cast) -> None:
    items = with_file()
    license = hold(cast.bob, make_offer(cast.alice, items=items))
    lose(items[-1]["content"]["sha256"])

    answer = client.as_person(cast.bob).get(link_of(client, license))
    assert answer.status_code == 404
    assert "The file is missing." in answer.text


def test_every_download_is_recorded(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    client.as_person(cast.bob).post(address(license))
    client.post(address(license), data={"phrase": "quiet harbor"})

    recorded = db.session.scalars(sa.select(Event).where(Event.name == "work.downloaded").order_by(Event.id)).all()
    assert [event.data for event in recorded] == [{"sealed": False}, {"sealed": True}]
    assert {event.actor_id for event in recorded} == {cast.bob.id}


def test_ten_thousand_items_take_no_more_statements_than_three(
    client: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    client.as_person(cast.bob)

    def statements(link: str) -> int:
        with count_statements() as run:
            assert client.get(link).status_code == 200
        return len(run)

    few = hold(cast.bob, make_offer(cast.alice, "Few"))
    many = hold(cast.bob, make_offer(cast.alice, "Many", items=many_items()))
    assert statements(link_of(client, many)) == statements(link_of(client, few))
