"""Somebody who is signed in changes their password."""

from __future__ import annotations

from werkzeug.test import TestResponse

from tests.accounts.acts import NewBrowser, sign_in, who
from tests.browser import Browser
from tests.cast import PASSWORD, Cast
from tests.letterbox import last_letter, letters_to

NEW = "another one entirely"


def change(browser: Browser, password: str = PASSWORD, new: str = NEW) -> TestResponse:
    return browser.post("/change", data={"password": password, "new_password": new})


def test_bob_changes_it_and_stays_signed_in_here_alone(new_browser: NewBrowser, cast: Cast) -> None:
    here, elsewhere = new_browser(), new_browser()
    sign_in(here, cast.bob.email)
    sign_in(elsewhere)
    assert change(here).status_code == 303
    assert who(here) == "bob@example.com"
    assert who(elsewhere) is None
    assert sign_in(elsewhere, password=NEW).status_code == 303
    assert last_letter("bob@example.com").subject == "Your password was changed"


def test_it_needs_the_password_of_now(client: Browser, cast: Cast) -> None:
    client.as_person(cast.bob)
    response = change(client, password="wrong")
    assert response.status_code == 422
    assert 'id="password-error"' in response.text
    assert letters_to("bob@example.com") == []


def test_an_open_browser_does_not_let_anybody_guess_it(client: Browser, cast: Cast) -> None:
    client.as_person(cast.bob)
    for _ in range(5):
        change(client, password="wrong")
    assert change(client).status_code == 429


def test_the_new_one_must_be_long_enough(client: Browser, cast: Cast) -> None:
    client.as_person(cast.bob)
    response = change(client, new="short")
    assert response.status_code == 422
    assert 'id="new_password-error"' in response.text


def test_a_stranger_is_asked_to_sign_in(client: Browser) -> None:
    assert client.get("/change").location == "/login?next=/change"


def test_a_link_for_a_new_password_dies_with_the_old_one(client: Browser, cast: Cast) -> None:
    client.post("/reset", data={"email": cast.bob.email})
    link = last_letter("bob@example.com").link
    sign_in(client)
    change(client)
    assert client.get(link).status_code == 410
