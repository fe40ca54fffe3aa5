"""The fields that script makes richer, on the page of pieces, with script and without."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, expect

from tests.journeys.conftest import Walker

Walk = Callable[..., Walker]


def sent(walker: Walker) -> str:
    """What the first box of tags would send."""
    return walker.page.locator("input[name=tags]").input_value()


def picture(name: str, *, size: int = 40) -> FilePayload:
    out = BytesIO()
    Image.new("RGB", (size, size), "#cf3412").save(out, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


@pytest.fixture
def pieces(walk: Walk) -> Walker:
    walker = walk()
    walker.go("/dev/pieces")
    return walker


def row(walker: Walker, name: str) -> Locator:
    return walker.page.locator("form[data-upload] .upload-row").filter(has_text=name)


class TestTags:
    def test_enter_adds_and_a_press_or_backspace_takes_away(self, pieces: Walker) -> None:
        box = pieces.page.get_by_label("Tags").first
        box.press_sequentially("Field work")
        box.press("Enter")
        assert sent(pieces) == "research, interviews, Field work"

        pieces.page.get_by_role("button", name="Remove research").first.click()
        assert sent(pieces) == "interviews, Field work"
        expect(box).to_be_focused()

        box.press("Backspace")
        assert sent(pieces) == "interviews"

    def test_commas_part_what_is_pasted_and_nothing_is_there_twice(self, pieces: Walker) -> None:
        pieces.page.get_by_label("Tags").first.fill("Research, notes,diaries")

        assert sent(pieces) == "research, interviews, notes, diaries"

    def test_more_than_five_wait_in_the_field_and_it_is_said(self, pieces: Walker) -> None:
        box = pieces.page.get_by_label("Tags").first
        box.fill("a,b,c,d")

        expect(box).to_have_value("d")
        expect(pieces.page.get_by_text("5 is the most. Take one away first.")).to_be_attached()
        assert sent(pieces) == "research, interviews, a, b, c, d"

    def test_what_is_half_typed_is_sent_too(self, pieces: Walker) -> None:
        pieces.page.get_by_label("Tags").first.press_sequentially("dia")

        assert sent(pieces) == "research, interviews, dia"

    def test_without_script_it_is_a_line_with_commas(self, walk: Walk) -> None:
        walker = walk(script=False)
        walker.go("/dev/pieces")

        expect(walker.page.get_by_label("Tags").first).to_have_value("research, interviews")


class TestUpload:
    def test_each_file_goes_by_itself_with_its_picture(self, pieces: Walker) -> None:
        pieces.page.get_by_label("Pictures").set_input_files([picture("one.png"), picture("two.png")])

        for name in ("one.png", "two.png"):
            expect(row(pieces, name)).to_have_attribute("data-state", "kept")
            expect(row(pieces, name).locator("canvas")).to_be_visible()
        posts = [request for request in pieces.requests if request.method == "POST"]
        assert [request.url for request in posts] == [f"{pieces.street.url}/dev/pieces/uploads"] * 2

    def test_the_page_hears_when_all_are_there(self, pieces: Walker) -> None:
        pieces.page.evaluate("addEventListener('uploaded', () => (document.title = 'all there'))")
        pieces.page.get_by_label("Pictures").set_input_files([picture("one.png"), picture("two.png")])

        expect(pieces.page).to_have_title("all there")

    def test_a_refusal_is_said_at_the_file_and_can_be_tried_again(self, pieces: Walker) -> None:
        empty: FilePayload = {"name": "empty.png", "mimeType": "image/png", "buffer": b""}
        pieces.page.get_by_label("Pictures").set_input_files([empty])

        expect(row(pieces, "empty.png")).to_contain_text("The file is empty. Choose another.")
        expect(row(pieces, "empty.png").get_by_role("button", name="Try again")).to_be_visible()
        row(pieces, "empty.png").get_by_role("button", name="Take empty.png off the list").click()
        expect(row(pieces, "empty.png")).to_have_count(0)

    def test_what_is_too_large_or_no_picture_is_not_even_sent(self, pieces: Walker) -> None:
        large: FilePayload = {"name": "large.png", "mimeType": "image/png", "buffer": b"\0" * 4_000_001}
        script: FilePayload = {"name": "run.js", "mimeType": "text/javascript", "buffer": b"1"}
        pieces.page.get_by_label("Pictures").set_input_files([large, script])

        expect(row(pieces, "large.png")).to_contain_text("4 MB is the most. Choose a smaller file.")
        expect(row(pieces, "run.js")).to_contain_text("Choose WebP, PNG or JPEG.")
        expect(row(pieces, "large.png").get_by_role("button", name="Try again")).to_be_hidden()
        assert [request for request in pieces.requests if request.method == "POST"] == []

    def test_without_script_the_form_sends_them(self, walk: Walk) -> None:
        walker = walk(script=False)
        walker.go("/dev/pieces")
        walker.page.get_by_label("Pictures").set_input_files([picture("one.png")])
        with walker.page.expect_response("**/dev/pieces/uploads") as answer:
            walker.page.get_by_role("button", name="Upload").click()

        assert answer.value.status == 303
