"""What each plan has, and how it is refused to who does not have it."""

from __future__ import annotations

import pytest
from flask import Flask

from storefront.accounts import plans
from storefront.accounts.models import PLANS, Person
from storefront.accounts.plans import PlanNeeded, limit, may, require, require_room
from storefront.accounts.queries import personal_workspace
from storefront.kit.db import db, step
from storefront.works.queries import count_own_works, find_latest_version
from storefront.works.services import clone_version, make_work
from tests.cast import Cast
from tests.worlds import make_pack

EVERYBODY_SELLS_NOTHING = (False, False, True)


def somebody(plan: str, name: str = "Somebody") -> Person:
    return Person(id=1, name=name, plan=plan)


@pytest.mark.parametrize(
    ("capability", "free", "pro", "studio"),
    [
        (plans.GET_WORKS, True, True, True),
        (plans.PROMPTS_API, False, True, True),
        (plans.SHARE_LINK, False, True, True),
        (plans.PLATFORM_LIST, *EVERYBODY_SELLS_NOTHING),
        (plans.PLATFORM_MONETIZE, *EVERYBODY_SELLS_NOTHING),
    ],
)
def test_a_plan_has_a_capability_or_not(capability: str, free: bool, pro: bool, studio: bool) -> None:
    assert [may(somebody(plan), capability) for plan in PLANS] == [free, pro, studio]


@pytest.mark.parametrize(
    ("name", "free", "pro", "studio"), [(plans.SAVED_PROMPTS, 10, 40, 100), (plans.OWN_WORKS, 0, 2, None)]
)
def test_a_plan_has_so_many_of_something(name: str, free: int, pro: int, studio: int | None) -> None:
    assert [limit(somebody(plan), name) for plan in PLANS] == [free, pro, studio]


@pytest.mark.parametrize(
    ("plan", "wanted", "found"),
    [("free", 11, plans.PRO), ("free", 41, plans.STUDIO), ("free", 500, plans.STUDIO), ("free", 10, None),
     ("pro", 40, None), ("pro", 41, plans.STUDIO), ("studio", 500, None)],
)  # fmt: skip
def test_who_has_no_room_for_so_many_is_shown_the_cheapest_plan_that_has(
    plan: str, wanted: int, found: plans.Plan | None
) -> None:
    assert plans.roomier(somebody(plan), plans.SAVED_PROMPTS, wanted) is found


def test_the_table_has_a_plan_for_every_plan_a_person_can_be_on() -> None:
    assert tuple(plan.name for plan in plans.PLANS) == PLANS


def test_a_refusal_names_the_plan_that_has_it_and_leads_to_the_prices() -> None:
    with pytest.raises(PlanNeeded) as refused:
        require(somebody("pro"), plans.PLATFORM_LIST)

    assert refused.value.status == 403
    assert (refused.value.title, refused.value.message) == (
        "This needs Studio.",
        "Publishing listings is part of Studio.",
    )
    assert refused.value.action == ("See Studio", "/pricing?plan=studio")


def test_what_is_used_up_is_said_with_the_next_plan_that_has_room() -> None:
    require_room(somebody("free"), plans.SAVED_PROMPTS, 9)
    with pytest.raises(PlanNeeded, match=r"Free has 10 saved prompts, and all are used\. Pro has 40\."):
        require_room(somebody("free"), plans.SAVED_PROMPTS, 10)
    with pytest.raises(PlanNeeded, match=r"Studio has 100\.") as refused:
        require_room(somebody("pro"), plans.SAVED_PROMPTS, 60)  # kept from a better plan
    assert refused.value.title == "This needs Studio."
    with pytest.raises(PlanNeeded, match=r"all are used\. Remove one to make room\.") as full:
        require_room(somebody("studio"), plans.SAVED_PROMPTS, 100)
    assert full.value.title == "There is no room for more."


def test_an_editor_is_told_that_the_owners_plan_counts() -> None:
    editor = Person(id=2, name="Editor", plan="studio")
    with pytest.raises(PlanNeeded, match="the plan of its owner, Ana"):
        require(somebody("free", "Ana"), plans.PLATFORM_LIST, by=editor)


def test_works_of_ones_own_are_counted_and_clones_are_not(cast: Cast) -> None:
    source, dana = make_pack(cast.alice), cast.person("Dana", plan="pro")
    mine = personal_workspace(dana)
    version = find_latest_version(source.id)
    assert version is not None
    with step():
        for _clone in range(3):
            clone_version(version, mine)
        make_work(mine, "pack", "First")
        make_work(mine, "pack", "Second")

    assert count_own_works(dana) == 2
    with pytest.raises(PlanNeeded, match=r"Pro has 2 works of your own, and all are used\. Studio has any number\."):
        make_work(mine, "pack", "Third")


def test_bob_on_free_gets_works_and_makes_none(cast: Cast) -> None:
    with pytest.raises(PlanNeeded, match=r"Free has no works of your own\. Pro has 2\."):
        make_work(personal_workspace(cast.bob), "pack", "Mine")


def test_a_better_plan_makes_room_at_once(app: Flask, cast: Cast) -> None:
    with step():
        bob = db.session.get_one(Person, cast.bob.id)
        bob.plan = "pro"
        make_work(personal_workspace(bob), "pack", "Mine")
    assert count_own_works(cast.bob) == 1
