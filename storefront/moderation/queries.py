"""Reading reports: one's own, and for operators all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.events.models import Event
from storefront.kit.concerns import MOST_COUNTED
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.paging import Page, decode, encode
from storefront.moderation.models import STATES, Decision, Report

PAGE = 25
HAPPENED = 20  # of what happened to a report and its listing, the latest


@dataclass(frozen=True)
class Deed:
    """Something that happened to a report or its listing; an operator's has a reason."""

    name: str
    at: datetime
    actor: str | None
    reason: str | None


def report_by(person: Person, listing: Listing) -> Report | None:
    """What ``person`` reported about a listing before."""
    return db.session.scalar(sa.select(Report).filter_by(person_id=person.id, listing_id=listing.id))


def reports_page(state: str, after: str | None = None) -> Page[Any]:
    """A page of reports in ``state``, the newest first, for operators. Raises BadRequest for a foreign cursor."""
    query = (
        sa.select(
            Report.id, Report.public_id, Report.reason, Report.state, Report.filed_at,
            Listing.title, Listing.state.label("listing_state"), Listing.reports,
        )
        .join(Listing, Listing.id == Report.listing_id)
        .where(Report.state == state)
    )  # fmt: skip
    if after:
        query = query.where(Report.id < decode(after, int)[0])
    rows = db.session.execute(query.order_by(Report.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], encode(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def any_report(public_id: str) -> Report:
    """Any report as it is now, with its author, listing and the listing's workspace, for operators. Raises NotFound."""
    query = (
        sa.select(Report)
        .where(Report.public_id == public_id)
        .options(joinedload(Report.person), joinedload(Report.listing).joinedload(Listing.workspace))
    )
    report = db.session.scalar(query, execution_options={"populate_existing": True})
    if report is None:
        raise NotFound
    return report


def what_happened(report: Report) -> Sequence[Deed]:
    """The latest of what happened to a report, and to its listing by reports; two statements."""
    about_listing = sa.and_(
        Event.subject_type == Listing.__tablename__,
        Event.subject_id == report.listing_id,
        Event.name.in_(("listing.suspended", "listing.restored")),
    )
    about_report = sa.and_(Event.subject_type == Report.__tablename__, Event.subject_id == report.id)
    events = (
        sa.select(Event.name, Event.at, Event.data, Person.name.label("actor"))
        .join(Person, Person.id == Event.actor_id, isouter=True)
        .where(sa.or_(about_listing, about_report))
        .order_by(Event.id.desc())
        .limit(HAPPENED)
    )
    rows = db.session.execute(events).all()
    decisions = sa.select(Decision.id, Decision.reason).where(
        Decision.id.in_([row.data["decision"] for row in rows if "decision" in row.data])
    )
    reasons = {row.id: row.reason for row in db.session.execute(decisions)}
    return [Deed(row.name, row.at, row.actor, reasons.get(row.data.get("decision"))) for row in rows]


def waiting() -> int:
    """How many reports are open, at most ``MOST_COUNTED``."""
    some = sa.select(Report.id).where(Report.state == "open").limit(MOST_COUNTED).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def known_state(state: str | None) -> str:
    """The state that an address asks for; open ones for any other word."""
    return state if state in STATES else "open"
