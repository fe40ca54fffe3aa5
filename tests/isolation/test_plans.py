"""What every plan may do at every address: the gates that a request meets, the table, and the pricing page agree.

Nothing is listed by hand: a gate is noticed because it reads the table, whichever address leads to it.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
import stripe
from flask import Flask
from werkzeug.routing import Rule

from storefront.accounts import plans
from storefront.accounts.models import Person
from storefront.accounts.plans import PLANS, TABLE, Plan, Row
from storefront.kit.db import db
from storefront.payments import gateway
from tests.browser import Browser
from tests.conftest import Shop
from tests.isolation.routes import ROUTES
from tests.isolation.world import World, make_world

UNSAFE = ("POST", "PUT", "DELETE")
ANYBODYS = {plans.GET_WORKS}  # no gate asks for what every plan has
COMPLETE = ("selling.publish", "api_listings.publish_listing")  # the world's draft lacks more than a plan


def bodies(world: World) -> dict[str, dict[str, Any]]:
    """What gets as far as the gate where an empty form would not: made anew for each request, for files are read."""
    return {
        "works.create": {"kind": "pack", "title": "A new one", "workspace": world.team.handle},
        "works.upload_file": {"file": (BytesIO(b"a,b\n1,2\n"), "table.csv")},
        "saved.create": {"title": "A prompt", "text": "Write."},
    }


class Asked(dict[str, Row]):
    """The table, which remembers what was asked of it, and what a gate demanded."""

    def __init__(self) -> None:
        super().__init__(TABLE)
        self.read: set[str] = set()
        self.demanded: set[str] = set()

    def __getitem__(self, name: str) -> Row:
        self.read.add(name)
        frame: Any = sys._getframe(1)
        while frame is not None and frame.f_globals.get("__name__") == plans.__name__:
            if frame.f_code.co_name in ("require", "require_room"):
                self.demanded.add(name)
            frame = frame.f_back
        return super().__getitem__(name)

    def forget(self) -> None:
        self.read, self.demanded = set(), set()


class Away:
    """Stripe, which does not answer: gates stand before it, and one world visited many times would confuse it."""

    def __getattr__(self, name: str) -> Any:
        raise stripe.APIConnectionError("away")  # type: ignore[no-untyped-call]  # of the library


@dataclass
class Visit:
    """One request of somebody on a plan."""

    rule: str
    method: str
    plan: Plan
    status: int
    text: str
    demanded: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)

    @property
    def needs(self) -> str:
        """The title of the plan that the answer says is needed: as a refusal, or among what a form still lacks."""
        words = {403: r"This needs (\w+)\.", 422: r"is part of (\w+)\."}.get(self.status)
        found = re.search(words, self.text) if words else None
        return found[1] if found else ""


@pytest.fixture(scope="module")
def visits(shops: Callable[[str], Shop]) -> Iterator[list[Visit]]:
    """Every address of the shop by every method, by an owner on each plan, each in the same untouched world."""
    shop, patch = shops("sqlite"), pytest.MonkeyPatch()
    shop.empty()
    asked = Asked()
    patch.setattr(plans, "TABLE", asked)
    patch.setitem(shop.app.extensions, gateway.EXTENSION, Away())
    with shop.app.app_context(), closing(sqlite3.connect(":memory:")) as kept:
        world = make_world()
        db.session.close()
        copy(shop.file, kept)
        made = [
            visit
            for plan in PLANS
            for rule in sorted(shop.app.url_map.iter_rules(), key=str)
            for visit in visited(shop, world, rule, plan, asked, kept)
        ]
        db.session.close()
    patch.undo()
    yield made
    shop.empty()


def copy(file: str, kept: sqlite3.Connection, *, back: bool = False) -> None:
    with closing(sqlite3.connect(file, timeout=30)) as live:
        (kept if back else live).backup(live if back else kept)


def visited(
    shop: Shop, world: World, rule: Rule, plan: Plan, asked: Asked, kept: sqlite3.Connection
) -> Iterator[Visit]:
    door = ROUTES.get(rule.endpoint)
    if rule.arguments and (door is None or door.kind not in ("workspace", "holder", "everybody")):
        return
    who = world.bob if door is not None and door.kind == "holder" else world.alice
    for method in sorted((rule.methods or set()) & {"GET", *UNSAFE}):
        copy(shop.file, kept, back=True)
        with closing(sqlite3.connect(shop.file)) as live, live:
            live.execute("UPDATE people SET plan = ?, granted_plan = ?", (plan.name, plan.name))
        db.session.close()
        yield one(shop.app, world, rule, method, plan, asked, who)


def one(app: Flask, world: World, rule: Rule, method: str, plan: Plan, asked: Asked, who: Person) -> Visit:
    door = ROUTES.get(rule.endpoint)
    parts = door.values(world) if door is not None and rule.arguments else {}
    if rule.endpoint in COMPLETE:
        parts = {**parts, "listing_id": world.copy.listing_id}
    found = rule.build({name: parts[name] for name in rule.arguments}, append_unknown=False)
    assert found is not None
    sent = "json" if found[1].startswith(("/api/", "/v1/")) else "data"
    body: Any = bodies(world).get(rule.endpoint) or (door.data if door is not None else {})
    browser = app.test_client()
    assert isinstance(browser, Browser)
    asked.forget()
    more: dict[str, Any] = {sent: body} if method != "GET" else {}
    answer = browser.as_person(who).open(found[1], method=method, **more)
    text = answer.get_data().decode(errors="replace")
    answer.close()
    return Visit(rule.rule, method, plan, answer.status_code, text, set(asked.demanded), set(asked.read))


def named(visits: list[Visit]) -> dict[tuple[str, str], dict[str, Visit]]:
    """By address and method, then by plan."""
    found: dict[tuple[str, str], dict[str, Visit]] = {}
    for visit in visits:
        found.setdefault((visit.rule, visit.method), {})[visit.plan.name] = visit
    return found


def has(plan: Plan, capability: str) -> bool:
    """Whether the table lets a plan, with nothing used yet."""
    right = TABLE[capability].right(plan)
    return right is None or bool(right)


def is_counted(capability: str) -> bool:
    """Whether a plan has so many of it, which may be used up."""
    return not isinstance(TABLE[capability].right(PLANS[0]), bool)


def richer(plan: Plan, capability: str) -> set[str]:
    """The titles that a refusal may name: the cheapest plan that has it, or any that has more of what is counted."""
    if not is_counted(capability):
        return {next(each.title for each in PLANS if has(each, capability))}
    return {each.title for each in PLANS[PLANS.index(plan) + 1 :]}


def test_every_capability_stands_before_some_deed(visits: list[Visit]) -> None:
    """Each is demanded somewhere, refused to the cheapest plan without it, and no hindrance to the one that has it."""
    refused = {
        gate
        for by_plan in named(visits).values()
        if by_plan[PLANS[0].name].needs and by_plan[PLANS[-1].name].status < 400
        for gate in by_plan[PLANS[0].name].demanded
    }
    demanded = set().union(*(visit.demanded for visit in visits))
    assert demanded | {plans.SAVED_PROMPTS} == set(TABLE) - ANYBODYS
    assert refused >= {name for name in TABLE if not has(PLANS[0], name)}


def test_a_plan_is_refused_what_the_table_does_not_have_and_nothing_else(visits: list[Visit]) -> None:
    """And the refusal names the cheapest plan that has it. A draft says in its findings what publishing it needs."""
    wrong = []
    for (rule, method), by_plan in named(visits).items():
        gates = {each for visit in by_plan.values() for each in visit.demanded}
        for plan in PLANS:
            visit = by_plan[plan.name]
            lacking = [gate for gate in gates if not has(plan, gate)]
            limited = [*lacking, *(gate for gate in gates if is_counted(gate))]
            told = set().union(*(richer(plan, gate) for gate in limited))
            if visit.needs and visit.needs not in told:
                wrong.append(f"{plan.title}: {method} {rule} is refused for {visit.needs}, the table says {told}")
            if visit.needs and visit.status == 403 and f"/pricing?plan={visit.needs.lower()}" not in visit.text:
                wrong.append(f"{plan.title}: {method} {rule} is refused without the way to {visit.needs}")
            if lacking and visit.status == 403 and not visit.needs:
                wrong.append(f"{plan.title}: {method} {rule} is refused without the plan that has it")
            if lacking and method in UNSAFE and visit.status < 400 and not says_so(visit, told):
                wrong.append(f"{plan.title}: {method} {rule} is done although the table refuses {lacking}")
    assert wrong == []


def says_so(visit: Visit, titles: set[str]) -> bool:
    """Whether what was done says itself that a plan is missing: what is saved about a draft is no publishing."""
    return (visit.demanded == {plans.PLATFORM_LIST} and "publication" not in visit.rule) or not titles


def test_whoever_has_all_of_it_is_refused_nothing(visits: list[Visit]) -> None:
    best = PLANS[-1]
    assert [(visit.method, visit.rule) for visit in visits if visit.plan == best and visit.needs] == []


def test_the_pricing_page_says_what_the_gates_do(visits: list[Visit]) -> None:
    """Each line of the page, against what requests of each plan met."""
    [page] = [visit.text for visit in visits if visit.rule == "/pricing" and visit.plan == PLANS[0]]
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.S)
    assert body is not None
    cells = dict(re.findall(r'<th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', body[1], re.S))
    for name, row in TABLE.items():
        shown = [_is_had(cell) for cell in cells[row.words].split("</td>")[:-1]]
        assert shown == [has(plan, name) for plan in PLANS], name
        refused = {visit.plan for visit in visits if visit.demanded == {name} and visit.needs}
        assert is_counted(name) or not any(has(plan, name) for plan in refused), name


def _is_had(cell: str) -> bool:
    words = re.sub(r"<svg.*?</svg>|<[^>]+>|–", "", cell, flags=re.S).strip()
    return words not in ("No", "Copies only")
