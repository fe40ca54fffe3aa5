"""Giving up open orders of what nobody should still pay for. Jobs do it: they see what others are opening just now."""

from __future__ import annotations

from storefront.accounts.models import Person
from storefront.accounts.plans import PLATFORM_MONETIZE, may
from storefront.checkout.queries import is_withdrawn
from storefront.checkout.services import expire, lock_order
from storefront.events.services import Happening
from storefront.kit.jobs import announce


def listing_suspended(happening: Happening) -> None:
    """What is still being paid for is closed by a job: it sees the orders that others are opening just now."""
    announce("checkout.withdraw_listing", listing_id=happening.subject.id)


def plan_changed(happening: Happening) -> None:
    """A plan that sells no more closes what is still being paid for, as a suspension does."""
    person: Person = happening.subject
    if not may(person, PLATFORM_MONETIZE):
        announce("checkout.withdraw_owner", owner_id=person.id)


def team_handed_over(happening: Happening) -> None:
    """A team has the plan of its new owner from now on, which may not sell."""
    announce("checkout.withdraw_owner", owner_id=happening.subject.owner_id)


def withdraw(order_id: int) -> None:
    """Give up an order whose listing was withdrawn, and have its session closed: nobody should still pay for it."""
    order = lock_order(order_id)
    if order.status == "open" and is_withdrawn(order.listing_id):
        expire(order)
        if order.session_id is not None:
            announce("checkout.close_session", session_id=order.session_id)
