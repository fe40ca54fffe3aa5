"""Reporting and deciding in tests, by the verbs the shop uses."""

from __future__ import annotations

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.events.models import Event
from storefront.kit.db import db, step
from storefront.moderation import services
from storefront.moderation.deciding import VERBS
from storefront.moderation.models import Report
from storefront.moderation.services import Claim
from tests.cast import Cast

OATH = {
    "claimed_work": "My course of 2023, at aalto.example.",
    "contact_name": "Bernt Aalto",
    "contact_address": "1 Quay Street",
    "contact_email": "bernt@aalto.example",
}
SWORN_FORM = {"reason": "copyright", **OATH, "good_faith": "y", "under_penalty": "y"}
COPYRIGHT = Claim("copyright", "Stages two to five.", **OATH)
SPAM = Claim("spam")


def complain(by: Person, listing: Listing, claim: Claim = SPAM) -> Report:
    with step():
        return services.report(listing, claim, by=by)


def crowd(cast: Cast, count: int) -> list[Person]:
    return [cast.person(f"Reader{number}") for number in range(count)]


def decide(verb: str, report: Report, by: Person, reason: str = "Looked at closely.") -> None:
    with step():
        VERBS[verb](db.session.get_one(Report, report.id), reason, by=by)


def state(listing: Listing) -> str:
    return db.session.scalars(sa.select(Listing.state).where(Listing.id == listing.id)).one()


def events(name: str) -> list[Event]:
    return list(db.session.scalars(sa.select(Event).filter_by(name=name).order_by(Event.id)))
