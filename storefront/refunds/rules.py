"""How much goes back to whom it came from, and who gets it without being asked why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.checkout.models import Order
from storefront.config import current as settings
from storefront.kit import clock
from storefront.kit.db import db
from storefront.refunds.models import GOING_BACK, Refund

SPAN = timedelta(days=30)


@dataclass(frozen=True)
class Parts:
    """What an amount is made of, in minor units: the platform's fee, the creator's share, and tax."""

    fee: int
    share: int
    tax: int

    @property
    def amount(self) -> int:
        return self.fee + self.share + self.tax

    def without(self, others: Iterable[Parts]) -> Parts:
        """What is left when ``others`` are taken out."""
        taken = list(others)
        return Parts(
            self.fee - sum(each.fee for each in taken),
            self.share - sum(each.share for each in taken),
            self.tax - sum(each.tax for each in taken),
        )

    def take(self, amount: int) -> Parts:
        """``amount`` of it in proportion, in whole units: what does not divide is tax first, then share.

        So no part is ever more than what there is of it, and taking everything takes each part whole. Raises ValueError
        for less than one unit or more than all.
        """
        if not 0 < amount <= self.amount:
            raise ValueError(f"{amount} of {self.amount} can't be taken")
        net = self.fee + self.share
        net_taken = amount * net // self.amount
        fee = self.fee * net_taken // net if net else 0
        return Parts(fee=fee, share=net_taken - fee, tax=amount - net_taken)


def parts_paid(order: Order) -> Parts:
    """What all that was paid for an order is made of."""
    return Parts(order.fee or 0, order.share or 0, order.tax or 0)


def parts_left(order: Order) -> Parts:
    """What of a paid order, which must be locked, has not gone back and is not on its way."""
    gone = sa.select(Refund.fee, Refund.share, Refund.tax).where(
        Refund.order_id == order.id, Refund.state.in_(GOING_BACK)
    )
    return parts_paid(order).without(Parts(*row) for row in db.session.execute(gone))


def lock_person(person: Person) -> None:
    """Hold ``person`` until the transaction ends, so that of two requests at once the second counts the first."""
    db.session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))


def gets_it_at_once(buyer: Person) -> bool:
    """Whether ``buyer``, who must be locked, has asked so seldom of late that nobody needs to look at it."""
    asked = sa.select(sa.func.count()).where(
        Refund.asked_by_id == buyer.id,
        Refund.origin == "buyer",
        Refund.state != "declined",
        Refund.asked_at > clock.now() - SPAN,
    )
    return db.session.scalars(asked).one() < settings().refunds_at_once
