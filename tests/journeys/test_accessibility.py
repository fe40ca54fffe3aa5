"""axe finds nothing on any page: light and dark, on a desk and on a phone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe

from storefront.kit.db import step
from storefront.teams.queries import members_of, token_of
from storefront.teams.services import invite
from tests.journeys.conftest import DESKTOP, PHONE, Walker
from tests.journeys.places import HOLDER, OPERATOR, PUBLIC
from tests.worlds import make_pack, make_team

Walk = Callable[..., Walker]

FORMS = list(itertools.product(("light", "dark"), (DESKTOP, PHONE)))


def problems(walker: Walker, paths: Iterable[str]) -> list[str]:
    """What axe finds on each page, as ``path: rule, elements``."""
    found = []
    for path in paths:
        walker.go(path)
        for rule in Axe().run(walker.page).response["violations"]:
            targets = [node["target"] for node in rule["nodes"][:3]]
            found.append(f"{path}: {rule['id']}, {targets}")
        wide = walker.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if wide:
            found.append(f"{path}: scrolls sideways")
    return found


@pytest.mark.parametrize(("theme", "size"), FORMS)
def test_public_pages(walk: Walk, theme: str, size: object) -> None:
    walker = walk(theme=theme, size=size)

    assert problems(walker, PUBLIC.values()) == []


@pytest.mark.parametrize(("theme", "size"), FORMS)
def test_pages_of_a_holder(walk: Walk, theme: str, size: object) -> None:
    walker = walk(theme=theme, size=size)
    walker.sign_in(walker.street.person())
    walker.go("/listings/starter-prompts")
    walker.page.get_by_role("button", name="Get for free").click()
    walker.page.wait_for_url("**/got")
    yours = walker.page.url.removeprefix(walker.street.url)
    license = yours.removesuffix("/got")
    walker.page.get_by_role("link", name="Open in Studio").click()
    walker.page.wait_for_url("**/studio/**")
    studio = walker.page.url.removeprefix(walker.street.url)

    assert problems(walker, (*HOLDER.values(), license, yours, studio)) == []


@pytest.mark.parametrize(("theme", "size"), FORMS)
def test_pages_of_a_team(walk: Walk, theme: str, size: object) -> None:
    walker = walk(theme=theme, size=size)
    owner = walker.street.person(plan="studio")
    with walker.street.app.app_context():
        team = make_team(owner, f"press-{owner.id}", viewer=walker.street.person())
        make_pack(owner, into=team)
        member = members_of(team)[-1].handle
        with step():
            invitation = invite(team, "guest@example.com", "editor", by=owner)
        link = f"/invitations/{token_of(invitation)}"
    here = f"/w/{team.handle}"
    walker.sign_in(owner)
    pages = (
        "/workspaces",
        "/workspaces/new",
        here,
        f"{here}/members",
        f"{here}/members/{member}",
        f"{here}/settings",
        link,
    )

    assert problems(walker, pages) == []


@pytest.mark.parametrize(("theme", "size"), FORMS)
def test_pages_of_an_operator(walk: Walk, theme: str, size: object) -> None:
    walker = walk(theme=theme, size=size)
    walker.sign_in("carol@example.com")

    assert problems(walker, OPERATOR.values()) == []
