"""Deleting a character takes along the relationships that would join nobody; one undo brings all back."""

from __future__ import annotations

import re

from storefront.kit.db import db, step
from storefront.works import services
from storefront.works.queries import item_to_edit, work_to_edit
from tests.browser import Browser
from tests.cast import Cast
from tests.works.studio import kept, keys, state, studio
from tests.works.whole_work import make_whole_work


def test_the_button_says_what_goes_with_it(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    client.as_person(cast.alice)

    assert "Delete with 1 relationship<" in client.get(studio(work, "/items/wyn")).text
    for key in ("opening", "drawer", "wyn-osei"):
        assert "relationship<" not in client.get(studio(work, f"/items/{key}")).text


def test_a_relationship_goes_with_its_character_and_comes_back_with_it(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    before = state(work)
    client.as_person(cast.alice)

    answer = client.post(studio(work, "/items/wyn/deletion"))

    assert answer.status_code == 303
    assert {"wyn", "wyn-osei"} & set(keys(work)) == set()
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "“Wyn Harrack” is deleted" in page.text
    undo = re.search(r"/undos/(und_\w+)", page.text)
    assert undo
    assert client.post(studio(work, f"/undos/{undo[1]}")).status_code == 303
    db.session.expire_all()
    assert state(work) == before


def test_nobody_is_led_to_a_relationship_that_is_gone(client: Browser, cast: Cast) -> None:
    """The relationship stands right behind the character that is deleted."""
    work = make_whole_work(cast.alice)
    answer = client.as_person(cast.alice).post(studio(work, "/items/osei/deletion"))

    assert "/items/wyn-osei" not in answer.location
    assert client.get(answer.location).status_code == 200


def test_a_page_takes_along_what_hangs_on_its_characters(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    before = state(work)
    with step():
        item = item_to_edit(work_to_edit(cast.alice, work.public_id), "wyn")
        services.move_beside(work, item, kept(work, "drawer"), "into")
    moved = state(work)
    client.as_person(cast.alice)
    assert "Delete with all in it and 1 relationship<" in client.get(studio(work, "/items/drawer")).text

    with step():
        undo = services.delete_item(work_to_edit(cast.alice, work.public_id), kept(work, "drawer"), by=cast.alice)
    assert {"drawer", "opening", "wyn", "wyn-osei"} & {row[0] for row in state(work)} == set()
    with step():
        services.use_undo(work_to_edit(cast.alice, work.public_id), undo, by=cast.alice)
    assert state(work) == moved != before


def test_what_came_into_its_place_meanwhile_moves_aside(cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    with step():
        undo = services.delete_item(work_to_edit(cast.alice, work.public_id), kept(work, "wyn"), by=cast.alice)
        services.add_item(work, "page", "Between", by=cast.alice, after="ledger")
    with step():
        services.use_undo(work_to_edit(cast.alice, work.public_id), undo, by=cast.alice)

    rows = [row for row in state(work) if row[1] is None]
    assert len({row[2] for row in rows}) == len(rows)
