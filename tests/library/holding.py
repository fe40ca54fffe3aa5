"""Licenses for tests, granted and ended by the verbs the shop uses."""

from __future__ import annotations

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.checkout.afterwards import refunded
from storefront.checkout.models import Order
from storefront.checkout.services import fulfil, open_order
from storefront.kit.db import db, step
from storefront.ledger.services import book_refund
from storefront.licenses.models import License
from storefront.licenses.queries import live_license
from storefront.licenses.services import end, grant
from storefront.payments.gateway import CheckoutSession
from storefront.works.models import Version, Work
from storefront.works.services import publish_version
from tests.checkout.stripe_words import session_body


def hold(person: Person, listing: Listing) -> License:
    """A license for ``listing`` with its first clone, free or paid like the listing."""
    with step():
        if listing.is_free:
            license = grant(
                person, listing, version_id=listing.version_id or 0, terms=listing.terms,
                clone_mode=listing.clone_mode, currency=listing.currency,
            )  # fmt: skip
        else:
            order, _stale = open_order(listing, person)
            fulfil(CheckoutSession.from_dict(session_body(order)))
            license = live_license(person, listing.id)
    assert license is not None
    return license


def finish(license: License, status: str) -> None:
    """End the license as ``refunded`` or ``revoked``."""
    with step():
        end(db.session.get_one(License, license.id), status)


def give_back(license: License) -> None:
    """The whole price went back: the license ends and the books say so."""
    with step():
        order = db.session.scalars(sa.select(Order).where(Order.license_id == license.id)).one()
        book_refund(
            f"rfd_{order.public_id}", order_id=order.public_id, fee=order.part("fee"), share=order.part("share"),
            tax=order.part("tax"),
        )  # fmt: skip
        refunded(order)


def release(listing: Listing, by: Person, changelog: str = "More prompts.") -> Version:
    """The next version of the listing's work."""
    with step():
        return publish_version(db.session.get_one(Work, listing.work_id), changelog, by=by)
