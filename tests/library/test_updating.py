"""Taking what a later version changed into a copy, keeping one's own, and undoing it all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from storefront.catalog.models import Listing
from storefront.kit.db import db
from storefront.library import comparison
from storefront.library.comparison import changes, counts
from storefront.library.updating import NothingToTake, NothingToUndo
from storefront.licenses.models import License
from storefront.works.models import Item
from storefront.works.queries import latest_version
from storefront.works.services.places import WrongPlace
from tests.cast import Cast
from tests.library.holding import hold
from tests.library.updating import (
    Row,
    add,
    answer,
    answer_all,
    clone_of,
    contents,
    delete,
    edit,
    page,
    placed,
    prompt,
    release_with,
    tops,
    undo,
)
from tests.works.test_clone import many_items
from tests.worlds import make_offer

FIRST = [page("read-me"), prompt("opening", parent="read-me"), prompt("middle"), prompt("ending"), prompt("coda")]


def scene(cast: Cast, second: list[Row], first: list[Row] = FIRST) -> License:
    """Bob holds a clone of ``first``; Alice has published ``second``."""
    listing = make_offer(cast.alice, items=placed(first))
    license = hold(cast.bob, listing)
    release_with(listing, second, cast.alice)
    return license


def found(license: License, *, mine: bool = False) -> dict[str, str]:
    version = latest_version(license_work(license))
    return {change.key: change.what for change in changes(clone_of(license), version, mine=mine).rows}


def license_work(license: License) -> int:
    return db.session.get_one(Listing, license.listing_id).work_id


SECOND = [
    page("read-me"), prompt("opening", "Write it anew.", "read-me"), prompt("extra"), prompt("middle"),
    prompt("ending", "Theirs."),
]  # fmt: skip


def test_each_item_is_compared_three_ways(cast: Cast) -> None:
    license = scene(cast, SECOND)
    edit(license, "ending", content={"text": "Mine.", "variables": [], "note": ""})
    edit(license, "middle", title="My middle")

    assert found(license) == {"opening": "changed", "extra": "added", "ending": "conflict", "coda": "removed"}
    assert found(license, mine=True) == {"middle": "mine"}


def test_the_words_that_changed_are_told_apart(cast: Cast) -> None:
    license = scene(cast, SECOND)
    edit(license, "ending", content={"text": "Write mine.", "variables": [], "note": ""})
    (conflict,) = [
        change
        for change in changes(clone_of(license), latest_version(license_work(license)), mine=False).rows
        if change.what == "conflict"
    ]
    theirs, ours = conflict.theirs[0].pieces, conflict.ours[0].pieces
    assert "".join(text for sign, text in theirs if sign != "+") == "Write ending."
    assert "".join(text for sign, text in theirs if sign != "-") == "Theirs."
    assert "".join(text for sign, text in ours if sign != "-") == "Write mine."


def test_bob_takes_one_keeps_one_and_undoes(cast: Cast) -> None:
    license = scene(cast, SECOND)
    edit(license, "ending", content={"text": "Mine.", "variables": [], "note": ""})
    before = contents(license)

    update = answer(license, cast.bob, {"opening": True, "ending": False})

    after = contents(license)
    assert after["read-me"] == [("opening", "Write it anew.")]
    assert ("ending", "Mine.") in after[None]
    assert set(found(license)) == {"extra", "coda"}
    assert not update.is_complete

    assert undo(license, update, cast.bob) == 0
    assert contents(license) == before
    assert set(found(license)) == {"opening", "extra", "ending", "coda"}


def test_everything_is_taken_in_their_order_and_undone(cast: Cast) -> None:
    license = scene(cast, SECOND)
    add(license, prompt("own"), position=50)
    before = contents(license)

    update = answer_all(license, cast.bob, take=True)

    assert tops(license) == ["read-me", "extra", "middle", "ending", "own"]
    assert update.is_complete
    assert found(license) == {}
    undo(license, update, cast.bob)
    assert contents(license) == before


def test_keeping_everything_leaves_nothing_to_answer(cast: Cast) -> None:
    license = scene(cast, SECOND)
    before = contents(license)

    assert answer_all(license, cast.bob, take=False).is_complete
    assert contents(license) == before
    assert found(license) == {}


def test_what_was_kept_is_offered_again_only_when_they_change_it_again(cast: Cast) -> None:
    license = scene(cast, SECOND)
    answer_all(license, cast.bob, take=False)
    listing = db.session.get_one(Listing, license.listing_id)
    release_with(listing, [*SECOND[:-1], prompt("ending", "Third.")], cast.alice)

    assert found(license) == {"ending": "conflict"}


def test_who_takes_an_item_takes_the_pages_around_it(cast: Cast) -> None:
    license = scene(cast, [*FIRST, page("part"), page("chapter", "part"), prompt("scene", parent="chapter")])

    update = answer(license, cast.bob, {"scene": True, "part": False})

    assert contents(license)["chapter"] == [("scene", "Write scene.")]
    assert contents(license)["part"] == [("chapter", "Chapter")]
    undo(license, update, cast.bob)
    assert "part" not in tops(license)


def test_a_page_they_removed_stays_while_something_of_bobs_stands_on_it(cast: Cast) -> None:
    license = scene(cast, [row for row in FIRST if row["key"] not in ("read-me", "opening")])
    add(license, prompt("own", parent="read-me"))

    answer_all(license, cast.bob, take=True)

    assert contents(license)["read-me"] == [("own", "Write own.")]


def test_pages_cannot_be_put_inside_each_other(cast: Cast) -> None:
    first = [page("one"), page("two")]
    license = scene(cast, [page("one"), page("two", "one")], first)
    edit(license, "one", parent_key="two")

    with pytest.raises(WrongPlace):
        answer(license, cast.bob, {"two": True})
    assert tops(license) == ["two"]


def test_undoing_leaves_what_bob_edited_since(cast: Cast) -> None:
    license = scene(cast, SECOND)
    update = answer_all(license, cast.bob, take=True)
    edit(license, "extra", title="My extra")

    assert undo(license, update, cast.bob) == 1
    assert "extra" in tops(license)
    assert contents(license)["read-me"] == [("opening", "Write opening.")]


def test_only_the_latest_update_is_undone_and_only_once(cast: Cast) -> None:
    license = scene(cast, SECOND)
    first = answer(license, cast.bob, {"opening": True})
    second = answer(license, cast.bob, {"extra": True})

    with pytest.raises(NothingToUndo):
        undo(license, first, cast.bob)
    undo(license, second, cast.bob)
    with pytest.raises(NothingToUndo):
        undo(license, second, cast.bob)
    undo(license, first, cast.bob)
    assert "extra" not in tops(license)


def test_answering_twice_changes_nothing(cast: Cast) -> None:
    license = scene(cast, SECOND)
    answer(license, cast.bob, {"opening": True})
    with pytest.raises(NothingToTake):
        answer(license, cast.bob, {"opening": True, "nobody": True})


def test_what_both_did_alike_is_not_offered(cast: Cast) -> None:
    license = scene(cast, SECOND)
    edit(license, "ending", content={"text": "Theirs.", "variables": [], "note": ""})
    delete(license, "coda")
    assert found(license) == {"opening": "changed", "extra": "added"}


def test_pages_of_changes_hold_each_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "PAGE", 2)
    license = scene(cast, SECOND)
    seen, after = [], None
    while True:
        shown = changes(clone_of(license), latest_version(license_work(license)), mine=False, after=after)
        seen += [change.key for change in shown.rows]
        after = shown.next
        if after is None:
            break
    assert seen == ["opening", "extra", "coda", "ending"]


def test_ten_thousand_items_take_a_bounded_number_of_statements(
    cast: Cast, count_statements: Callable[..., Any]
) -> None:
    many = many_items()
    listing = make_offer(cast.alice, items=many)
    license = hold(cast.bob, listing)
    release_with(
        listing, [{**row, "title": "New"} for row in sorted(many, key=lambda row: row["position"])], cast.alice
    )
    version = latest_version(listing.work_id)

    with count_statements() as looking:
        assert counts(clone_of(license), version) == {"changed": 10_000}
        assert len(changes(clone_of(license), version, mine=False).rows) == comparison.PAGE
    with count_statements() as taking:
        update = answer_all(license, cast.bob, take=True)
    with count_statements() as undoing:
        undo(license, update, cast.bob)

    assert (len(looking) <= 9, len(taking) <= 30, len(undoing) <= 24) == (True, True, True)
    titles = sa.select(sa.func.count()).where(Item.work_id == clone_of(license).work_id, Item.title == "New")
    assert db.session.scalar(titles) == 0
