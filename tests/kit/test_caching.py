"""What shared caches may keep of a public page."""

from __future__ import annotations

from tests.browser import Browser
from tests.cast import Cast


def test_a_strangers_page_is_shared_and_sets_no_cookie(client: Browser) -> None:
    page = client.get("/")
    assert "public" in page.headers["Cache-Control"]
    assert "Set-Cookie" not in page.headers
    assert client.get("/", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


def test_somebodys_page_is_private(client: Browser, cast: Cast) -> None:
    page = client.as_person(cast.bob).get("/")
    assert "public" not in page.headers["Cache-Control"]


def test_what_is_said_to_one_stranger_is_not_kept_for_the_others(client: Browser) -> None:
    with client.session_transaction() as session:
        session["_flashes"] = [("message", "Your e-mail is confirmed.")]
    page = client.get("/")
    assert "Your e-mail is confirmed." in page.text
    assert "public" not in page.headers.get("Cache-Control", "")
    assert "public" in client.get("/").headers["Cache-Control"]
