"""Publishing, reading, comparing and restoring versions in the studio."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storefront.events.models import Event
from storefront.kit.db import db, step
from storefront.works.models import Version, Work
from storefront.works.services import publish_version, revision_of
from tests.browser import Browser
from tests.cast import Cast
from tests.works.studio import kept, save, state, studio
from tests.works.test_duplicate_and_delete import undo_address
from tests.works.whole_work import make_whole_work
from tests.worlds import make_team


@pytest.fixture
def work(cast: Cast) -> Work:
    work = make_whole_work(cast.alice)
    with step():
        publish_version(work, "First, with *everything*.", by=cast.alice)
    return work


def numbers(work: Work) -> list[int]:
    return list(db.session.scalars(sa.select(Version.number).where(Version.work_id == work.id)))


def test_alice_publishes_a_version_with_a_changelog(client: Browser, cast: Cast, work: Work) -> None:
    answer = client.as_person(cast.alice).post(
        studio(work, "/versions"), data={"changelog": "More **prompts**.\n\n<script>x</script>"}
    )

    page = client.get(answer.headers["Location"]).text
    assert numbers(work) == [1, 2]
    assert "<strong>prompts</strong>" in page
    assert "<em>everything</em>" in page
    assert "<script>x" not in page
    assert "Publish version 3" in page


@pytest.mark.parametrize("changelog", ["", "  \n ", "\u200b", "a" * 5001])
def test_a_version_says_what_changed(client: Browser, cast: Cast, work: Work, changelog: str) -> None:
    answer = client.as_person(cast.alice).post(studio(work, "/versions"), data={"changelog": changelog})

    assert answer.status_code == 422
    assert numbers(work) == [1]


def test_a_version_is_read_as_it_was(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    save(client, work, "opening", title="Another opening", text="Changed.", note="")

    page = client.get(studio(work, "/versions/1/items/opening")).text
    assert "Write about " in page
    assert "Changed." not in page
    assert "Version 1, as it was published" in page
    assert "data-autosave" not in page
    assert f'href="{studio(work, "/versions/1/items/drawer")}"' in page
    assert client.get(studio(work, "/versions/1")).status_code == 200
    assert client.get(studio(work, "/versions/1/files/ledger")).data.startswith(b"chapter,title")
    assert client.get(studio(work, "/versions/1/items/ledger")).text.count("/versions/1/files/ledger") == 1


@pytest.mark.parametrize(
    "path", ["/versions/2", "/versions/0", "/versions/x", "/versions/1/items/gone", "/versions/99999999999999999999",
             "/versions/1/files/opening", "/compare?before=7", "/compare?after=x"]
)  # fmt: skip
def test_what_was_never_published_is_not_found(client: Browser, cast: Cast, work: Work, path: str) -> None:
    assert client.as_person(cast.alice).get(studio(work, path)).status_code == 404


def test_two_states_are_compared_item_by_item_and_word_by_word(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    save(client, work, "advice", title="Advice", type="text", text="Use it *quickly*. <script>x</script>")
    client.post(studio(work, "/items/ending/deletion"))
    client.post(studio(work, "/items"), data={"kind": "character"})
    client.post(studio(work, "/items/wyn/place"), data={"way": "into", "target": "drawer"})
    client.post(studio(work, "/items/run/place"), data={"way": "up"})

    page = client.get(studio(work, "/compare")).text

    assert "taken out: </span>slowly</del>" in page
    assert "put in: </span>quickly</ins>" in page
    assert page.count("Taken out</span>") == 1
    assert page.count("Added</span>") == 1
    assert page.count("Moved</span>") == 1
    assert "The items at the top come in another order." in page
    assert "Mr. Osei" not in page.partition("<ol")[2]
    assert "<script>x" not in page


def test_equal_states_do_not_differ(client: Browser, cast: Cast, work: Work) -> None:
    assert "Nothing differs." in client.as_person(cast.alice).get(studio(work, "/compare?before=1&after=1")).text
    assert "Nothing differs." in client.get(studio(work, "/compare")).text


def test_a_long_list_of_changes_comes_in_pages(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    for _item in range(45):
        client.post(studio(work, "/items"), data={"kind": "page"})

    first = client.get(studio(work, "/compare")).text
    assert first.count("Added</span>") == 40
    assert client.get(studio(work, "/compare?start=40")).text.count("Added</span>") == 5


def test_a_restored_version_is_what_the_work_holds_until_it_is_undone(client: Browser, cast: Cast, work: Work) -> None:
    first = state(work)
    client.as_person(cast.alice)
    save(client, work, "opening", text="Changed.", note="")
    client.post(studio(work, "/items/read-me/deletion"))
    changed = state(work)

    answer = client.post(studio(work, "/versions/1/restoration"))
    restored = state(work)
    client.post(undo_address(client, answer.headers["Location"]))

    assert restored == first
    assert state(work) == changed
    assert numbers(work) == [1]
    assert db.session.scalars(sa.select(Event.name).order_by(Event.id)).all()[-2:] == ["work.restored", "work.undone"]


def test_a_save_from_before_a_restore_is_stale_where_the_text_differs(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    save(client, work, "opening", text="Second.", note="")
    began = revision_of(kept(work, "opening"))
    client.post(studio(work, "/versions/1/restoration"))

    assert save(client, work, "opening", text="Third.", revision=began).status_code == 409


def test_a_viewer_reads_versions_and_changes_nothing(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice, make_team(cast.alice, "press", viewer=cast.bob))
    with step():
        publish_version(work, "First.", by=cast.alice)
    before = state(work)
    reads = ("/versions", "/versions/1", "/compare")
    writes: tuple[tuple[str, dict[str, str]], ...] = (
        ("/versions", {"changelog": "x"}),
        ("/versions/1/restoration", {}),
    )

    for person, read, write in ((cast.bob, 200, 403), (cast.mallory, 404, 404)):
        client.as_person(person)
        assert {client.get(studio(work, path)).status_code for path in reads} == {read}
        assert {client.post(studio(work, path), data=data).status_code for path, data in writes} == {write}
    assert (state(work), numbers(work)) == (before, [1])
