"""Deleting a team: by its owner, while nobody needs anything of it."""

from __future__ import annotations

import sqlalchemy as sa

from storefront.accounts.models import Membership, Workspace
from storefront.events.models import Event
from storefront.kit.db import db, step
from storefront.teams.models import Invitation
from storefront.teams.services import invite
from storefront.works.services import delete_work, make_work
from tests.browser import Browser
from tests.cast import Cast
from tests.worlds import make_offer, make_pack


def count(table: type[Workspace | Membership | Invitation], team: Workspace) -> int:
    column = table.id if table is Workspace else table.workspace_id  # type: ignore[union-attr]
    return db.session.scalars(sa.select(sa.func.count()).select_from(table).where(column == team.id)).one()


def test_alice_deletes_an_empty_team(client: Browser, cast: Cast, team: Workspace) -> None:
    with step():
        invite(team, "new@example.com", "editor", by=cast.alice)
    client.as_person(cast.alice)
    assert "Delete “Press”" in client.get("/w/press/settings").text

    answer = client.post("/w/press/deletion")

    assert (answer.status_code, answer.location) == (303, "/workspaces")
    page = client.get("/workspaces").text
    assert "Press is deleted." in page
    assert client.get("/w/press").status_code == client.get("/@press").status_code == 404
    assert [count(table, team) for table in (Workspace, Membership, Invitation)] == [0, 0, 0]
    assert db.session.scalars(sa.select(Event).where(Event.name == "team.deleted")).one().actor_id == cast.alice.id


def test_a_team_with_works_says_so_and_stays(client: Browser, cast: Cast, team: Workspace) -> None:
    with step():
        work = make_work(team, "pack", "A draft", by=cast.alice)
    client.as_person(cast.alice)

    assert "It still has works." in client.get("/w/press/settings").text
    answer = client.post("/w/press/deletion")
    assert answer.status_code == 409
    assert "It still has works." in answer.text
    with step():
        delete_work(work, by=cast.alice)
    assert client.post("/w/press/deletion").status_code == 303


def test_a_team_that_others_hold_something_of_stays(client: Browser, cast: Cast, team: Workspace) -> None:
    make_offer(cast.alice, into=team)
    client.as_person(cast.alice)

    assert client.post("/w/press/deletion").status_code == 409
    assert count(Membership, team) == 3


def test_a_team_whose_versions_are_for_good_stays(client: Browser, cast: Cast, team: Workspace) -> None:
    work = make_pack(cast.alice, into=team)
    with step():
        delete_work(work, by=cast.alice)
    client.as_person(cast.alice)

    assert "Versions are for good" in client.get("/w/press/settings").text
    assert client.post("/w/press/deletion").status_code == 409


def test_a_personal_workspace_is_not_deleted_this_way(client: Browser, cast: Cast) -> None:
    assert client.as_person(cast.alice).post("/w/alice/deletion").status_code == 404
