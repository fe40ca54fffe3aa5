"""The page of pieces: there for who builds pages, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import make_app
from tests.worlds import make_offer


def test_every_piece_is_shown(cast: Cast, client: Browser) -> None:
    make_offer(cast.alice)

    page = client.get("/dev/pieces")

    assert page.status_code == 200
    assert "Make it $0.50 or more, or choose free." in page.text
    assert "Field Notes" in page.text


def test_it_is_not_there_unless_it_is_wanted(tmp_path: Path) -> None:
    shop = make_app(tmp_path, database_url=f"sqlite:///{tmp_path}/shop.db", dev_pages=False)

    assert shop.test_client().get("/dev/pieces").status_code == 404
