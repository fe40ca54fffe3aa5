"""Cloning into a team: who may, under which license, and what the team sees of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storefront.accounts.models import Membership, Workspace
from storefront.accounts.queries import personal_workspace
from storefront.kit.db import db, step
from storefront.library.models import Clone
from storefront.licenses.models import License
from storefront.works.models import Work
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold
from tests.worlds import make_offer, make_team


@pytest.fixture
def team(cast: Cast) -> Workspace:
    """Bob owns Press, carol edits, mallory views."""
    return make_team(cast.bob, "press", editor=cast.carol, viewer=cast.mallory)


def held(cast: Cast, terms: str) -> License:
    return hold(cast.bob, make_offer(cast.alice, price=0, terms=terms))


def clone_into(browser: Browser, license: License, handle: str) -> int:
    return browser.post(f"/licenses/{license.public_id}/clones", data={"workspace": handle}).status_code


def works_in(workspace: Workspace) -> list[str]:
    return list(db.session.scalars(sa.select(Work.public_id).where(Work.workspace_id == workspace.id)))


@pytest.mark.parametrize("terms", ["commercial", "team"])
def test_bob_clones_into_his_team_and_its_people_open_it(
    client: Browser, cast: Cast, team: Workspace, terms: str
) -> None:
    license = held(cast, terms)
    bobs = client.as_person(cast.bob)
    page = bobs.get(f"/library/{license.public_id}").text
    assert '<option value="bob">My workspace</option>' in page
    assert '<option value="press">Press</option>' in page

    assert clone_into(bobs, license, "press") == 303

    (work,) = works_in(team)
    assert "into Press" in bobs.get(f"/library/{license.public_id}").text
    assert f"/library/{license.public_id}" in bobs.get(f"/studio/{work}").text
    carols = client.as_person(cast.carol).get(f"/studio/{work}")
    assert carols.status_code == 200
    assert license.public_id not in carols.text  # the license is bob's
    assert client.as_person(cast.alice).get(f"/studio/{work}").status_code == 404


def test_a_personal_license_goes_into_the_own_workspace_only(client: Browser, cast: Cast, team: Workspace) -> None:
    license = held(cast, "personal")
    bobs = client.as_person(cast.bob)

    assert "<select" not in bobs.get(f"/library/{license.public_id}").text
    answer = bobs.post(f"/licenses/{license.public_id}/clones", data={"workspace": "press"})
    assert answer.status_code == 403
    assert "A personal license does not cover a team." in answer.text
    assert works_in(team) == []
    assert clone_into(bobs, license, "bob") == 303
    assert len(works_in(personal_workspace(cast.bob))) == 2


def test_nobody_clones_where_they_only_look_or_are_not(client: Browser, cast: Cast, team: Workspace) -> None:
    license = hold(cast.mallory, make_offer(cast.alice, price=0))
    mallorys = client.as_person(cast.mallory)

    assert clone_into(mallorys, license, "press") == 403
    assert clone_into(mallorys, license, "alice") == 404
    assert 'value="press"' not in mallorys.get(f"/library/{license.public_id}").text


def test_what_a_license_gave_to_a_team_freezes_with_it(client: Browser, cast: Cast, team: Workspace) -> None:
    license = held(cast, "team")
    clone_into(client.as_person(cast.bob), license, "press")

    finish(license, "revoked")

    frozen = db.session.scalars(sa.select(Clone.frozen_at)).all()
    assert len(frozen) == 2
    assert None not in frozen


def test_a_copy_in_a_team_that_bob_left_is_the_teams(client: Browser, cast: Cast) -> None:
    team = make_team(cast.carol, "press", editor=cast.bob)
    license = held(cast, "team")
    bobs = client.as_person(cast.bob)
    clone_into(bobs, license, "press")
    (work,) = works_in(team)
    assert f"/studio/{work}" in bobs.get("/library").text
    with step():
        db.session.delete(db.session.get_one(Membership, (team.id, cast.bob.id)))

    for page in ("/library", f"/library/{license.public_id}"):
        shown = bobs.get(page).text
        assert f"/studio/{work}" not in shown
        assert "/studio/wrk_" in shown  # his own first copy
    assert client.as_person(cast.carol).get(f"/studio/{work}").status_code == 200
