"""Duplicating, deleting, and having back what was deleted."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storefront.events.models import Event
from storefront.kit.db import db
from storefront.works.models import Undo, Work
from tests.browser import Browser
from tests.cast import Cast
from tests.works.studio import add, kept, key_in, keys, state, studio
from tests.works.whole_work import make_whole_work
from tests.worlds import make_team


@pytest.fixture
def work(cast: Cast) -> Work:
    return make_whole_work(cast.alice)


def delete(client: Browser, work: Work, key: str) -> str:
    """Delete an item; returns the address that offers the way back."""
    answer = client.post(studio(work, f"/items/{key}/deletion"))
    assert answer.status_code == 303
    return answer.headers["Location"]


def undo_address(client: Browser, address: str) -> str:
    page = client.get(address).text
    return page.partition("/undos/")[0].rpartition('"')[2] + "/undos/" + page.partition("/undos/")[2].partition('"')[0]


def test_a_copy_has_new_keys_and_everything_below(client: Browser, cast: Cast, work: Work) -> None:
    answer = client.as_person(cast.alice).post(studio(work, "/items/drawer/copies"))
    copy = key_in(answer)

    assert keys(work)[:3] == ["read-me", "drawer", copy]
    assert kept(work, copy).title == "Scene drawer (copy)"
    copied = [kept(work, key) for key in keys(work, copy)]
    assert [item.title for item in copied] == ["Opening", "Ending"]
    assert {item.key for item in copied}.isdisjoint({"opening", "ending"})
    assert copied[0].content == kept(work, "opening").content


def test_references_among_the_copied_lead_to_the_copies(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    for key in ("run", "opening"):
        client.post(studio(work, f"/items/{key}/place"), data={"way": "into", "target": "read-me"})

    copy = key_in(client.post(studio(work, "/items/read-me/copies")))

    by_title = {kept(work, key).title: kept(work, key) for key in keys(work, copy)}
    opening = by_title["Opening"].key
    assert by_title["The daily run"].content["steps"][1]["prompt"] == opening
    assert by_title["Try it"].content["prompt"] == opening
    assert kept(work, "try-it").content["prompt"] == "opening"


def test_what_is_deleted_is_back_where_it_stood_after_one_undo(client: Browser, cast: Cast, work: Work) -> None:
    before = state(work)
    client.as_person(cast.alice)
    address = delete(client, work, "read-me")
    assert keys(work)[0] == "drawer"
    assert "“Read me” is deleted" in client.get(address).text

    undo = undo_address(client, address)
    assert client.post(undo).status_code == 303

    assert state(work) == before
    assert client.post(undo).status_code == 409
    assert "is deleted" not in client.get(address).text
    assert db.session.scalars(sa.select(Event.name).order_by(Event.id)).all()[-2:] == [
        "work.item_deleted",
        "work.undone",
    ]


def test_an_undo_finds_room_where_others_moved_in(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    undo = undo_address(client, delete(client, work, "wyn"))
    new = add(client, work, "prompt", beside="drawer")
    client.post(undo)

    assert sorted(keys(work)[2:4]) == sorted(["wyn", new])
    assert keys(work)[4:] == ["osei", "wyn-osei", "run", "ledger"]


def test_an_item_comes_back_only_after_its_page(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    item = undo_address(client, delete(client, work, "opening"))
    page = undo_address(client, delete(client, work, "drawer"))

    refused = client.post(item)
    assert refused.status_code == 409
    assert "Undo the deletion of that page first." in refused.text
    client.post(page)
    client.post(item)
    assert keys(work, "drawer") == ["opening", "ending"]


def test_after_a_deletion_one_stands_nearby(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    assert key_in(client.post(studio(work, "/items/opening/deletion"))) == "drawer"
    assert key_in(client.post(studio(work, "/items/ledger/deletion"))) == "run"
    assert key_in(client.post(studio(work, "/items/advice/deletion"))) == "read-me"
    while left := keys(work):
        last = client.post(studio(work, f"/items/{left[0]}/deletion")).headers["Location"]
    assert "Nothing is in this work yet." in client.get(last).text


def test_only_the_latest_ways_back_are_kept(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    for _time in range(23):
        delete(client, work, add(client, work, "prompt"))

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Undo)) == 20


def test_of_another_work_nothing_can_be_undone(client: Browser, cast: Cast, work: Work) -> None:
    other = make_whole_work(cast.alice)
    client.as_person(cast.alice)
    undo = undo_address(client, delete(client, work, "wyn"))

    assert client.post(undo.replace(work.public_id, other.public_id)).status_code == 404


def test_a_viewer_deletes_nothing(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice, make_team(cast.alice, "press", viewer=cast.bob))
    before = state(work)
    for person, status in ((cast.bob, 403), (cast.mallory, 404)):
        client.as_person(person)
        for deed in ("deletion", "copies"):
            assert client.post(studio(work, f"/items/wyn/{deed}")).status_code == status

    assert state(work) == before
