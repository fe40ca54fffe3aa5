"""The page of pieces: there for who builds pages, with every piece, and nowhere else."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from storefront.app import PACKAGE
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import make_app
from tests.worlds import make_offer

MACRO = re.compile(r"{%-? macro (\w+)\(")
IN_THE_HEAD = {"share_tags"}  # nothing to see


def templates(folder: str) -> dict[str, str]:
    """The text of each template, without the names of the macros that it defines."""
    return {path.name: path.read_text() for path in sorted((PACKAGE / "templates" / folder).glob("*.html"))}


def calls(text: str, macro: str) -> bool:
    return re.search(rf"\b{macro}\(", MACRO.sub("", text)) is not None


def test_every_piece_is_shown_or_part_of_one_that_is() -> None:
    pieces, shown = templates("ui"), " ".join(templates("dev").values())
    macros = {name for text in pieces.values() for name in MACRO.findall(text)}
    parts = {name for name in macros for text in pieces.values() if calls(text, name)}

    assert len(macros) > 40
    assert {name for name in macros - parts if not calls(shown, name)} == IN_THE_HEAD


def test_it_shows_what_is_wrong_and_what_is_long(cast: Cast, client: Browser) -> None:
    make_offer(cast.alice)

    page = client.get("/dev/pieces")

    assert page.status_code == 200
    assert "Make it $0.50 or more, or choose free." in page.text
    assert "Field Notes" in page.text
    assert "said all of it" in page.text


def test_it_is_there_without_a_single_work(client: Browser) -> None:
    assert client.get("/dev/pieces").status_code == 200


def test_an_upload_is_tried_and_an_empty_file_refused(client: Browser) -> None:
    def send(content: bytes, **headers: str) -> int:
        data = {"files": (BytesIO(content), "one.png")}
        return client.post("/dev/pieces/uploads", data=data, headers=headers).status_code

    assert send(b"something") == 303
    assert send(b"something", Accept="application/json") == 204
    assert send(b"") == 400


def test_it_is_not_there_unless_it_is_wanted(tmp_path: Path) -> None:
    shop = make_app(tmp_path, database_url=f"sqlite:///{tmp_path}/shop.db", dev_pages=False)

    assert shop.test_client().get("/dev/pieces").status_code == 404
