"""Who may see, edit and own what is in a workspace."""

from __future__ import annotations

from typing import get_args

import pytest

from storefront.accounts.models import Person
from storefront.accounts.queries import (
    OnlySeeing,
    OwnersOnly,
    To,
    owner_of,
    personal_workspace,
    role_in,
    workspace_for,
    workspaces_of,
)
from storefront.kit.db import step
from storefront.kit.errors import NotFound, Refusal
from storefront.works.queries import work_for
from storefront.works.services import make_work
from tests.cast import Cast
from tests.worlds import make_team


def answer_to(person: Person, handle: str, to: To) -> type[Refusal] | None:
    try:
        workspace_for(person, handle, to)
    except Refusal as refusal:
        return type(refusal)
    return None


def test_each_role_opens_the_door_as_far_as_it_goes(cast: Cast) -> None:
    viewer, editor = cast.bob, cast.carol
    make_team(cast.alice, "press", editor=editor, viewer=viewer)

    answers = {
        person.name: [answer_to(person, "press", to) for to in get_args(To)]
        for person in (cast.alice, editor, viewer, cast.mallory)
    }

    assert answers == {
        "Alice": [None, None, None],
        "Carol": [None, None, OwnersOnly],
        "Bob": [None, OnlySeeing, OwnersOnly],
        "Mallory": [NotFound, NotFound, NotFound],
    }


def test_a_workspace_that_is_not_there_answers_as_one_that_is_not_theirs(cast: Cast) -> None:
    with pytest.raises(NotFound):
        workspace_for(cast.alice, "nowhere")


def test_the_own_workspace_comes_first_then_teams_by_name(cast: Cast) -> None:
    make_team(cast.alice, "zebra", viewer=cast.bob)
    make_team(cast.alice, "apple", editor=cast.bob)

    assert [each.handle for each in workspaces_of(cast.bob)] == ["bob", "apple", "zebra"]
    assert [each.handle for each in workspaces_of(cast.bob, to="edit")] == ["bob", "apple"]
    assert [each.handle for each in workspaces_of(cast.bob, to="own")] == ["bob"]


def test_roles_and_the_owner_are_read_by_the_workspace(cast: Cast) -> None:
    team = make_team(cast.alice, "press", viewer=cast.bob)

    assert [role_in(each, team.id) for each in (cast.alice, cast.bob, cast.mallory, None)] == [
        "owner", "viewer", None, None,
    ]  # fmt: skip
    assert owner_of(team.id).id == cast.alice.id


def test_a_teams_work_is_its_members_and_nobody_elses(cast: Cast) -> None:
    team = make_team(cast.alice, "press", viewer=cast.bob)
    with step():
        work = make_work(team, "pack", "Ours")
        alone = make_work(personal_workspace(cast.alice), "pack", "Mine")

    assert work_for(cast.bob, work.public_id).id == work_for(cast.alice, work.public_id, to="edit").id == work.id
    with pytest.raises(OnlySeeing):
        work_for(cast.bob, work.public_id, to="edit")
    for person, hidden in ((cast.mallory, work), (cast.bob, alone)):
        with pytest.raises(NotFound):
            work_for(person, hidden.public_id)
