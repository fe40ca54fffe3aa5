"""Paying for a plan with what one earned: a balance here becomes a balance at Stripe, which pays the next invoices."""

from __future__ import annotations

import logging
from datetime import timedelta

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.accounts.queries import personal_workspace
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db, outside, step
from storefront.kit.errors import Conflict, NotFound
from storefront.kit.ids import public_id
from storefront.kit.jobs import announce
from storefront.kit.money import Money
from storefront.ledger import services as ledger
from storefront.ledger.queries import balance_of
from storefront.payments.gateway import PaymentRefused, PaymentsDown, billing
from storefront.payouts.runs import MoreThanPayable, lock_workspaces
from storefront.subscriptions import queries
from storefront.subscriptions.models import PlanCredit

log = logging.getLogger(__name__)

KEYS_LIVE = timedelta(hours=20)  # Stripe may forget an idempotency key after 24 hours


class NothingToCredit(Conflict):
    title = "There is nothing to pay from."
    message = "What you earned becomes payable when buyers can no longer ask for it back."


def room(person: Person) -> Money | None:
    """What of a person's own earnings could pay their plan: what is payable, up to a year of it. None for nothing."""
    subscription = queries.live(person, "plan")
    if subscription is None:
        return None
    balance = balance_of(personal_workspace(person).id).get(subscription.currency)
    most = subscription.amount * (1 if subscription.interval == "year" else 12)
    amount = min(balance.payable if balance else 0, most)
    return Money(amount, subscription.currency) if amount > 0 else None


def credit(person: Person, amount: int) -> PlanCredit:
    """Take ``amount`` minor units of a person's payable earnings for the next invoices of their plan.

    Booked before Stripe is asked, so that no payout takes it too. Raises NotFound without a plan, NothingToCredit,
    MoreThanPayable.
    """
    workspace = personal_workspace(person)
    with step():
        subscription = queries.live(person, "plan")
        customer = queries.customer_of(person)
        if subscription is None or customer is None or customer.stripe_customer is None:
            raise NotFound
        lock_workspaces([workspace.id])
        has = room(person)
        if has is None or amount <= 0:
            raise NothingToCredit
        if amount > has.amount:
            raise MoreThanPayable(has)
        made = PlanCredit(
            public_id=public_id("pcr"), person_id=person.id, workspace_id=workspace.id, amount=amount,
            stripe_customer=customer.stripe_customer, currency=subscription.currency, asked_at=clock.now(),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        ledger.book_plan_fee_from_balance(made.public_id, workspace_id=workspace.id, amount=made.money)
        record("plan.credited", made, by=person, workspace_id=workspace.id, amount=amount)
        announce("subscriptions.give_credit", credit_id=made.id)
    try:
        give(made.id)
    except PaymentsDown:
        log.warning("credit %s waits for Stripe", made.public_id)  # its job goes on
    return db.session.get_one(PlanCredit, made.id, populate_existing=True)


def give(credit_id: int) -> None:
    """Have Stripe take a credit into account, once. Refused, it is payable as before. Raises PaymentsDown."""
    found = db.session.get_one(PlanCredit, credit_id, populate_existing=True)
    if found.state != "asked":
        return
    metadata = {"type": "plan_credit", "credit": found.public_id}
    try:
        with outside():
            entry = None
            if found.asked_at < clock.now() - KEYS_LIVE:
                entry = billing.find_credit(found.stripe_customer, "credit", found.public_id)
            entry = entry or billing.credit_balance(
                found.stripe_customer, found.amount, found.currency, metadata=metadata, key=f"credit-{found.public_id}"
            )
    except PaymentRefused as refusal:
        log.warning("credit %s was refused: %s", found.public_id, refusal.reason)
        entry = None
    with step():
        locked = db.session.scalars(sa.select(PlanCredit).where(PlanCredit.id == credit_id).with_for_update()).one()
        if locked.state != "asked":
            return
        locked.state, locked.stripe_id = ("given", entry) if entry else ("refused", None)
        if entry is None:
            ledger.book_plan_fee_returned(locked.public_id, workspace_id=locked.workspace_id, amount=locked.money)
