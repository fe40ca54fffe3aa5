"""The picture that shows where somebody shares an address of the shop."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import unescape
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from flask import Flask
from PIL import Image, ImageChops

from storefront.catalog.covers import Subject, cover_svg
from storefront.catalog.models import Listing
from storefront.catalog.services import unpublish
from storefront.catalog.share.poster import ART_LEFT, COLUMN, LEFT, Poster, Price
from storefront.kit.db import db, step
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import HOST
from tests.worlds import make_offer

ART = cover_svg(Subject("a1", "pack", "Field notes", ("research",)))
TITLES = {
    "Latin": "Field Notes",
    "Cyrillic": "Письма, которые читают до конца",
    "Greek": "Ερωτήσεις για συνεντεύξεις",
    "Chinese": "一份给研究者的访谈提示词合集",
    "Japanese": "面白い小説を書くためのキット",
    "Korean": "연구자를 위한 인터뷰 프롬프트",
    "Arabic": "رسائل تُقرأ حتى النهاية",
    "Hebrew": "שאלות לראיון: 12 prompts",
    "Hindi": "साक्षात्कार के प्रश्न",
    "Thai": "คำสั่งสำหรับการสัมภาษณ์",
    "emoji": "Cooking 🍳 with 👩‍🍳",
    "long": "Meeting notes to tasks, owners, deadlines and a polite follow-up for everyone th",
    "one long word": "W" * 80,
}


def meta(page: str, name: str) -> str:
    found = re.search(rf'<meta property="{name}" content="([^"]*)">', page)
    assert found, name
    return unescape(found[1])


def picture(client: Browser, address: str) -> Image.Image:
    assert address.startswith(f"{HOST}/share/")
    answer = client.get(urlsplit(address).path)
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    return Image.open(BytesIO(answer.data)).convert("RGB")


def words_of(poster: Poster) -> Image.Image:
    """The left part, with everything but ink taken away: white where there is a word."""
    drawn = Image.open(BytesIO(poster.png())).convert("RGB").crop((0, 130, ART_LEFT, 470))
    paper = Image.new("RGB", drawn.size, poster.palette.light)
    return ImageChops.difference(drawn, paper).convert("L").point(lambda value: 255 if value > 40 else 0)


class TestListing:
    def test_it_is_there_sized_and_said(self, cast: Cast, client: Browser) -> None:
        make_offer(cast.alice, "Field Notes", price=1250)
        page = client.get("/listings/field-notes").text

        assert meta(page, "og:image:alt") == "Field Notes. Prompt pack by Alice, $12.50."
        drawn = picture(client, meta(page, "og:image"))
        assert drawn.size == (int(meta(page, "og:image:width")), int(meta(page, "og:image:height"))) == (1200, 630)
        assert len(drawn.crop((0, 0, ART_LEFT, 630)).getcolors(100_000) or []) > 10
        assert len(drawn.crop((ART_LEFT, 0, 1200, 630)).getcolors(100_000) or []) > 3

    def test_a_new_price_or_title_is_a_new_address_and_the_old_one_leads_there(
        self, cast: Cast, client: Browser
    ) -> None:
        make_offer(cast.alice, "Field Notes", price=1250)
        addresses = [meta(client.get("/listings/field-notes").text, "og:image")]
        for change in ({"price": 1300}, {"title": "Field Notes Again"}):
            with step():
                listing = db.session.query(Listing).one()
                for name, value in change.items():
                    setattr(listing, name, value)
            addresses.append(meta(client.get("/listings/field-notes").text, "og:image"))

        assert len(set(addresses)) == 3
        old = client.get(urlsplit(addresses[0]).path)
        assert (old.status_code, old.headers["Location"]) == (302, addresses[-1])

    def test_what_does_not_show_changes_nothing(self, cast: Cast, client: Browser) -> None:
        make_offer(cast.alice, "Field Notes")
        before = meta(client.get("/listings/field-notes").text, "og:image")
        with step():
            db.session.query(Listing).one().tagline = "Another line."

        assert meta(client.get("/listings/field-notes").text, "og:image") == before

    def test_it_is_drawn_once(self, app: Flask, cast: Cast, client: Browser) -> None:
        make_offer(cast.alice, "Field Notes")
        address = meta(client.get("/listings/field-notes").text, "og:image")
        first = picture(client, address)
        [kept] = [file for file in os.listdir(f"{app.config['STORAGE_URL']}/share") if len(file) == 2]
        assert kept == urlsplit(address).path.split("/")[-1][:2]

        assert picture(client, address).tobytes() == first.tobytes()

    def test_mallory_sees_no_picture_of_what_alice_took_down(self, cast: Cast, client: Browser) -> None:
        listing = make_offer(cast.alice, "Field Notes")
        address = meta(client.get("/listings/field-notes").text, "og:image")
        picture(client, address)
        with step():
            unpublish(listing, by=cast.alice)

        assert client.get(urlsplit(address).path).status_code == 404


class TestOtherPages:
    def test_each_has_one(self, cast: Cast, client: Browser) -> None:
        make_offer(cast.alice, "Field Notes", tags=["field-work"])
        paths = ("/", "/catalog", "/catalog?tag=field-work", "/@alice", "/login")
        pictures = {path: meta(client.get(path).text, "og:image") for path in paths}

        assert pictures["/"] == pictures["/catalog"] == pictures["/login"]
        assert len(set(pictures.values())) == 3
        for address in set(pictures.values()):
            assert picture(client, address).size == (1200, 630)

    @pytest.mark.parametrize("path", ["tags/made-up", "creators/nobody", "shop/back", "listings/none", "other/x"])
    def test_there_is_none_of_what_there_is_not(self, client: Browser, path: str) -> None:
        assert client.get(f"/share/{path}/0123456789abcdef.png").status_code == 404


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES.keys())
def test_a_title_in_any_script_is_set_inside_its_column(title: str) -> None:
    box = words_of(Poster(ART, title, "Prompt pack", "pack")).getbbox()

    assert box is not None
    left, _, right, _ = box
    assert LEFT - 12 <= left < right <= LEFT + COLUMN + 12
    assert right - left > COLUMN / 4


@pytest.mark.parametrize("title", ["", "   ", "\U00012000\U00013000", "\x00\u202e"])
def test_what_no_typeface_has_leaves_no_empty_boxes(title: str) -> None:
    assert words_of(Poster(ART, title, "Prompt pack", "pack")).getbbox() is None


@pytest.mark.parametrize(
    ("price", "parts"),
    [
        (Price(1250, "USD"), ("$", "12", "50")),
        (Price(1200, "USD"), ("$", "12", "")),
        (Price(123_456_705, "EUR"), ("€", "1,234,567", "05")),
        (Price(1200, "JPY"), ("¥", "1,200", "")),
        (Price(1005, "KWD"), ("KWD", "1", "005")),
        (Price(0, "USD"), ("", "Free", "")),
    ],
)
def test_a_price_has_the_digits_of_its_currency(price: Price, parts: tuple[str, str, str]) -> None:
    assert price.parts == parts


def test_two_processes_draw_the_same_bytes() -> None:
    code = (
        "import hashlib; from storefront.catalog.covers import Subject, cover_svg; "
        "from storefront.catalog.share.poster import Poster, Price; "
        "art = cover_svg(Subject('a1', 'pack', 'Field notes', ('research',))); "
        "poster = Poster(art, 'Field Письма 研究', 'Prompt pack', 'pack', Price(1250, 'USD'), by='Alice'); "
        "print(hashlib.sha256(poster.png()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
