"""What buyers and creators are told about refunds."""

from __future__ import annotations

from typing import Any

from storefront.accounts.models import Person
from storefront.accounts.queries import owner_of
from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.kit.db import db
from storefront.kit.mail import send_mail
from storefront.kit.urls import absolute_url
from storefront.refunds.models import Refund


def send_asked(refund: Refund) -> None:
    """Tell the creator that somebody waits for their decision."""
    listing = _listing(refund)
    link = absolute_url("refunds_desk.index")
    _send(owner_of(refund.workspace_id), f"A refund of {listing.title} waits for you", "asked", refund, link=link)


def send_declined(refund: Refund) -> None:
    _tell_buyer(refund, "Your refund of {title} was declined", "declined")


def send_sent(refund: Refund) -> None:
    """Tell the buyer that the money is on its way, or there."""
    _tell_buyer(refund, "Your refund of {title}", "sent")


def send_failed(refund: Refund) -> None:
    _tell_buyer(refund, "Your refund of {title} did not arrive", "failed")


def _tell_buyer(refund: Refund, subject: str, template: str) -> None:
    buyer = db.session.get_one(Person, _order(refund).buyer_id)
    link = absolute_url("library.purchases")
    _send(buyer, subject.format(title=_listing(refund).title), template, refund, link=link)


def _send(person: Person, subject: str, template: str, refund: Refund, **more: Any) -> None:
    told = {"person": person, "refund": refund, "listing": _listing(refund), "order": _order(refund), **more}
    send_mail(person.email, subject, f"refunds/email/{template}", **told)


def _order(refund: Refund) -> Order:
    return db.session.get_one(Order, refund.order_id)


def _listing(refund: Refund) -> Listing:
    return db.session.get_one(Listing, _order(refund).listing_id)
