"""What happens before and after a refund: a purchase that was paid at Stripe, and the news from there."""

from __future__ import annotations

from collections.abc import Sequence

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.checkout import getting
from storefront.checkout.models import Order
from storefront.kit.db import db, settle_reads
from storefront.kit.jobs import run_due_jobs
from storefront.library.models import Clone
from storefront.licenses.models import License
from storefront.licenses.queries import live_license
from storefront.refunds.models import Refund
from tests.browser import Browser
from tests.stripe import GOOD, Stripe

SLOWLY, NEVER = "4000000000007726", "4000000000005126"  # how the sandbox's cards take money back


def buy(
    buyer: Person, listing: Listing, stripe: Stripe, client: Browser, *, card: str = GOOD, told: Sequence[str] = ()
) -> License:
    """A license that was paid for on Stripe's page. The shop is told everything about it, or events of some types."""
    getting.get(listing.slug, buyer, price=listing.price, currency=listing.currency)
    order = db.session.query(Order).filter_by(buyer_id=buyer.id, listing_id=listing.id, status="open").one()
    stripe.pay(order.session_id or "", card)
    stripe.deliver(client, *told)
    run_due_jobs()
    settle_reads()
    license = live_license(buyer, listing.id)
    assert license is not None
    return license


def order_of(license: License) -> Order:
    query = db.session.query(Order).filter_by(license_id=license.id)
    return query.populate_existing().one()


def again(license: License) -> License:
    return db.session.get_one(License, license.id, populate_existing=True)


def refunds() -> list[Refund]:
    return db.session.query(Refund).order_by(Refund.id).populate_existing().all()


def is_frozen(license: License) -> bool:
    clone = db.session.query(Clone).filter_by(license_id=license.id).populate_existing().one()
    return clone.frozen_at is not None
