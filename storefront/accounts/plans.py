"""The plans, as one table. The pricing page, the gates and what they say all read it.

``may`` and ``limit`` ask it about a person, ``require`` and ``require_room`` refuse in its words. What happens in a
workspace goes by the plan of its owner: ``owner_of`` in ``queries.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storefront.accounts.models import Person
from storefront.kit.errors import Forbidden

PRICING = "/pricing"


@dataclass(frozen=True)
class Plan:
    """What people pay for, ``price`` in minor units a month."""

    name: str
    title: str
    price: int
    purpose: str


FREE = Plan("free", "Free", 0, "For getting works")
PRO = Plan("pro", "Pro", 900, "For making your own")
STUDIO = Plan("studio", "Studio", 1900, "For selling them")
PLANS = (FREE, PRO, STUDIO)  # the cheapest first

GET_WORKS = "GET_WORKS"
SAVED_PROMPTS = "SAVED_PROMPTS"
OWN_WORKS = "OWN_WORKS"  # clones do not count
FILE_ROOM = "FILE_ROOM"  # megabytes of what was uploaded; what came with a clone does not count
PROMPTS_API = "PROMPTS_API"
SHARE_LINK = "SHARE_LINK"
PLATFORM_LIST = "PLATFORM_LIST"
PLATFORM_MONETIZE = "PLATFORM_MONETIZE"

Right = bool | int | None
UNLIMITED = None


@dataclass(frozen=True)
class Row:
    """One line of the table: whether each plan has it, or how many of it.

    ``words`` heads the line, ``subject`` begins the sentence of a refusal (of a number, it is the noun counted).
    """

    words: str
    subject: str
    free: Right
    pro: Right
    studio: Right

    def right(self, plan: Plan) -> Right:
        found: Right = getattr(self, plan.name)
        return found


TABLE = {
    GET_WORKS: Row("Get, import and open works", "Getting works", True, True, True),
    SAVED_PROMPTS: Row("Saved prompts", "saved prompts", 10, 40, 100),
    OWN_WORKS: Row("Works of your own", "works of your own", 0, 2, UNLIMITED),
    FILE_ROOM: Row("Megabytes of files you upload", "MB of files", 50, 1000, 10_000),
    PROMPTS_API: Row("Saved prompts on every device", "Having saved prompts on every device", False, True, True),
    SHARE_LINK: Row("A private link to show a draft", "A private link to show a draft", False, True, True),
    PLATFORM_LIST: Row("Publish listings", "Publishing listings", False, False, True),
    PLATFORM_MONETIZE: Row(
        "Set a price, join All-Access, see analytics",
        "Setting a price, joining All-Access and seeing analytics",
        False,
        False,
        True,
    ),
}


class PlanNeeded(Forbidden):
    """A plan does not have what was asked. ``plan`` is the cheapest that has; None if none has more."""

    def __init__(self, message: str, plan: Plan | None, *, owner: Person, by: Person | None) -> None:
        self.plan = plan
        if by is not None and by.id != owner.id:
            message = f"{message} A workspace has the plan of its owner, {owner.name}."
        title = f"This needs {plan.title}." if plan else "There is no room for more."
        action = (f"See {plan.title}", f"{PRICING}?plan={plan.name}") if plan else ("See the plans", PRICING)
        super().__init__(message, title=title, action=action)


def plan_of(person: Person) -> Plan:
    return next(plan for plan in PLANS if plan.name == person.plan)


def may(person: Person, capability: str) -> bool:
    """Whether the person's plan has a capability that is had or not."""
    return TABLE[capability].right(plan_of(person)) is True


def limit(person: Person, name: str) -> int | None:
    """How many the person's plan has of what is counted; None is any number."""
    found = TABLE[name].right(plan_of(person))
    if isinstance(found, bool):
        raise TypeError(f"{name} is had or not, so it has no limit")
    return found


def require(owner: Person, capability: str, *, by: Person | None = None) -> None:
    """Raises PlanNeeded unless ``owner``'s plan has the capability. ``by`` asks, if it is somebody else."""
    if may(owner, capability):
        return
    row = TABLE[capability]
    plan = next(plan for plan in PLANS if row.right(plan) is True)
    raise PlanNeeded(f"{row.subject} is part of {plan.title}.", plan, owner=owner, by=by)


def require_room(owner: Person, name: str, used: int, *, by: Person | None = None) -> None:
    """Raises PlanNeeded if ``owner``'s plan holds no more than the ``used`` there are already."""
    most = limit(owner, name)
    if most is None or used < most:
        return
    row, has = TABLE[name], plan_of(owner)
    full = f"{has.title} has {_amount(most)} {row.subject}{', and all are used' if most else ''}."
    plan = next(_roomier(row, used), None)
    more = f"{plan.title} has {_amount(limit_in(plan, name))}." if plan else "Remove one to make room."
    raise PlanNeeded(f"{full} {more}", plan, owner=owner, by=by)


def roomier(person: Person, name: str, wanted: int) -> Plan | None:
    """The cheapest plan that has ``wanted`` of what is counted, or else the one that has most.

    None if that is no more than the person's own has.
    """
    plan = next(_roomier(TABLE[name], wanted - 1), PLANS[-1])
    return plan if PLANS.index(plan) > PLANS.index(plan_of(person)) else None


def limit_in(plan: Plan, name: str) -> int | None:
    """How many a plan has of what is counted; None is any number."""
    found = TABLE[name].right(plan)
    return None if found is None else int(found)


def _roomier(row: Row, used: int) -> Iterator[Plan]:
    """The plans that have room for one more than ``used``, the cheapest first."""
    return (plan for plan in PLANS if (most := row.right(plan)) is None or most > used)


def _amount(most: int | None) -> str:
    return "any number" if most is None else str(most or "no")
