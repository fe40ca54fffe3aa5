"""Making a team, renaming it, and seeing what one is in."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storefront.accounts.models import Membership, Workspace
from storefront.accounts.services import join
from storefront.events.models import Event
from storefront.kit.db import db, step
from storefront.teams import services
from tests.browser import Browser
from tests.cast import PASSWORD, Cast
from tests.worlds import make_offer, make_team

PRESS = {"name": "Quiet Press", "handle": "quiet-press", "about": "Three people and a printer."}


def test_bob_makes_a_team_and_owns_it(client: Browser, cast: Cast) -> None:
    answer = client.as_person(cast.bob).post("/workspaces", data=PRESS)

    assert (answer.status_code, answer.location) == (303, "/w/quiet-press/members")
    team = db.session.scalars(sa.select(Workspace).where(Workspace.handle == "quiet-press")).one()
    assert (team.kind, team.owner_id, team.about) == ("team", cast.bob.id, PRESS["about"])
    assert db.session.get_one(Membership, (team.id, cast.bob.id)).role == "owner"
    assert db.session.scalars(sa.select(Event.actor_id).where(Event.name == "team.made")).all() == [cast.bob.id]
    page = client.get("/w/quiet-press/members").text
    assert "Quiet Press is there." in page
    assert "1 of 50 seats taken" in page


def test_an_address_that_is_left_out_is_drawn_from_the_name(client: Browser, cast: Cast) -> None:
    answer = client.as_person(cast.bob).post("/workspaces", data={"name": "Ana & Friends"})

    assert answer.location == "/w/ana-friends/members"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "Write a name."),
        ({"name": "\u200d . "}, "Write a name with letters or figures."),
        ({"name": "x" * 81}, "Make it 80 characters or fewer."),
        ({"handle": "no spaces"}, "Use small letters, figures and single hyphens"),
        ({"handle": "-edge"}, "Use small letters, figures and single hyphens"),
        ({"handle": "x" * 33}, "Make it 32 characters or fewer."),
        ({"handle": "alice"}, "This address is taken."),
    ],
)
def test_what_can_not_be_is_said_beside_its_field_and_nothing_is_lost(
    client: Browser, cast: Cast, typed: dict[str, str], sentence: str
) -> None:
    assert cast.alice

    answer = client.as_person(cast.bob).post("/workspaces", data={**PRESS, **typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert PRESS["about"] in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).where(Workspace.kind == "team")) == 0


def test_an_unconfirmed_e_mail_makes_no_team(client: Browser, cast: Cast) -> None:
    with step():
        dana = join("dana@example.com", PASSWORD, name="Dana")

    answer = client.as_person(dana).post("/workspaces", data=PRESS)

    assert answer.status_code == 403
    assert "Confirm your e-mail first." in answer.text


def test_nobody_owns_more_than_ten(cast: Cast) -> None:
    for number in range(services.MOST_TEAMS):
        make_team(cast.bob, f"team-{number}")

    with pytest.raises(services.TeamsUsedUp):
        services.make_team("One more", "one-more", "", by=cast.bob)


def test_the_list_shows_ones_own_workspace_and_ones_teams(client: Browser, cast: Cast, team: Workspace) -> None:
    assert "You are in no team yet." in client.as_person(cast.mallory).get("/workspaces").text
    page = client.as_person(cast.bob).get("/workspaces").text

    assert 'href="/w/bob"' in page
    assert 'href="/w/press"' in page
    assert "Viewer" in page
    assert "You are in no team yet." not in page


def test_another_name_is_found_in_the_catalog(client: Browser, cast: Cast, team: Workspace) -> None:
    make_offer(cast.alice, into=team)

    answer = client.as_person(cast.alice).post(
        "/w/press/settings", data={"name": "Heron House", "handle": "heron", "about": ""}
    )

    assert (answer.status_code, answer.location) == (303, "/w/heron/settings")
    browser = client.as_person(None)
    assert "Field Notes" in browser.get("/@heron").text
    assert browser.get("/@press").status_code == 404
    assert "Field Notes" in browser.get("/catalog?q=heron").text
    assert "/listings/field-notes" not in browser.get("/catalog?q=press").text


def test_an_address_of_others_is_not_taken_over(client: Browser, cast: Cast, team: Workspace) -> None:
    answer = client.as_person(cast.alice).post(
        "/w/press/settings", data={"name": "Press", "handle": "mallory" if cast.mallory else "", "about": ""}
    )

    assert answer.status_code == 422
    assert "This address is taken." in answer.text
    assert 'action="/w/press/settings"' in answer.text


def test_a_personal_workspace_has_no_members_page(client: Browser, cast: Cast) -> None:
    browser = client.as_person(cast.bob)

    assert browser.get("/w/bob").status_code == 200
    assert browser.get("/w/bob/members").status_code == browser.get("/w/bob/settings").status_code == 404
