"""Items in their places: added, moved, nested, with keys that stay and positions that differ."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.accounts.queries import personal_workspace
from storefront.events.models import Event
from storefront.kit.db import db, step
from storefront.kit.errors import Refusal
from storefront.works import services
from storefront.works.models import DEEPEST, Item, Work
from storefront.works.services import make_work
from tests.browser import Browser
from tests.cast import Cast
from tests.works.studio import add, kept, keys, studio
from tests.works.whole_work import make_whole_work
from tests.worlds import make_team

TOP = ["read-me", "drawer", "wyn", "osei", "wyn-osei", "run", "ledger"]


@pytest.fixture
def work(cast: Cast) -> Work:
    return make_whole_work(cast.alice)


def move(client: Browser, work: Work, key: str, way: str, target: str = "") -> int:
    data = {"way": way, "target": target}
    return client.post(studio(work, f"/items/{key}/place"), data=data).status_code


@pytest.mark.parametrize(
    ("key", "way", "target", "top"),
    [
        ("wyn", "up", "", ["read-me", "wyn", "drawer", "osei", "wyn-osei", "run", "ledger"]),
        ("wyn", "down", "", ["read-me", "drawer", "osei", "wyn", "wyn-osei", "run", "ledger"]),
        ("wyn", "before", "read-me", ["wyn", "read-me", "drawer", "osei", "wyn-osei", "run", "ledger"]),
        ("read-me", "behind", "ledger", ["drawer", "wyn", "osei", "wyn-osei", "run", "ledger", "read-me"]),
        ("read-me", "behind", "drawer", ["drawer", "read-me", "wyn", "osei", "wyn-osei", "run", "ledger"]),
        ("opening", "out", "", ["read-me", "drawer", "opening", "wyn", "osei", "wyn-osei", "run", "ledger"]),
        ("ending", "before", "run", ["read-me", "drawer", "wyn", "osei", "wyn-osei", "ending", "run", "ledger"]),
        ("wyn", "before", "wyn", TOP),
    ],
)
def test_items_move_among_their_siblings(
    client: Browser, cast: Cast, work: Work, key: str, way: str, target: str, top: list[str]
) -> None:
    assert move(client.as_person(cast.alice), work, key, way, target) == 303
    assert keys(work) == top


def test_an_item_goes_into_the_page_above_it_and_into_the_one_it_is_dropped_on(
    client: Browser, cast: Cast, work: Work
) -> None:
    client.as_person(cast.alice)
    move(client, work, "wyn", "in")
    move(client, work, "run", "into", "drawer")

    assert keys(work, "drawer") == ["opening", "ending", "wyn", "run"]
    assert keys(work) == ["read-me", "drawer", "osei", "wyn-osei", "ledger"]


@pytest.mark.parametrize(
    ("key", "way", "target", "sentence"),
    [
        ("read-me", "up", "", "It is the first already."),
        ("ledger", "down", "", "It is the last already."),
        ("read-me", "in", "", "There is no page above it"),
        ("read-me", "out", "", "It stands at the top already."),
        ("drawer", "into", "drawer", "A page can’t stand inside itself."),
        ("drawer", "before", "opening", "A page can’t stand inside itself."),
        ("wyn", "into", "osei", "Only pages hold other items."),
        ("advice", "before", "wyn", "A block belongs to a page."),
        ("advice", "out", "", "A block belongs to a page."),
    ],
)
def test_what_has_no_place_is_refused_with_the_reason(
    client: Browser, cast: Cast, work: Work, key: str, way: str, target: str, sentence: str
) -> None:
    answer = client.as_person(cast.alice).post(studio(work, f"/items/{key}/place"), data={"way": way, "target": target})

    assert answer.status_code == 422
    assert sentence.replace("’", "&#39;") in answer.text or sentence.replace("’", "'") in answer.text
    assert keys(work) == TOP


def test_htmx_gets_the_tree_alone_after_a_move(client: Browser, cast: Cast, work: Work) -> None:
    answer = client.as_person(cast.alice).htmx(
        studio(work, "/items/wyn/place"), method="POST", data={"way": "up", "opened": "opening"}
    )

    assert answer.text.index("Wyn Harrack") < answer.text.index("Scene drawer")
    assert 'data-item="opening"' in answer.text
    assert "<html" not in answer.text


def test_blocks_move_among_blocks(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    move(client, work, "advice", "up")
    move(client, work, "snippet", "down")

    assert keys(work, "read-me") == ["advice", "first-heading", "motto", "try-it", "snippet"]


def test_a_new_item_comes_behind_the_open_one_or_into_a_page_that_holds_others(
    client: Browser, cast: Cast, work: Work
) -> None:
    client.as_person(cast.alice)
    beside = add(client, work, "prompt", beside="wyn")
    inside = add(client, work, "page", beside="drawer", inside="yes")
    block = add(client, work, "block", beside="read-me", type="code")
    loose = add(client, work, "character")

    assert keys(work) == ["read-me", "drawer", "wyn", beside, "osei", "wyn-osei", "run", "ledger", loose]
    assert keys(work, "drawer") == ["opening", "ending", inside]
    assert block == "read-me"  # where a block is edited
    assert kept(work, keys(work, "read-me")[-1]).content == {"type": "code", "text": "", "language": ""}
    assert db.session.scalars(sa.select(Event.name).order_by(Event.id)).all()[-4:] == ["work.item_added"] * 4


@pytest.mark.parametrize("kind", ["page", "prompt", "graph", "character", "relationship", "file"])
def test_every_kind_can_be_added_opened_and_is_what_it_should_be(
    client: Browser, cast: Cast, work: Work, kind: str
) -> None:
    key = add(client.as_person(cast.alice), work, kind)

    assert client.get(studio(work, f"/items/{key}")).status_code == 200
    assert kept(work, key).title == f"New {'flow' if kind == 'graph' else kind}"


def test_a_relationship_wants_two_characters_first(client: Browser, cast: Cast) -> None:
    with step():
        work = make_work(personal_workspace(cast.alice), "project", "Nobody here")
    answer = client.as_person(cast.alice).post(studio(work, "/items"), data={"kind": "relationship"})

    assert answer.status_code == 422
    assert "Add them first." in answer.text


@pytest.mark.parametrize("data", [{}, {"kind": "poem"}, {"kind": "block", "beside": "read-me", "type": "poem"}])
def test_a_kind_that_nobody_knows_is_refused(client: Browser, cast: Cast, work: Work, data: dict[str, str]) -> None:
    assert client.as_person(cast.alice).post(studio(work, "/items"), data=data).status_code == 400


def test_a_loose_block_is_refused(client: Browser, cast: Cast, work: Work) -> None:
    assert client.as_person(cast.alice).post(studio(work, "/items"), data={"kind": "block"}).status_code == 422


def test_pages_go_twelve_deep_and_no_deeper(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    deepest = "drawer"
    for _level in range(DEEPEST - 1):
        deepest = add(client, work, "page", beside=deepest, inside="yes")
    add(client, work, "prompt", beside=deepest, inside="yes")

    refused = client.post(studio(work, "/items"), data={"kind": "page", "beside": deepest, "inside": "yes"})
    assert refused.status_code == 303  # a page that holds nothing may be the last
    last = keys(work, deepest)[-1]
    refused = client.post(studio(work, "/items"), data={"kind": "prompt", "beside": last, "inside": "yes"})
    assert refused.status_code == 422
    assert move(client, work, "drawer", "into", "read-me") == 422


def test_a_viewer_moves_nothing(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice, make_team(cast.alice, "press", viewer=cast.bob))

    assert move(client.as_person(cast.bob), work, "wyn", "up") == 403
    assert "data-tree" not in client.get(studio(work)).text
    assert move(client.as_person(cast.mallory), work, "wyn", "up") == 404


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["up", "down", "in", "out", "before", "behind", "into", "copy", "delete", "undo", "add"]),
        st.integers(0, 50),
        st.integers(0, 50),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_whatever_is_done_the_tree_stays_a_tree(work: Work, cast: Cast, deeds: list[tuple[str, int, int]]) -> None:
    """No circle, no orphan, no two in one place; what was deleted and brought back stands where it stood."""
    undos = []
    with step():
        mine = db.session.get_one(Work, work.id)
        for deed, first, second in deeds:
            items = db.session.scalars(sa.select(Item).where(Item.work_id == mine.id).order_by(Item.key)).all()
            if not items:
                break
            item, other = items[first % len(items)], items[second % len(items)]
            try:
                if deed in ("up", "down", "in", "out"):
                    services.step_item(mine, item, deed)
                elif deed in ("before", "behind", "into"):
                    services.move_beside(mine, item, other, deed)
                elif deed == "copy" and len(items) < 100:
                    services.duplicate_item(mine, item, by=cast.alice)
                elif deed == "delete":
                    undos.append(services.delete_item(mine, item, by=cast.alice))
                elif deed == "undo" and undos:
                    services.use_undo(mine, undos.pop(), by=cast.alice)
                elif deed == "add":
                    services.add_item(mine, "page", "Page", by=cast.alice, parent=item.parent_key, after=item.key)
            except Refusal:
                continue
            db.session.flush()
        check_tree(mine)
        db.session.rollback()


def check_tree(work: Work) -> None:
    rows = db.session.execute(
        sa.select(Item.key, Item.parent_key, Item.position, Item.kind).where(Item.work_id == work.id)
    ).all()
    kinds = {row.key: row.kind for row in rows}
    parents = {row.key: row.parent_key for row in rows}
    assert max(Counter((row.parent_key, row.position) for row in rows).values(), default=1) == 1
    for row in rows:
        assert row.parent_key is None or kinds[row.parent_key] == "page"
        assert row.kind != "block" or row.parent_key is not None
        at, steps = row.key, 0
        while (up := parents[at]) is not None:
            at, steps = up, steps + 1
            assert steps <= DEEPEST
