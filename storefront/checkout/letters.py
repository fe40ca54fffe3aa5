"""What checkout writes to people."""

from __future__ import annotations

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.kit.db import db
from storefront.kit.mail import send_mail
from storefront.kit.urls import absolute_url
from storefront.licenses.models import License


def send_receipt(order: Order) -> None:
    """Tell the buyer what they paid for and where it lies."""
    buyer = db.session.get_one(Person, order.buyer_id)
    listing = db.session.get_one(Listing, order.listing_id)
    license = db.session.get_one(License, order.license_id)
    link = absolute_url("library.index")
    send_mail(
        buyer.email,
        f"{listing.title} is yours",
        "checkout/email/receipt",
        person=buyer,
        listing=listing,
        order=order,
        license=license,
        link=link,
    )
