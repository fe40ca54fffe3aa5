"""Somebody shows that an e-mail is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.accounts.queries import find_person
from storefront.events.models import Event
from storefront.kit import clock
from storefront.kit.db import db
from tests.accounts.acts import NewBrowser, join, who
from tests.browser import SEED, Browser
from tests.cast import Cast
from tests.letterbox import last_letter, letters_to

DANA = "dana@example.com"


def is_verified(email: str = DANA) -> bool:
    db.session.rollback()
    db.session.expire_all()
    person = find_person(email)
    assert person is not None
    return person.is_verified


def test_the_link_in_the_letter_confirms(client: Browser) -> None:
    join(client)
    letter = last_letter(DANA)
    assert letter.subject == "Confirm your e-mail"
    assert "Hello Dana Cole" in letter.text
    assert letter.link in letter.html
    response = client.get(letter.link)
    assert (response.status_code, response.location) == (303, "/library")
    assert is_verified()
    assert who(client) == DANA
    person = find_person(DANA)
    assert person is not None
    assert person.confirmed_at is not None
    assert abs(person.confirmed_at - clock.now()) < timedelta(minutes=1)


def test_the_link_leads_to_the_shops_own_address_whatever_host_is_asked_for(new_browser: NewBrowser) -> None:
    elsewhere = new_browser()
    with elsewhere.session_transaction(base_url="http://evil.example") as session:
        session["csrf_token"] = SEED
    typed = {"name": "Dana", "email": DANA, "password": "a few words in a row"}
    assert elsewhere.post("/register", data=typed, base_url="http://evil.example").status_code == 303
    letter = last_letter(DANA)
    assert "http://shop.test/confirm/" in letter.text
    assert "evil.example" not in letter.text + letter.html


def test_a_banner_asks_until_then(client: Browser) -> None:
    join(client)
    assert "The link went to dana@example.com." in client.get("/dev/mail").text
    client.get(last_letter(DANA).link)
    assert "The link went to" not in client.get("/dev/mail").text


def test_a_second_click_is_as_good_as_one(client: Browser) -> None:
    join(client)
    link = last_letter(DANA).link
    assert client.get(link).status_code == client.get(link).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.name == "person.confirmed")) == 1


def test_the_link_works_in_another_browser_and_signs_nobody_in(new_browser: NewBrowser) -> None:
    join(new_browser())
    elsewhere = new_browser()
    assert elsewhere.get(last_letter(DANA).link).location == "/library"
    assert is_verified()
    assert who(elsewhere) is None


def test_danas_link_is_of_no_use_to_mallory(new_browser: NewBrowser, cast: Cast) -> None:
    join(new_browser())
    mallory = new_browser().as_person(cast.mallory)
    response = mallory.get(last_letter(DANA).link)
    assert response.status_code == 403
    assert "This link is for another account." in response.text
    assert not is_verified()
    assert who(mallory) == cast.mallory.email


@pytest.mark.parametrize("tampering", [lambda path: path[:-1] + "?", lambda path: path[:-4], str.upper])
def test_a_link_that_lost_a_letter_says_so(client: Browser, tampering: object) -> None:
    join(client)
    path = last_letter(DANA).link
    changed = "/confirm/" + tampering(path.removeprefix("/confirm/"))  # type: ignore[operator]
    response = client.get(changed)
    assert response.status_code == 410
    assert "This link no longer works." in response.text
    assert 'href="/confirm"' in response.text
    assert not is_verified()


def test_a_link_for_another_purpose_does_not_confirm(client: Browser) -> None:
    join(client)
    client.post("/reset", data={"email": DANA})
    token = last_letter(DANA).link.removeprefix("/reset/")
    assert client.get(f"/confirm/{token}").status_code == 410
    assert not is_verified()


def test_a_link_is_dead_after_its_days(app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    join(client)
    link = last_letter(DANA).link
    monkeypatch.setitem(app.config, "SECURITY_CONFIRM_EMAIL_WITHIN", timedelta(seconds=-1))
    response = client.get(link)
    assert response.status_code == 410
    assert "Send another" in response.text
    assert not is_verified()


@pytest.mark.parametrize("token", ["x", "%00", "..%2f..", "a.b.c", "é", "x" * 3000])
def test_a_made_up_link_is_a_clean_page(client: Browser, token: str) -> None:
    assert client.get(f"/confirm/{token}").status_code in (404, 410)


def test_another_letter_can_be_had(client: Browser) -> None:
    join(client)
    response = client.post("/confirm", data={"email": DANA})
    assert (response.status_code, response.location) == (303, "/reset/sent")
    assert len(letters_to(DANA)) == 2
    client.get(last_letter(DANA).link)
    assert is_verified()


def test_asking_tells_nothing_about_who_has_an_account(client: Browser, cast: Cast) -> None:
    asked = [client.post("/confirm", data={"email": email}) for email in (cast.bob.email, "who@example.com")]
    assert asked[0].status_code == asked[1].status_code == 303
    assert asked[0].location == asked[1].location
    assert letters_to(cast.bob.email) == []
    assert letters_to("who@example.com") == []
