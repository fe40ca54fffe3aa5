"""The mailbox of a shop that sends no mail."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from flask import Flask

from storefront.kit.db import step
from storefront.kit.ids import token
from storefront.kit.jobs import announce, run_due_jobs
from storefront.notifications.mailbox import with_links
from tests.browser import Browser

NAME = "20260101T000000000000-aaaaaa"


def send(to: str, subject: str, text: str = "Hello.", body: str = "<p>Hello.</p>") -> None:
    with step():
        announce("mail.deliver", to=to, subject=subject, text=text, html=body, key=token(20).lower())
    run_due_jobs()


def first_letter(client: Browser) -> str:
    found = re.search(r'href="(/dev/mail/[^"]+)"', client.get("/dev/mail").text)
    assert found
    return found[1]


def test_an_empty_mailbox_says_how_to_fill_it(client: Browser) -> None:
    page = client.get("/dev/mail")
    assert page.status_code == 200
    assert "No letters yet." in page.text


def test_the_newest_letter_comes_first(client: Browser) -> None:
    send("bob@example.com", "First")
    send("alice@example.com", "Second")
    page = client.get("/dev/mail").text
    assert page.index("Second") < page.index("alice@example.com") < page.index("First") < page.index("bob@example.com")


def test_the_addresses_in_a_letter_are_links(client: Browser) -> None:
    send("bob@example.com", "Confirm", "Open http://shop.test/confirm/abc?next=/a&b=1\nor not.")
    page = client.get(first_letter(client))
    assert page.status_code == 200
    (link,) = re.findall(r'<a class="a" href="([^"]+)"', page.text)
    assert html.unescape(link) == "http://shop.test/confirm/abc?next=/a&b=1"


def test_what_a_letter_says_cannot_act_in_the_page(client: Browser) -> None:
    send("bob@example.com", "<b>Hi</b>", 'See <script>alert(1)</script> https://x.test/"onclick="a')
    page = client.get(first_letter(client)).text
    assert "<script>alert" not in page
    assert "<b>Hi</b>" not in page
    assert 'href="https://x.test/"' in page


def test_as_a_mail_program_shows_it_nothing_runs(client: Browser) -> None:
    send("bob@example.com", "Hi", body="<style>p{color:red}</style><p>Hello.</p><script>alert(1)</script>")
    page = client.get(f"{first_letter(client)}/html")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("name", ["x", "..", "../20260101T000000000000-aaaaaa", "20260101T000000000000-aaaaaa", "%00"])
def test_there_is_no_other_letter(client: Browser, name: str) -> None:
    assert client.get(f"/dev/mail/{name}").status_code == 404
    assert client.get(f"/dev/mail/{name}/html").status_code == 404


def test_a_half_written_letter_is_not_shown(app: Flask, client: Browser) -> None:
    folder = Path(app.config["MAIL_FOLDER"])
    folder.mkdir(parents=True)
    (folder / f".{NAME}.eml").write_bytes(b"To: bob")
    (folder / "notes.eml").write_bytes(b"To: bob")
    assert "No letters yet." in client.get("/dev/mail").text


def test_without_the_setting_there_is_no_mailbox(client: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    send("bob@example.com", "Hi")
    letter = first_letter(client)
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, dev_mail=False))
    for page in ("/dev/mail", letter, f"{letter}/html"):
        assert client.get(page).status_code == 404
    assert "/dev/mail" not in client.get("/login").text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        (
            "http://a.test/?x=1&y=2.",
            '<a class="a" href="http://a.test/?x=1&amp;y=2.">http://a.test/?x=1&amp;y=2.</a>',
        ),
    ],
)
def test_text_is_made_safe_and_its_addresses_links(text: str, shown: str) -> None:
    assert with_links(text) == shown
