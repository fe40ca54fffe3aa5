"""A pool of All-Access that has been going for a while: members, their copies and payments, a closed month, flags."""

from __future__ import annotations

from datetime import timedelta

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.catalog.queries import listing_offered
from storefront.copies import pool
from storefront.copies.models import PoolFlag
from storefront.copies.months import month_of, start_of
from storefront.copies.queries import copies_of
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.subscriptions.models import SubscriptionInvoice
from tests.cast import Cast
from tests.copies.worlds import give_back, invoice_of, log, subscribe
from tests.journeys.places import MAKER, MEMBER, OPERATOR, REFUNDED
from tests.worlds import make_offer

TITLES = ("Tide Tables for Beginners", "Letters to a Landlord", "A Field Guide to Small Talk in Nine Languages")
FLOW = "box-to-finding-aid"  # of the demo
MEMBERS = 4
WHO = {MEMBER: "poolmember2", REFUNDED: "poolmember0", MAKER: "poolmaker0", OPERATOR: "carol"}


def make_pool() -> dict[str, str]:
    """Fill an empty pool, and tell what the addresses of its pages leave open."""
    cast = Cast()
    makers = [cast.person(f"Poolmaker{number}", plan="studio") for number in range(2)]
    offers = [make_offer(makers[number % 2], title, all_access=True) for number, title in enumerate(TITLES)]
    offers.insert(1, listing_offered(FLOW))
    members = [cast.person(f"Poolmember{number}") for number in range(MEMBERS)]
    invoices = copy_for_two_months(members, offers)
    give_back(invoices[1], 1000)
    pool.close_due()
    give_back(invoices[0], 995)
    flag(makers, members)
    handle, month = cast.workspace(makers[0]).handle, month_before()
    copies = {copy.listing_id: copy.public_id for copy in copies_of(members[2], month)}
    return {
        "copy": copies[offers[0].id], "copied_flow": copies[offers[1].id], "payment": invoices[2].stripe_id,
        "returned": invoices[0].stripe_id, "handle": handle,
        "month": month, "offer": offers[0].slug,
    }  # fmt: skip


def month_before() -> str:
    return month_of(start_of(month_of(clock.now())) - timedelta(days=1))


def copy_for_two_months(members: list[Person], offers: list[Listing]) -> list[SubscriptionInvoice]:
    """Each paid with the last month and with this one. In one step, or the shop would close the month between."""
    this, before = start_of(month_of(clock.now())), start_of(month_before())
    passes = [subscribe(member, this) for member in members]
    first = [invoice_of(each, before, amount=1080, tax=80) for each in passes]
    with step():
        db.session.add_all(first)
        db.session.add_all(second := [invoice_of(each, this, amount=1080, tax=80) for each in passes])
        db.session.flush()
        for number, (earlier, later) in enumerate(zip(first, second, strict=True)):
            for offer in offers[: number + 1]:
                log(earlier, offer, before + timedelta(days=number))
                log(later, offer, this + timedelta(hours=number))
    return first


def flag(makers: list[Person], members: list[Person]) -> None:
    """A ring and a burst."""
    workspace = Cast().workspace(makers[0])
    found = {"month": month_before(), "currency": "USD", "found_at": clock.now()}
    ring = PoolFlag(
        kind="ring", key="1:2", person_id=members[0].id, other_id=members[1].id, day="", people=2, copies=18,
        amount=126, **found,
    )  # fmt: skip
    burst = PoolFlag(
        kind="burst", key="1", workspace_id=workspace.id, day=f"{month_before()}-14", people=31, copies=1240,
        amount=8680, **found,
    )  # fmt: skip
    with step():
        db.session.add_all([ring, burst])
