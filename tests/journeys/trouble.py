"""A shop full of trouble, as operators meet it: jobs given up, orders overdue, parked and failed webhooks, reports."""

from __future__ import annotations

from datetime import timedelta

from storefront.accounts.models import Person
from storefront.checkout.services import open_order
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.jobs import GIVE_UP, announce
from storefront.moderation.services import Claim
from storefront.payments.models import StripeEvent
from tests.cast import Cast
from tests.moderation.acts import COPYRIGHT, complain
from tests.worlds import make_offer

TITLES = ("Tide Tables", "Letters to a Landlord", "A Very Long Title That Goes On For Most Of The Eighty That Fit Here")
ERRORS = (
    "ConnectionRefusedError: [Errno 111] Connection refused",
    "SMTPRecipientsRefused: {'nobody@example.com': (550, b'5.1.1 The email account that you tried to reach is gone')}",
    "FileMissing: media/3f/" + "3f" * 30,
)
EVENTS = (
    ("checkout.session.completed", "parked", "It names an order that this shop does not have."),
    ("charge.refunded", "parked", "It is about a payment that no order of this shop knows."),
    ("checkout.session.async_payment_succeeded", "failed", "OperationalError: database is locked"),
)
CLAIMS = (Claim("spam", "Ten times the same."), Claim("misleading", "It says ten letters. " * 40), COPYRIGHT)


def make_trouble(seed: str) -> None:
    """As much of it as a bad night brings. Names begin with ``seed``, so that it can be made more than once."""
    cast = Cast()
    creator = cast.person(f"{seed}creator", plan="studio")
    readers = [cast.person(f"{seed}reader{number}") for number in range(3)]
    give_up_jobs()
    leave_orders_open(creator, readers, seed)
    park_events(seed)
    for number, claim in enumerate(CLAIMS):
        listing = make_offer(creator, f"{seed} reported {number}", price=0)
        complain(readers[number], listing, claim)


def give_up_jobs() -> None:
    with step():
        for number in range(9):
            job = announce("mail.deliver", to="nobody@example.com", n=number)
            db.session.flush()
            job.attempts, job.error = GIVE_UP, ERRORS[number % len(ERRORS)]


def leave_orders_open(creator: Person, readers: list[Person], seed: str) -> None:
    """Their page has closed hours ago; one of them Stripe does not know."""
    for number, reader in enumerate(readers):
        listing = make_offer(creator, TITLES[number], slug=f"{seed}-open-{number}".lower(), price=1200 + number)
        with step():
            order, _stale = open_order(listing, reader)
            order.opened_at = clock.now() - timedelta(hours=30)
            order.session_expires_at, order.checked_at = clock.now() - timedelta(hours=6), clock.now()
            order.session_id = f"cs_test_{seed}_{number}"
            order.flag = "Stripe does not tell how its session stands: resource_missing." if number else ""


def park_events(seed: str) -> None:
    with step():
        for number in range(9):
            type, state, reason = EVENTS[number % len(EVENTS)]
            at = clock.now() - timedelta(minutes=7 * number)
            db.session.add(
                StripeEvent(
                    stripe_id=f"evt_{seed}_{number}",
                    type=type,
                    livemode=False,
                    payload={"id": f"evt_{number}"},
                    state=state,
                    reason=reason,
                    attempts=1 + number,
                    created_at=at,
                    received_at=at,
                    handled_at=at,
                )
            )
