"""What subscribers do, with Stripe's side of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import requests

from storefront.accounts.models import Person
from storefront.config import current as settings
from storefront.kit import clock
from storefront.kit.db import db, settle_reads
from storefront.kit.jobs import run_due_jobs
from storefront.subscriptions import asking, queries, subscribing
from storefront.subscriptions.models import Subscription, SubscriptionCheckout, SubscriptionInvoice
from storefront.subscriptions.products import Family, prices
from tests.browser import Browser
from tests.stripe import GOOD, HEADERS, Stripe

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AT_RENEWAL = "4000000000000341"  # declined once its holder is away

MoveClock = Callable[[timedelta], None]


def sell(stripe: Stripe) -> None:
    """Have Stripe sell what the shop sells, as ``storefront stripe setup`` does."""
    made: set[str] = set()
    for price in prices(settings()):
        product = f"storefront_{price.product}"
        if product not in made:
            made.add(product)
            ask(stripe, "products", id=product, name=price.title)
        recurring = {"recurring[interval]": price.interval, "currency": price.currency.lower()}
        ask(stripe, "prices", product=product, unit_amount=price.amount, lookup_key=price.lookup_key, **recurring)


def ask(stripe: Stripe, path: str, **values: Any) -> Any:
    """Say something to Stripe as somebody else with the shop's key would."""
    headers = {**HEADERS, "Idempotency-Key": f"by-hand-{time.monotonic_ns()}"}
    answer = requests.post(f"{stripe.url}/v1/{path}", data=values, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer.json()


def read(stripe: Stripe, path: str, **values: Any) -> Any:
    answer = requests.get(f"{stripe.url}/v1/{path}", params=values, headers=HEADERS, timeout=10)
    answer.raise_for_status()
    return answer.json()


def begin(person: Person, product: str = "pro", interval: str = "month") -> str:
    """Set out to subscribe; the session that Stripe made."""
    subscribing.subscribe(person, product, interval)
    settle_reads()
    return session_of(person)


def session_of(person: Person) -> str:
    query = db.session.query(SubscriptionCheckout).filter_by(person_id=person.id, state="open")
    found = query.populate_existing().one().session_id
    assert found
    settle_reads()
    return found


def subscribe(
    person: Person, stripe: Stripe, product: str = "pro", interval: str = "month", *, card: str = GOOD
) -> Subscription:
    """Subscribe, pay, and come back to the shop."""
    session = begin(person, product, interval)
    assert stripe.pay(session, card)["state"] == "paid"
    asking.confirm(session, person)
    return now(person, "pass" if product == "all_access" else "plan")


def now(person: Person, family: Family = "plan") -> Subscription:
    """What the person subscribes to, or did last, as it is written down."""
    settle_reads()
    db.session.expire_all()
    return {each.family: each for each in queries.latest(person)}[family]


def plan_of(person: Person) -> str:
    settle_reads()
    return db.session.get_one(Person, person.id, populate_existing=True).plan


def invoices(person: Person) -> list[SubscriptionInvoice]:
    """The latest first."""
    settle_reads()
    db.session.expire_all()
    return list(queries.invoices_of(person).rows)


def hear(stripe: Stripe, client: Browser) -> list[str]:
    """Let the shop be told everything new, and do what follows; the states it answered."""
    states = []
    fresh = [event for event in stripe.events(200) if event["id"] not in stripe.delivered]
    for event in fresh:
        stripe.delivered.add(event["id"])
        states.append(stripe.send(client, event).json["state"])
    run_due_jobs()
    settle_reads()
    return states


def wait(stripe: Stripe, move_clock: MoveClock, by: timedelta) -> None:
    """Time passes, here and at Stripe."""
    stripe.deed("clock", advance=int(by.total_seconds()))
    move_clock(by)


def wait_for_renewal(stripe: Stripe, move_clock: MoveClock, subscription: Subscription) -> None:
    """Time passes until Stripe has charged the card for the next period, or tried to."""
    wait(stripe, move_clock, subscription.period_end - clock.now() + HOUR + timedelta(seconds=2))
