"""A creator loses the plan that sells while somebody is paying: the page at Stripe is closed, as after a suspension."""

from __future__ import annotations

import pytest

from storefront.accounts.models import Person
from storefront.accounts.services import grant_plan
from storefront.catalog.models import Listing
from storefront.checkout import getting
from storefront.checkout.models import Order
from storefront.kit.db import db, step
from storefront.kit.errors import Conflict
from storefront.kit.jobs import run_due_jobs
from storefront.teams.queries import member_of
from storefront.teams.services import hand_over
from tests.cast import Cast
from tests.checkout.test_sweep import fresh, ordered
from tests.stripe import Stripe
from tests.worlds import make_offer, make_team


def put_on(person: Person, plan: str) -> None:
    with step():
        grant_plan(db.session.get_one(Person, person.id), plan)


def closed(stripe: Stripe) -> int:
    return [event["type"] for event in stripe.events()].count("checkout.session.expired")


def work_through_jobs() -> None:
    run_due_jobs()
    run_due_jobs()  # the first announces what closes each session


@pytest.mark.parametrize(("plan", "status"), [("pro", "expired"), ("free", "expired"), ("studio", "open")])
def test_open_sessions_are_closed_with_the_plan(cast: Cast, stripe: Stripe, plan: str, status: str) -> None:
    order = ordered(cast, listing=make_offer(cast.alice))
    put_on(cast.alice, plan)
    work_through_jobs()

    assert fresh(order).status == status
    assert closed(stripe) == (status == "expired")


def test_orders_of_other_creators_stay_open(cast: Cast, stripe: Stripe) -> None:
    other = cast.person("Olga", plan="studio")
    order = ordered(cast, listing=make_offer(other))
    put_on(cast.alice, "pro")
    work_through_jobs()

    assert (fresh(order).status, closed(stripe)) == ("open", 0)


def test_a_team_handed_to_somebody_who_may_not_sell_closes_its_sessions(cast: Cast, stripe: Stripe) -> None:
    team = make_team(cast.alice, editor=cast.carol)
    order = ordered(cast, listing=make_offer(cast.alice, into=team))
    with step():
        hand_over(team, member_of(team, "carol"), by=cast.alice)
    work_through_jobs()

    assert (fresh(order).status, closed(stripe)) == ("expired", 1)


def test_a_session_that_stripe_makes_meanwhile_is_closed(
    cast: Cast, stripe: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing: Listing = make_offer(cast.alice)
    ask = getting.ask_stripe

    def lost_meanwhile(*order: object) -> object:
        session = ask(*order)  # type: ignore[arg-type]
        put_on(cast.alice, "pro")
        return session

    monkeypatch.setattr(getting, "ask_stripe", lost_meanwhile)
    with pytest.raises(Conflict):
        getting.get(listing.slug, cast.bob, price=1200, currency="USD")
    work_through_jobs()

    assert [order.status for order in db.session.query(Order)] == ["expired"]
    assert closed(stripe) == 1
