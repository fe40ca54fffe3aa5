"""Somebody forgot their password and sets a new one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from storefront.accounts.queries import find_person
from storefront.kit.db import db
from tests.accounts.acts import NewBrowser, join, sign_in, who
from tests.browser import Browser
from tests.cast import Cast
from tests.letterbox import last_letter, letters_to

NEW = "another one entirely"


def ask(browser: Browser, email: str) -> str:
    """Ask for the letter, open it; returns its link."""
    browser.post("/reset", data={"email": email})
    return last_letter(email).link


def test_bob_sets_a_new_password(client: Browser, cast: Cast) -> None:
    link = ask(client, cast.bob.email)
    assert client.get(link).status_code == 200
    response = client.post(link, data={"password": NEW})
    assert (response.status_code, response.location) == (303, "/login")
    assert "Your new password is set." in client.get("/login").text
    assert sign_in(client, password="storefront-demo").status_code == 422
    assert sign_in(client, password=NEW).status_code == 303


def test_bob_is_told_that_it_was_changed(client: Browser, cast: Cast) -> None:
    client.post(ask(client, cast.bob.email), data={"password": NEW})
    letter = last_letter(cast.bob.email)
    assert letter.subject == "Your password was changed"
    assert letter.link == "/reset"


def test_every_session_of_bobs_ends(new_browser: NewBrowser, cast: Cast) -> None:
    at_work = new_browser()
    sign_in(at_work, cast.bob.email)
    at_home = new_browser()
    at_home.post(ask(at_home, cast.bob.email), data={"password": NEW})
    assert who(at_work) is None


def test_the_link_works_once(client: Browser, cast: Cast) -> None:
    link = ask(client, cast.bob.email)
    client.post(link, data={"password": NEW})
    assert client.get(link).status_code == 410
    assert client.post(link, data={"password": "mallory was here"}).status_code == 410
    assert sign_in(client, password=NEW).status_code == 303


def test_the_letter_in_the_mailbox_confirms_the_email_too(client: Browser) -> None:
    join(client)
    client.post("/logout")
    client.post(ask(client, "dana@example.com"), data={"password": NEW})
    db.session.expire_all()
    dana = find_person("dana@example.com")
    assert dana is not None
    assert dana.is_verified


def test_a_pause_for_wrong_passwords_ends_with_it(client: Browser, cast: Cast) -> None:
    for _ in range(5):
        sign_in(client, cast.bob.email, "wrong")
    client.post(ask(client, cast.bob.email), data={"password": NEW})
    assert sign_in(client, password=NEW).status_code == 303


def test_asking_tells_nothing_about_who_has_an_account(client: Browser, cast: Cast) -> None:
    known = client.post("/reset", data={"email": cast.bob.email})
    unknown = client.post("/reset", data={"email": "who@example.com"})
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert len(letters_to(cast.bob.email)) == 1
    assert letters_to("who@example.com") == []
    assert "If there is an account with that e-mail" in client.get(known.location).text


def test_nobody_can_flood_bobs_mailbox(new_browser: NewBrowser, cast: Cast) -> None:
    statuses = [new_browser().post("/reset", data={"email": cast.bob.email}).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]
    assert len(letters_to(cast.bob.email)) == 5


def test_an_unknown_mailbox_answers_the_flood_alike(new_browser: NewBrowser) -> None:
    statuses = [new_browser().post("/reset", data={"email": "who@example.com"}).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]


def test_bobs_link_is_of_no_use_to_mallory(new_browser: NewBrowser, cast: Cast) -> None:
    link = ask(new_browser(), cast.bob.email)
    mallory = new_browser().as_person(cast.mallory)
    assert mallory.get(link).status_code == 403
    assert mallory.post(link, data={"password": NEW}).status_code == 403
    assert sign_in(new_browser()).status_code == 303


def test_a_short_password_is_refused_beside_the_field(client: Browser, cast: Cast) -> None:
    link = ask(client, cast.bob.email)
    response = client.post(link, data={"password": "short"})
    assert response.status_code == 422
    assert 'id="password-error"' in response.text
    assert client.post(link, data={"password": NEW}).status_code == 303


def test_a_link_is_dead_after_a_day(app: Flask, client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    link = ask(client, cast.bob.email)
    monkeypatch.setitem(app.config, "SECURITY_RESET_PASSWORD_WITHIN", timedelta(seconds=-1))
    for response in (client.get(link), client.post(link, data={"password": NEW})):
        assert response.status_code == 410
        assert 'href="/reset"' in response.text
    assert sign_in(client).status_code == 303


@pytest.mark.parametrize("token", ["x", "%00", "a.b.c", "é", "x" * 3000])
def test_a_made_up_link_is_a_clean_page(client: Browser, token: str) -> None:
    assert client.get(f"/reset/{token}").status_code in (404, 410)
    assert client.post(f"/reset/{token}", data={"password": NEW}).status_code in (404, 410)
