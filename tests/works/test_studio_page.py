"""``/studio/<work>``: a work opened, every kind of item shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from storefront.accounts.queries import personal_workspace
from storefront.kit.db import step
from storefront.library.holdings import holding_of
from storefront.works.models import Work
from storefront.works.services import make_work
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold
from tests.works.whole_work import make_whole_work
from tests.worlds import make_offer, make_team

SHOWN = {
    "read-me": (
        "Begin here.", "Before you begin", "<em>slowly</em>", "&lt;script&gt;", "Wyn", "&lt;hi&gt;",
        "It is short.",
    ),
    "drawer": ("In here", "Ending"),
    "opening": ("Write about ", '<span class="var">story</span>', "&lt;b&gt;tags&lt;/b&gt;", "Run it twice."),
    "ending": ("End it there.", "Copy the prompt"),
    "wyn": ("Ferrywoman", "Has crossed often.", "exact", "Forty years of exact change."),
    "wyn-osei": ("Forty years of exact change.", "Postman"),
    "run": ("<svg", "Paste the scene", "Read it aloud", "Done: on to 3"),
    "ledger": ("ledger.csv", "text/csv", "First crossing", "Download"),
}  # fmt: skip


@pytest.fixture
def work(cast: Cast) -> Work:
    return make_whole_work(cast.alice)


def item(work: Work, key: str) -> str:
    return f"/studio/{work.public_id}/items/{key}"


@pytest.mark.parametrize("key", SHOWN)
def test_a_viewer_reads_every_kind_of_item(client: Browser, cast: Cast, key: str) -> None:
    work = make_whole_work(cast.alice, make_team(cast.alice, "press", viewer=cast.bob))

    answer = client.as_person(cast.bob).get(item(work, key))

    assert "data-autosave" not in answer.text

    assert answer.status_code == 200
    missing = [words for words in SHOWN[key] if words not in answer.text]
    assert missing == []
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("key", SHOWN)
def test_alice_finds_every_kind_of_item_ready_to_be_edited(client: Browser, cast: Cast, work: Work, key: str) -> None:
    answer = client.as_person(cast.alice).get(item(work, key))

    assert answer.status_code == 200
    assert f'hx-post="{item(work, key)}"' in answer.text
    assert answer.text.count("<h1") == 1


def test_a_work_opens_at_its_first_item(client: Browser, cast: Cast, work: Work) -> None:
    page = client.as_person(cast.alice).get(f"/studio/{work.public_id}").text
    assert "Begin here." in page
    assert f'href="{item(work, "read-me")}" aria-current="true"' in page
    assert "Your own work" in page


def test_only_the_group_one_stands_in_is_open(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    assert item(work, "ending") not in client.get(item(work, "osei")).text
    assert item(work, "ending") in client.get(item(work, "opening")).text


def test_a_block_is_shown_on_its_page(client: Browser, cast: Cast, work: Work) -> None:
    answer = client.as_person(cast.alice).get(item(work, "motto"))
    assert answer.status_code == 302
    assert answer.location == f"{item(work, 'read-me')}#motto"


def test_one_reads_on_from_item_to_item(client: Browser, cast: Cast, work: Work) -> None:
    page = client.as_person(cast.alice).get(item(work, "opening")).text
    assert "Before: </span>Scene drawer" in page
    assert "Next: </span>Ending" in page


def test_a_phone_shows_one_pane_at_a_time(client: Browser, cast: Cast, work: Work) -> None:
    address = item(work, "opening")
    page = client.as_person(cast.alice).get(f"{address}?pane=preview&v-story=the+sea").text
    assert f'href="{address}?v-story=the+sea&amp;pane=items"' in page
    assert f'href="{address}?v-story=the+sea&amp;pane=preview" aria-current="page"' in page


def test_hostile_arguments_are_ignored(client: Browser, cast: Cast, work: Work) -> None:
    hostile = "?pane=x&_external=1&_scheme=javascript&_anchor=%22%3E&key=wyn&public_id=x&v-x=%22%3E%3Cscript%3E"
    answer = client.as_person(cast.alice).get(item(work, "opening") + hostile)
    assert answer.status_code == 200
    assert '"><script>' not in answer.text


@pytest.mark.parametrize("path", ["/studio/wrk_none", "/studio/wrk_none/items/x", "/studio/wrk_none/files/x"])
def test_what_is_not_there_is_not_found(client: Browser, cast: Cast, path: str) -> None:
    assert client.as_person(cast.bob).get(path).status_code == 404


@pytest.mark.parametrize("key", ["gone", "a" * 5000])
def test_an_item_that_is_not_there_has_no_file(client: Browser, cast: Cast, work: Work, key: str) -> None:
    assert client.as_person(cast.alice).get(f"/studio/{work.public_id}/files/{key}").status_code == 404


@pytest.mark.parametrize("path", ["/studio/%00", "/studio/{}/items/%00", "/studio/{}/files/%00", "/library/%00"])
def test_a_tampered_address_is_a_clean_page(client: Browser, cast: Cast, work: Work, path: str) -> None:
    answer = client.as_person(cast.alice).get(path.format(work.public_id))
    assert answer.status_code in (400, 404)


def test_an_item_that_was_taken_out_is_not_found(client: Browser, cast: Cast, work: Work) -> None:
    assert client.as_person(cast.alice).get(item(work, "gone")).status_code == 404


def test_an_empty_work_says_so(client: Browser, cast: Cast) -> None:
    with step():
        empty = make_work(personal_workspace(cast.alice), "pack", "Nothing yet")
    page = client.as_person(cast.alice).get(f"/studio/{empty.public_id}")
    assert page.status_code == 200
    assert "Nothing is in this work yet." in page.text


def test_mallory_cannot_open_what_alice_made(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.mallory)
    for path in (
        f"/studio/{work.public_id}",
        item(work, "opening"),
        f"/studio/{work.public_id}/files/ledger",
    ):
        assert client.get(path).status_code == 404


def test_signed_out_the_studio_leads_to_signing_in(client: Browser, work: Work) -> None:
    assert client.get(f"/studio/{work.public_id}").status_code in (302, 303)


def test_a_clone_says_where_it_came_from(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    studio = f"/studio/{holding_of(cast.bob, license.public_id).studio_id}"

    page = client.as_person(cast.bob).get(studio).text

    assert "Your copy of version 1" in page
    assert "by Alice" in page
    assert f'href="/library/{license.public_id}"' in page


def test_a_frozen_clone_can_be_read_and_says_why(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    studio = f"/studio/{holding_of(cast.bob, license.public_id).studio_id}"
    finish(license, "refunded")

    page = client.as_person(cast.bob).get(f"{studio}/items/opening").text

    assert "This copy is frozen." in page
    assert "Its price was paid back." in page
    assert "Write the first line of " in page
    assert "data-copy" not in page


def test_opening_an_item_takes_few_statements(
    client: Browser, cast: Cast, work: Work, count_statements: Callable[..., Any]
) -> None:
    client.as_person(cast.alice)
    counts = {}
    for key in ("read-me", "opening", "wyn", "run", "ledger"):
        with count_statements() as run:
            client.get(item(work, key))
        counts[key] = len(run)
    assert max(counts.values()) <= 8, counts  # with its lineage, and what is tied to a character
