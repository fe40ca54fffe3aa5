"""Inviting somebody by e-mail, and joining by the letter's link: once, in time, and only the one who was meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.accounts.models import Membership, Workspace
from storefront.accounts.queries import find_person, role_in
from storefront.events.models import Event
from storefront.kit.db import db
from storefront.teams import letters, queries
from storefront.teams.models import Invitation
from tests.accounts import acts
from tests.browser import Browser
from tests.cast import Cast
from tests.letterbox import last_letter, letters_to

DANA = acts.DANA["email"]


def invite(browser: Browser, email: str = DANA, role: str = "editor") -> int:
    return browser.post("/w/press/invitations", data={"email": email, "role": role}).status_code


@pytest.fixture
def alices(client: Browser, cast: Cast, team: Workspace) -> Browser:
    """Alice at her browser."""
    return client.as_person(cast.alice)


@pytest.fixture
def other(app: Flask) -> Browser:
    """Somebody else's browser."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


def the_invitation() -> Invitation:
    return db.session.scalars(sa.select(Invitation).execution_options(populate_existing=True)).one()


def test_the_letter_says_who_what_and_until_when(alices: Browser) -> None:
    assert invite(alices) == 303

    letter = last_letter(DANA)
    assert letter.subject == "Alice invites you to Press"
    assert "as an editor: you can change what is in it" in letter.text
    assert "If you do not know Alice, you need do nothing." in letter.text
    page = alices.get("/w/press/members").text
    assert DANA in page
    assert "4 of 50 seats taken" in page


def test_dana_who_has_no_account_joins_on_the_way(alices: Browser, other: Browser, team: Workspace) -> None:
    invite(alices)
    link = last_letter(DANA).link
    page = other.get(link)
    assert "Join Press" in page.text
    assert f"/register?next={quote(link)}" in page.text.replace("%2F", "/")
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "no-referrer")

    form = other.get(f"/register?next={quote(link)}").text
    assert "Then straight on to" in form
    assert f'value="{DANA}"' in form
    assert acts.join(other, next=link).location == link
    assert "Join Press</button>" in other.get(link).text
    answer = other.post(link)

    assert (answer.status_code, answer.location) == (303, "/w/press/members")
    dana = find_person(DANA)
    assert dana is not None
    assert dana.is_verified  # the letter was read where it was sent
    assert role_in(dana, team.id) == "editor"
    joined = db.session.scalars(sa.select(Event).where(Event.name == "member.joined")).one()
    assert (joined.actor_id, joined.workspace_id, joined.data["role"]) == (dana.id, team.id, "editor")


def test_somebody_with_an_account_only_presses_join(
    alices: Browser, other: Browser, cast: Cast, team: Workspace
) -> None:
    invite(alices, cast.mallory.email, "viewer")
    link = last_letter(cast.mallory.email).link

    assert other.as_person(cast.mallory).post(link).status_code == 303
    assert role_in(cast.mallory, team.id) == "viewer"


def test_a_link_that_was_passed_on_opens_nothing(alices: Browser, other: Browser, cast: Cast, team: Workspace) -> None:
    invite(alices)
    link = last_letter(DANA).link
    page = other.as_person(cast.mallory).get(link)

    assert "It was sent to another e-mail than mallory@example.com" in page.text
    assert DANA not in page.text
    answer = other.post(link)
    assert answer.status_code == 403
    assert "This invitation is for another e-mail." in answer.text
    assert role_in(cast.mallory, team.id) is None


def test_a_stranger_who_posts_is_asked_to_sign_in(alices: Browser, other: Browser) -> None:
    invite(alices)
    answer = other.post(last_letter(DANA).link)

    assert answer.status_code == 303
    assert answer.location.startswith("/login")


def test_a_link_works_once(alices: Browser, other: Browser, cast: Cast, team: Workspace) -> None:
    invite(alices, cast.mallory.email)
    link = last_letter(cast.mallory.email).link
    other.as_person(cast.mallory).post(link)
    alices.post("/w/press/members/mallory/removal")

    answers = [other.get(link), other.post(link)]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert "This invitation no longer works." in answers[0].text
    assert role_in(cast.mallory, team.id) is None


def test_a_link_works_for_a_week(alices: Browser, other: Browser, move_clock: Callable[[timedelta], None]) -> None:
    invite(alices)
    link = last_letter(DANA).link
    move_clock(timedelta(days=7, minutes=-1))
    assert other.get(link).status_code == 200

    move_clock(timedelta(minutes=1))

    assert other.get(link).status_code == 410
    assert "too late since" in alices.get("/w/press/members").text


def test_an_invitation_can_be_taken_back(alices: Browser, other: Browser) -> None:
    invite(alices)
    link = last_letter(DANA).link

    assert alices.post(f"/w/press/invitations/{the_invitation().public_id}/revocation").status_code == 303

    assert other.get(link).status_code == 410
    alices.get("/w/press/members")  # says what was done, once
    assert DANA not in alices.get("/w/press/members").text
    assert alices.post(f"/w/press/invitations/{the_invitation().public_id}/letters").status_code == 404


def test_sent_again_only_the_newer_link_works(
    alices: Browser, other: Browser, move_clock: Callable[[timedelta], None]
) -> None:
    invite(alices)
    first = last_letter(DANA).link
    move_clock(timedelta(days=8))

    assert alices.post(f"/w/press/invitations/{the_invitation().public_id}/letters").status_code == 303

    assert other.get(first).status_code == 410
    assert other.get(last_letter(DANA).link).status_code == 200


def test_invited_again_in_another_role_is_one_invitation(alices: Browser) -> None:
    invite(alices)
    invite(alices, DANA.upper(), "viewer")

    assert (the_invitation().role, the_invitation().letters) == ("viewer", 2)
    assert len(letters_to(DANA)) == 2


@pytest.mark.parametrize("token", ["", "nonsense", "WyJpbnZfMSIsMV0.forged"])
def test_a_link_that_was_made_up_opens_nothing(client: Browser, token: str) -> None:
    answer = client.get(f"/invitations/{token}")

    assert answer.status_code == (410 if token else 404)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "nobody"}, "Write an e-mail address such as"),
        ({"email": "bob@example.com"}, "They are in the team already."),
        ({"role": "owner"}, "Invite somebody"),
    ],
)
def test_what_can_not_be_invited_is_said_beside_the_field(
    alices: Browser, typed: dict[str, str], sentence: str
) -> None:
    answer = alices.post("/w/press/invitations", data={"email": DANA, "role": "editor", **typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert letters_to(DANA) == []


def test_one_mailbox_gets_three_letters_a_day_from_one_team(alices: Browser) -> None:
    assert [invite(alices) for _time in range(4)] == [303, 303, 303, 429]
    assert len(letters_to(DANA)) == 3


def test_one_person_sends_thirty_a_day(alices: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    most = letters.LETTERS_BY_PERSON.amount

    answers = [invite(alices, f"guest{number}@example.com") for number in range(most + 1)]

    assert answers == [303] * most + [429]


def test_no_more_are_invited_than_there_are_seats(alices: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_SEATS", 4)

    assert invite(alices) == 303
    assert invite(alices, "erin@example.com") == 409
    assert invite(alices) == 303  # the same seat
    page = alices.get("/w/press/members").text
    assert "4 of 4 seats taken" in page
    assert "Every seat is taken." in page


def test_only_the_owner_invites_and_sees_who_is_invited(alices: Browser, cast: Cast) -> None:
    invite(alices)
    for person in (cast.carol, cast.bob):
        browser = alices.as_person(person)
        page = browser.get("/w/press/members").text
        assert "Invite somebody" not in page
        assert DANA not in page
        assert cast.alice.email not in page
        assert invite(browser) == 403
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Membership)) == 6
