"""What creators and operators are told about disputes."""

from __future__ import annotations

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.accounts.queries import owner_of
from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.disputes.models import Dispute
from storefront.kit.db import db
from storefront.kit.mail import send_mail
from storefront.kit.urls import absolute_url


def send_opened(dispute: Dispute) -> None:
    """Tell the creator what is set aside, and operators until when to answer."""
    subject = f"A payment for {_listing(dispute).title} is disputed"
    _send(owner_of(dispute.workspace_id), subject, "opened", dispute, "refunds_desk.sale", _order(dispute).public_id)
    for operator in db.session.scalars(sa.select(Person).where(Person.is_operator)):
        _send(operator, subject, "to_answer", dispute, "disputes.show", dispute.public_id)


def send_closed(dispute: Dispute) -> None:
    """Tell the creator how it ended."""
    ends = {"won": "was won", "lost": "was lost"}
    subject = f"The dispute about {_listing(dispute).title} {ends.get(dispute.state, 'is closed')}"
    _send(owner_of(dispute.workspace_id), subject, "closed", dispute, "refunds_desk.sale", _order(dispute).public_id)


def _send(person: Person, subject: str, template: str, dispute: Dispute, endpoint: str, public_id: str) -> None:
    link = absolute_url(endpoint, public_id=public_id)
    told = {"person": person, "dispute": dispute, "listing": _listing(dispute), "link": link}
    send_mail(person.email, subject, f"disputes/email/{template}", **told)


def _order(dispute: Dispute) -> Order:
    return db.session.get_one(Order, dispute.order_id)


def _listing(dispute: Dispute) -> Listing:
    return db.session.get_one(Listing, _order(dispute).listing_id)
