"""Somebody signs in, and nobody guesses a password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from limits import RateLimitItemPerMinute

from storefront.kit.db import step
from tests.accounts.acts import NewBrowser, sign_in, who
from tests.browser import Browser
from tests.cast import PASSWORD, Cast


@pytest.fixture(autouse=True)
def bob(cast: Cast) -> None:
    assert cast.bob.email == "bob@example.com"


def test_bob_signs_in(client: Browser) -> None:
    response = sign_in(client)
    assert (response.status_code, response.location) == (303, "/library")
    assert who(client) == "bob@example.com"


def test_the_email_may_be_typed_in_capitals_with_spaces_around(client: Browser) -> None:
    assert sign_in(client, " Bob@Example.com ").status_code == 303


def test_the_session_is_out_of_reach_of_scripts_and_of_other_sites(client: Browser) -> None:
    cookie = sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires=" in cookie


def test_nothing_planted_in_the_session_before_is_kept(client: Browser) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by mallory"
    sign_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_a_wrong_password_says_how_many_tries_are_left(client: Browser) -> None:
    response = sign_in(client, password="wrong")
    assert response.status_code == 422
    assert "That password is not right. Four tries left, then a pause of ten minutes." in response.text
    assert 'id="password-error"' in response.text
    assert 'value="bob@example.com"' in response.text
    assert who(client) is None


def test_an_unknown_account_answers_like_a_wrong_password(new_browser: NewBrowser) -> None:
    for _ in range(6):
        wrong = sign_in(new_browser(), "bob@example.com", "wrong")
        unknown = sign_in(new_browser(), "who@example.com", "wrong")
        assert wrong.status_code == unknown.status_code
        assert without_token(wrong.text).replace("bob@", "who@") == without_token(unknown.text)


def without_token(page: str) -> str:
    """The page without its forgery token, which holds the second it was made in."""
    return re.sub(r'name="csrf_token"[^>]*', "", page)


def test_after_five_wrong_ones_even_the_right_password_waits(new_browser: NewBrowser) -> None:
    words = ["Four tries left", "Three tries left", "Two tries left", "One try left", "Now comes a pause"]
    for left in words:
        assert left in sign_in(new_browser(), password="wrong").text
    paused = sign_in(new_browser())
    assert paused.status_code == 429
    assert "Too many tries. Wait 10 minutes, then try again." in paused.text
    assert 'id="password-error"' in paused.text


def test_the_pause_is_bobs_alone(new_browser: NewBrowser, cast: Cast) -> None:
    for _ in range(5):
        sign_in(new_browser(), password="wrong")
    assert sign_in(new_browser(), cast.alice.email).status_code == 303


def test_the_pause_counts_capitals_as_the_same_account(new_browser: NewBrowser) -> None:
    for _ in range(5):
        sign_in(new_browser(), "BOB@example.com", "wrong")
    assert sign_in(new_browser()).status_code == 429


def test_the_pause_ends(new_browser: NewBrowser, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    for _ in range(5):
        sign_in(new_browser(), password="wrong")
    later = time.time() + timedelta(minutes=10, seconds=1).total_seconds()
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: later)
    assert sign_in(new_browser()).status_code == 303


def test_signing_in_forgets_the_wrong_ones(new_browser: NewBrowser) -> None:
    for _ in range(4):
        sign_in(new_browser(), password="wrong")
    assert sign_in(new_browser()).status_code == 303
    assert "Four tries left" in sign_in(new_browser(), password="wrong").text


def test_one_address_cannot_try_many_accounts(
    new_browser: NewBrowser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storefront.accounts.tries.WRONG_BY_ADDRESS", RateLimitItemPerMinute(3, 10))
    for each in ("one", "two", "three"):
        assert sign_in(new_browser(), f"{each}@example.com", "wrong").status_code == 422
    assert sign_in(new_browser(), cast.alice.email).status_code == 429
    elsewhere = new_browser()
    elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert sign_in(elsewhere, cast.alice.email).status_code == 303


@pytest.mark.parametrize(
    ("email", "password"),
    [("", ""), ("bob@example.com", ""), ("", PASSWORD), ("bob\x00@example.com", "x"), ("b" * 300, "x")],
)
def test_what_is_missing_or_cannot_be_costs_no_try(client: Browser, email: str, password: str) -> None:
    assert sign_in(client, email, password).status_code == 422
    assert "Four tries left" in sign_in(client, password="wrong").text


@pytest.mark.parametrize("password", ["\x00", "storefront-demo\x00", "🦊" * 50, "p" * 201])
def test_odd_passwords_are_only_wrong(client: Browser, password: str) -> None:
    assert sign_in(client, password=password).status_code == 422


def test_a_password_is_the_same_however_the_keyboard_composes_it(client: Browser, cast: Cast) -> None:
    from storefront.accounts.services import reset_password

    with step():
        reset_password(cast.bob, "cafe\u0301 au lait")
    assert sign_in(client, password="caf\u00e9 au lait").status_code == 303


def test_a_closed_account_cannot_sign_in(client: Browser, cast: Cast) -> None:
    with step():
        cast.bob.active = False
    assert sign_in(client).status_code == 422


def test_bob_signs_out(client: Browser) -> None:
    sign_in(client)
    assert client.post("/logout").status_code == 303
    assert who(client) is None


def test_a_link_cannot_sign_bob_out(client: Browser) -> None:
    sign_in(client)
    assert client.get("/logout").status_code == 405
    assert client.post("/logout", forged=True).status_code == 400
    assert who(client) == "bob@example.com"


def test_another_site_cannot_sign_somebody_in(client: Browser) -> None:
    typed = {"email": "bob@example.com", "password": PASSWORD}
    assert client.post("/login", data=typed, forged=True).status_code == 400
    assert who(client) is None


def test_who_is_signed_in_goes_straight_on(client: Browser) -> None:
    sign_in(client)
    for page in ("/login", "/register"):
        response = client.get(f"{page}?next=/listings/field-notes/get")
        assert (response.status_code, response.location) == (303, "/listings/field-notes/get")


def test_the_pages_are_kept_by_nobody(client: Browser) -> None:
    for page in ("/login", "/register", "/reset", "/confirm", "/reset/sent"):
        response = client.get(page)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"


def test_no_token_signs_anybody_in(client: Browser, cast: Cast) -> None:
    token = cast.bob.get_auth_token()
    assert isinstance(token, str)
    answer = client.get(f"/library?auth_token={token}", headers={"Authentication-Token": token})
    assert answer.status_code >= 300
    assert "bob" not in answer.text.lower()
    assert who(client) is None
