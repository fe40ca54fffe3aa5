"""Finding an item of a work by its title."""

from __future__ import annotations

import pytest

from storefront.works.contents import draft
from storefront.works.models import Work
from storefront.works.outline import outline_of
from tests.browser import Browser
from tests.cast import Cast
from tests.works.whole_work import make_whole_work


@pytest.fixture
def work(cast: Cast) -> Work:
    return make_whole_work(cast.alice)


def test_htmx_gets_what_is_found_alone(client: Browser, cast: Cast, work: Work) -> None:
    answer = client.as_person(cast.alice).htmx(f"/studio/{work.public_id}/items/opening?find=osei")
    assert 'id="works-outline"' in answer.text
    assert "Wyn and Mr. Osei" in answer.text
    assert "Ending" not in answer.text
    assert "<html" not in answer.text


def test_without_script_the_page_shows_what_is_found(client: Browser, cast: Cast, work: Work) -> None:
    page = client.as_person(cast.alice).get(f"/studio/{work.public_id}/items/wyn?find=ENDING&pane=items").text
    assert f"/studio/{work.public_id}/items/ending" in page
    assert 'value="ENDING"' in page


def test_a_block_is_found_at_its_place_on_its_page(client: Browser, cast: Cast, work: Work) -> None:
    found = client.as_person(cast.alice).htmx(f"/studio/{work.public_id}?find=motto").text
    assert f"/studio/{work.public_id}/items/read-me#motto" in found


def test_nothing_found_says_so(client: Browser, cast: Cast, work: Work) -> None:
    found = client.as_person(cast.alice).htmx(f"/studio/{work.public_id}?find=%3Cb%3Ezebra").text
    assert "Nothing here is called “&lt;b&gt;zebra”." in found


@pytest.mark.parametrize("find", ["%00", "%25", "'", "a" * 5000, "%F0%9F%9A%A2", "%ff"])
def test_hostile_words_find_nothing(client: Browser, cast: Cast, work: Work, find: str) -> None:
    answer = client.as_person(cast.alice).htmx(f"/studio/{work.public_id}?find={find}")
    assert answer.status_code == 200


def test_every_word_must_be_in_the_title(work: Work) -> None:
    outline = outline_of(draft(work))
    assert [entry.key for entry in outline.find("wyn osei")] == ["wyn-osei"]
    assert {entry.key for entry in outline.find("WYN")} == {"wyn", "wyn-osei"}


def test_the_outline_knows_groups_and_neighbors(work: Work) -> None:
    outline = outline_of(draft(work))
    opening = outline.entries["opening"]
    assert [group.key for group in opening.trail] == ["drawer"]
    assert [entry.key for entry in outline.beside(opening) if entry] == ["drawer", "ending"]
    assert outline.beside(outline.pages[0])[0] is None
    assert outline.beside(outline.pages[-1])[1] is None
    assert outline.entries["read-me"].members == []
    assert outline.entries["drawer"].size == 2
