"""What only an operator does: dismiss or uphold a report, and put a suspended listing back. Each wants a reason."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.catalog.services import restore as put_back
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict
from storefront.moderation import letters
from storefront.moderation.models import Decision, Report
from storefront.moderation.services import count_standing, lock, take_down


class DecidedAlready(Conflict):
    title = "Somebody has decided already."
    message = "Load the report again to see how."


class NotSuspended(Conflict):
    title = "It is not suspended."
    message = "There is nothing to restore. Load the report again to see how it stands now."


def dismiss(report: Report, reason: str, *, by: Person) -> None:
    """The report stops counting; the listing stays as it is. Raises DecidedAlready."""
    listing = lock(report.listing_id)
    _close(report, "dismissed", reason, by=by)
    count_standing(listing)


def uphold(report: Report, reason: str, *, by: Person) -> None:
    """The report is right: its listing is suspended for the operator's ``reason``. Raises DecidedAlready."""
    listing = lock(report.listing_id)
    _close(report, "upheld", reason, by=by)
    count_standing(listing)
    if listing.state in ("published", "suspended"):
        take_down(listing, f"An operator took it down. {reason}", by=by)


def restore(report: Report, reason: str, *, by: Person) -> None:
    """Put the report's suspended listing back and dismiss whatever stands against it. Raises NotSuspended."""
    listing = lock(report.listing_id)
    if listing.state != "suspended":
        raise NotSuspended
    _decide(listing, None, "restored", reason, by=by)
    standing = sa.select(Report).where(Report.listing_id == listing.id, Report.state != "dismissed").order_by(Report.id)
    for each in db.session.scalars(standing).all():
        _close(each, "dismissed", reason, by=by, also_upheld=True)
    count_standing(listing)
    put_back(listing, by=by)
    letters.send_restored(listing, reason)


VERBS: dict[str, Callable[..., None]] = {"dismiss": dismiss, "uphold": uphold, "restore": restore}


def _close(report: Report, verdict: str, reason: str, *, by: Person, also_upheld: bool = False) -> None:
    """Decide one report of a locked listing."""
    db.session.refresh(report, ["state"])
    if report.state == "dismissed" or (report.state == "upheld" and not also_upheld):
        raise DecidedAlready
    report.state = verdict
    report.decided_at = clock.now()
    listing = db.session.get_one(Listing, report.listing_id)
    decision = _decide(listing, report, verdict, reason, by=by)
    record(f"report.{verdict}", report, by=by, workspace_id=listing.workspace_id, decision=decision.id)
    letters.send_decided(report, listing, verdict, reason)


def _decide(listing: Listing, report: Report | None, verdict: str, reason: str, *, by: Person) -> Decision:
    decision = Decision(
        listing_id=listing.id, report_id=report.id if report else None, operator_id=by.id, verdict=verdict,
        reason=reason, at=clock.now(),
    )  # fmt: skip
    db.session.add(decision)
    db.session.flush()
    return decision
