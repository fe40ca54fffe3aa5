"""Filling a prompt's variables in, with script and without."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.works.models import Work
from storefront.works.prompts import PLACEHOLDER, filled, parts
from tests.browser import Browser
from tests.cast import Cast
from tests.works.whole_work import make_whole_work


@pytest.fixture
def prompt(cast: Cast) -> str:
    work: Work = make_whole_work(cast.alice)
    return f"/studio/{work.public_id}/items/opening"


def preview(text: str) -> str:
    """The filled text of a page or fragment, its tags away."""
    found = re.search(r'id="filled-text">(.*?)</div>', text, re.DOTALL)
    assert found is not None
    return re.sub(r"</?(?:b|span)[^>]*>", "", found[1])


def test_examples_stand_in_until_something_is_typed(client: Browser, cast: Cast, prompt: str) -> None:
    page = client.as_person(cast.alice).get(prompt).text
    assert preview(page).startswith("Write about a ferry in 80 words.")


def test_without_script_the_form_shows_the_filled_page(client: Browser, cast: Cast, prompt: str) -> None:
    page = client.as_person(cast.alice).get(f"{prompt}?v-story=the+sea&v-words=12&pane=preview").text
    assert preview(page).startswith("Write about the sea in 12 words.")
    assert 'value="the sea"' in page


def test_with_script_the_preview_comes_alone(client: Browser, cast: Cast, prompt: str) -> None:
    answer = client.as_person(cast.alice).htmx(f"{prompt}?v-story=the+sea")
    assert preview(answer.text).startswith("Write about the sea in 80 words.")
    assert 'id="works-filled"' in answer.text
    assert "<html" not in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_an_emptied_box_keeps_its_place(client: Browser, cast: Cast, prompt: str) -> None:
    page = client.as_person(cast.alice).htmx(f"{prompt}?v-story=&v-words=12").text
    assert preview(page).startswith("Write about {{story}} in 12 words.")


def test_what_is_typed_is_text(client: Browser, cast: Cast, prompt: str) -> None:
    page = client.as_person(cast.alice).get(f"{prompt}?v-story=%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_value_that_looks_like_a_variable_is_left_as_it_is() -> None:
    text = "".join(part.text for part in filled("{{a}} {{b}}", {"a": "{{b}}", "b": "x"}))
    assert text == "{{b}} x"


@given(st.text(alphabet="{} abc_\n", max_size=60))
def test_the_parts_are_the_text(text: str) -> None:
    unspaced = PLACEHOLDER.sub(lambda found: f"{{{{{found[1]}}}}}", text)
    assert "".join(part.text for part in parts(text)) == unspaced
