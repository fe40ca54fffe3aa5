"""What creators and those who report are told."""

from __future__ import annotations

from storefront.accounts.models import Person
from storefront.accounts.queries import owner_of
from storefront.catalog.models import Listing
from storefront.kit.db import db
from storefront.kit.mail import send_mail
from storefront.kit.urls import absolute_url
from storefront.moderation.models import Report


def send_suspended(listing: Listing, reason: str, claimed_work: str = "") -> None:
    """Tell the creator the rule or the operator's words, how to appeal, and which work a copyright claim names."""
    _tell_creator(listing, f"{listing.title} is suspended", "suspended", reason, claimed_work=claimed_work)


def send_restored(listing: Listing, reason: str) -> None:
    _tell_creator(listing, f"{listing.title} is back in the catalog", "restored", reason)


def send_decided(report: Report, listing: Listing, verdict: str, reason: str) -> None:
    """Tell who reported what an operator decided."""
    person = db.session.get_one(Person, report.person_id)
    subject = f"Your report about {listing.title}"
    template = "moderation/email/decided"
    send_mail(person.email, subject, template, person=person, listing=listing, verdict=verdict, reason=reason)


def _tell_creator(listing: Listing, subject: str, template: str, reason: str, **more: str) -> None:
    owner = owner_of(listing.workspace_id)
    told = {"listing": listing, "reason": reason, "link": absolute_url("catalog.listing", slug=listing.slug), **more}
    send_mail(owner.email, subject, f"moderation/email/{template}", person=owner, **told)
