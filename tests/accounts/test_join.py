"""Somebody makes an account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from storefront.accounts.models import Membership, Person, Workspace
from storefront.accounts.queries import find_person, personal_workspace
from storefront.accounts.services import handle_from
from storefront.events.models import Event
from storefront.kit.db import db
from tests.accounts.acts import DANA, NewBrowser, join, who
from tests.browser import Browser
from tests.cast import Cast
from tests.letterbox import letters_to


def people() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def test_dana_joins_and_is_signed_in_with_a_workspace_of_her_own(client: Browser) -> None:
    response = join(client)
    assert (response.status_code, response.location) == (303, "/library")
    assert who(client) == "dana@example.com"
    dana = find_person("dana@example.com")
    assert dana is not None
    assert dana.plan == "free"
    assert not dana.is_verified
    assert not dana.is_operator
    workspace = personal_workspace(dana)
    assert (workspace.handle, workspace.name) == ("dana-cole", "Dana Cole")
    assert db.session.get_one(Membership, (workspace.id, dana.id)).role == "owner"
    joined = db.session.scalars(sa.select(Event).where(Event.name == "person.joined")).one()
    assert (joined.actor_id, joined.workspace_id) == (dana.id, workspace.id)


def test_the_email_is_kept_in_lower_case(client: Browser) -> None:
    join(client, email="  Dana@Example.COM ")
    assert who(client) == "dana@example.com"


def test_two_people_of_one_name_get_handles_of_their_own(new_browser: NewBrowser) -> None:
    join(new_browser(), email="one@example.com")
    join(new_browser(), email="two@example.com")
    handles = sorted(db.session.scalars(sa.select(Workspace.handle)))
    assert handles[0] == "dana-cole"
    assert handles[1].startswith("dana-cole-")


def test_a_name_longer_than_a_handle_still_gets_two_of_them(new_browser: NewBrowser) -> None:
    for email in ("one@example.com", "two@example.com"):
        assert join(new_browser(), email=email, name="A" * 80).status_code == 303
    handles = db.session.scalars(sa.select(Workspace.handle)).all()
    assert len(handles) == 2
    assert all(len(handle) <= 32 for handle in handles)


def test_sending_the_form_twice_makes_one_account_and_says_so_beside_the_email(
    new_browser: NewBrowser,
) -> None:
    join(new_browser())
    again = join(new_browser())
    assert again.status_code == 422
    assert 'id="email-error"' in again.text
    assert "There is an account with this e-mail already." in again.text
    assert 'value="Dana Cole"' in again.text
    assert people() == 1
    assert len(letters_to("dana@example.com")) == 1


def test_two_forms_at_the_same_moment_make_one_account(new_browser: NewBrowser) -> None:
    ready = Barrier(2)

    def send() -> int:
        browser = new_browser()
        ready.wait(timeout=10)
        return join(browser).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(each.result() for each in [pool.submit(send), pool.submit(send)])
    assert statuses == [303, 422]
    assert people() == 1


def test_mallory_cannot_take_bobs_email_in_capitals(client: Browser, cast: Cast) -> None:
    assert cast.bob.email == "bob@example.com"
    assert join(client, email="BOB@example.com").status_code == 422
    assert who(client) is None


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "   ", "Write your name."),
        ("name", "N" * 81, "Make it 80 characters or fewer."),
        ("name", "Da\x00na", "Write it with letters, figures and spaces only."),
        ("name", "Dana\r\nBcc: everybody@example.com", "Write it with letters, figures and spaces only."),
        ("email", "", "Write your e-mail address."),
        ("email", "dana", "Write an e-mail address such as"),
        ("email", "dana@example.com\x00", "Write an e-mail address such as"),
        ("email", "dana@example.com\nBcc: mallory@example.com", "Write an e-mail address such as"),
        ("email", f"{'d' * 250}@example.com", "too long for an e-mail address"),
        ("password", "", "Choose a password."),
        ("password", "seven77", "Make it 8 characters or more."),
        ("password", "p" * 201, "Make it 200 characters or fewer."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(client: Browser, field: str, typed: str, sentence: str) -> None:
    response = join(client, **{field: typed})
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert sentence in response.text
    assert people() == 0


def test_everything_typed_is_kept_but_the_password(client: Browser) -> None:
    response = join(client, email="dana")
    assert 'value="Dana Cole"' in response.text
    assert 'value="dana"' in response.text
    assert DANA["password"] not in response.text


def test_joining_is_refused_without_the_pages_token(client: Browser) -> None:
    assert client.post("/register", data=DANA, forged=True).status_code == 400
    assert people() == 0


def test_nobody_can_say_in_the_form_that_they_operate_the_shop(client: Browser) -> None:
    join(client, is_operator="1", plan="studio", confirmed_at="2026-01-01", active="1")
    dana = find_person("dana@example.com")
    assert dana is not None
    assert (dana.is_operator, dana.plan, dana.confirmed_at) == (False, "free", None)


def test_one_address_cannot_make_accounts_without_end(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    from limits import RateLimitItemPerHour

    monkeypatch.setattr("storefront.accounts.tries.JOINS_BY_ADDRESS", RateLimitItemPerHour(1))
    join(client)
    client.post("/logout")
    refused = join(client, email="other@example.com")
    assert refused.status_code == 429
    assert "Too many tries. Wait 60 minutes, then try again." in refused.text
    assert people() == 1


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Ana María López", "ana-maria-lopez"),
        ("  Dr. O'Neill, Jr. ", "dr-o-neill-jr"),
        ("A" * 40, "a" * 32),
        (f"{'a' * 31} b", "a" * 31),
    ],
)
def test_a_handle_is_drawn_from_the_name(name: str, handle: str) -> None:
    assert handle_from(name) == handle


def test_a_name_in_another_alphabet_gets_a_handle_too() -> None:
    assert handle_from("王小明").startswith("person-")
