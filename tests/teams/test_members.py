"""Who is in a team, and the owner's decisions about them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storefront.accounts.models import Workspace
from storefront.accounts.queries import owner_of, role_in
from storefront.events.models import Event
from storefront.kit.db import db, step
from storefront.kit.errors import Conflict
from storefront.teams import services
from storefront.teams.queries import member_of
from storefront.works.queries import work_for
from storefront.works.services import make_work
from tests.browser import Browser
from tests.cast import Cast


@pytest.fixture
def alices(client: Browser, cast: Cast, team: Workspace) -> Browser:
    """Alice at her browser."""
    return client.as_person(cast.alice)


def recorded(name: str) -> list[dict[str, object]]:
    return [event.data for event in db.session.scalars(sa.select(Event).where(Event.name == name))]


def test_everybody_in_it_sees_everybody_in_it(alices: Browser, cast: Cast) -> None:
    for person in (cast.alice, cast.carol, cast.bob):
        page = alices.as_person(person).get("/w/press/members").text
        assert [name in page for name in ("Alice", "Carol", "Bob")] == [True, True, True]
        assert page.index("Alice</p>" if person is not cast.alice else "Alice") < page.rindex("Bob")
        assert "3 of 50 seats taken" in page


def test_a_viewer_becomes_an_editor(alices: Browser, cast: Cast, team: Workspace) -> None:
    assert 'value="viewer" checked' in alices.get("/w/press/members/bob").text.replace(' class="radio"', "")

    answer = alices.post("/w/press/members/bob/role", data={"role": "editor"})

    assert (answer.status_code, answer.location) == (303, "/w/press/members")
    db.session.rollback()
    assert role_in(cast.bob, team.id) == "editor"
    assert recorded("member.changed") == [{"member": cast.bob.id, "role": "editor"}]


@pytest.mark.parametrize("role", ["owner", "", "king"])
def test_nobody_is_made_owner_by_a_role(alices: Browser, cast: Cast, team: Workspace, role: str) -> None:
    alices.post("/w/press/members/bob/role", data={"role": role})

    db.session.rollback()
    assert role_in(cast.bob, team.id) == "viewer"


def test_who_is_removed_sees_nothing_and_what_they_made_stays(alices: Browser, cast: Cast, team: Workspace) -> None:
    with step():
        work = make_work(team, "pack", "Carol's draft", by=cast.carol)
    assert "no longer see what is in Press" in alices.get("/w/press/members/carol").text

    assert alices.post("/w/press/members/carol/removal").status_code == 303

    assert alices.get("/w/press/members/carol").status_code == 404
    assert work_for(cast.alice, work.public_id, to="edit").id == work.id
    browser = alices.as_person(cast.carol)
    assert browser.get("/w/press").status_code == browser.get(f"/studio/{work.public_id}").status_code == 404
    assert recorded("member.removed") == [{"member": cast.carol.id}]


def test_a_member_leaves(alices: Browser, cast: Cast, team: Workspace) -> None:
    browser = alices.as_person(cast.bob)
    assert "only an invitation brings you back" in browser.get("/w/press/members").text

    answer = browser.post("/w/press/departure")

    assert (answer.status_code, answer.location) == (303, "/workspaces")
    assert browser.get("/w/press/members").status_code == 404
    assert recorded("member.left") == [{"member": cast.bob.id}]


@pytest.mark.parametrize("path", ["/w/press/departure", "/w/press/members/alice/removal"])
def test_a_team_is_never_without_its_owner(alices: Browser, cast: Cast, team: Workspace, path: str) -> None:
    answer = alices.post(path)

    assert answer.status_code == 409
    assert "Hand the team over to another member first." in answer.text
    db.session.rollback()
    assert role_in(cast.alice, team.id) == "owner"


def test_handing_over_moves_the_role_and_the_plan(alices: Browser, cast: Cast, team: Workspace) -> None:
    page = alices.get("/w/press/members/bob").text
    assert "It then has Bob's plan, Free: nothing in it can be listed" in page

    answer = alices.post("/w/press/members/bob/ownership")

    assert answer.status_code == 303
    db.session.rollback()
    db.session.expire_all()
    assert [role_in(each, team.id) for each in (cast.alice, cast.bob)] == ["editor", "owner"]
    assert owner_of(team.id).id == cast.bob.id
    assert alices.post("/w/press/members/carol/removal").status_code == 403
    assert recorded("team.handed_over") == [{"member": cast.bob.id}]


def test_two_owners_there_are_never(cast: Cast, team: Workspace) -> None:
    """Alice presses twice, for two people: the second finds that she is not the owner any more."""
    with step():
        bob, carol = member_of(team, "bob"), member_of(team, "carol")
        services.hand_over(team, bob, by=cast.alice)
        with pytest.raises(Conflict):
            services.hand_over(team, carol, by=cast.alice)


def test_mallory_sees_no_team_and_changes_none(alices: Browser, cast: Cast) -> None:
    browser = alices.as_person(cast.mallory)

    assert {browser.get(path).status_code for path in ("/w/press", "/w/press/members", "/w/press/settings")} == {404}
    assert browser.post("/w/press/members/bob/removal").status_code == 404


def test_a_team_has_its_works_on_a_page(alices: Browser, cast: Cast, team: Workspace) -> None:
    assert "No work stands here yet." in alices.get("/w/press").text
    with step():
        for number in range(30):
            make_work(team, "pack", f"Work {number}.")

    first = alices.as_person(cast.bob).get("/w/press")
    assert first.text.count("/studio/wrk_") == 24
    assert "Work 29." in first.text
    after = first.text.split("?after=")[1].split('"')[0]
    second = alices.get(f"/w/press?after={after}").text
    assert [f"Work {number}." in second for number in (5, 0, 6)] == [True, True, False]


def test_the_members_page_takes_eight_statements_at_most(alices: Browser, count_statements: object) -> None:
    with count_statements() as statements:  # type: ignore[operator]
        alices.get("/w/press/members")

    assert len(statements) <= 8
