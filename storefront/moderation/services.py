"""Reporting a listing, and what follows from it at once.

Every verb locks the listing. So of any number of reports at the same moment one suspends, and the others see that.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.catalog.services import suspend
from storefront.checkout.services import is_own
from storefront.config import current as settings
from storefront.events.services import Happening, record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict, Forbidden, NotFound, TooMany
from storefront.kit.ids import public_id
from storefront.kit.inserts import insert_if_new
from storefront.moderation import letters
from storefront.moderation.models import Report
from storefront.moderation.rules import broken_rule, how_to_appeal

DAY = timedelta(days=1)
COLUMNS = sa.inspect(Listing).column_attrs.keys()  # read anew once locked; what was loaded beside them stays


class NotConfirmed(Forbidden):
    title = "Confirm your e-mail first."
    message = "A report can take somebody's work down, so we must know that you can be asked about it."


class OwnWork(Conflict):
    title = "This is your own work."
    message = "You or your team made it. If something is wrong with it, change it or take it out of the catalog."


class ReportsUsedUp(TooMany):
    title = "That is enough for today."

    def __init__(self) -> None:
        super().__init__(f"You can report {settings().reports_per_day} works a day. Go on tomorrow.")


@dataclass(frozen=True)
class Claim:
    """What somebody says is wrong. The last four are a copyright claim's, made under penalty of perjury."""

    reason: str
    details: str = ""
    claimed_work: str = ""
    contact_name: str = ""
    contact_address: str = ""
    contact_email: str = ""


def refuse_unless_may_report(listing: Listing, person: Person) -> None:
    """Raises NotConfirmed, or OwnWork for members of the listing's workspace, which must be loaded."""
    if is_own(listing, person):
        raise OwnWork
    if not person.is_verified:
        raise NotConfirmed


def report(listing: Listing, claim: Claim, *, by: Person) -> Report:
    """File a report, or amend the one that ``by`` filed before. It may suspend the listing at once.

    ``listing`` must be read by ``listing_offered``. Raises NotConfirmed, OwnWork, ReportsUsedUp.
    """
    refuse_unless_may_report(listing, by)
    _spend(by, listing)
    listing = lock(listing.id)
    now = clock.now()
    said = {**asdict(claim), "sworn_at": now if claim.reason == "copyright" else None}
    keys = {"person_id": by.id, "listing_id": listing.id}
    fresh = {"public_id": public_id("rep"), "state": "open", "filed_at": now}
    is_new = insert_if_new(Report, **keys, **said, **fresh)
    found = db.session.scalars(sa.select(Report).filter_by(**keys), execution_options={"populate_existing": True}).one()
    if not is_new:
        _amend(found, said, now)
    count_standing(listing)
    record("report.filed" if is_new else "report.amended", found, by=by, workspace_id=listing.workspace_id)
    apply_rules(listing, claimed_work=found.claimed_work)
    return found


def _amend(found: Report, said: dict[str, object], now: datetime) -> None:
    """Say it anew. Past an operator's decision it waits for another one."""
    for name, value in said.items():
        setattr(found, name, value)
    found.amended_at = now
    found.state = "open"
    db.session.flush()


def _spend(person: Person, listing: Listing) -> None:
    """See that ``person`` has not reported too many others today; they are locked, so that two at once count as two."""
    db.session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    said_at = sa.func.coalesce(Report.amended_at, Report.filed_at)
    others = sa.select(sa.func.count()).where(
        Report.person_id == person.id, Report.listing_id != listing.id, said_at > clock.now() - DAY
    )
    if (db.session.scalar(others) or 0) >= settings().reports_per_day:
        raise ReportsUsedUp


def lock(listing_id: int) -> Listing:
    """The listing as it is now, until the transaction ends. Raises NotFound for one that nobody could have seen."""
    listing = db.session.get_one(Listing, listing_id)
    db.session.refresh(listing, COLUMNS, with_for_update={"key_share": True})
    if listing.published_at is None:
        raise NotFound
    return listing


def count_standing(listing: Listing) -> None:
    """Keep how many reports about a locked listing are open or upheld."""
    standing = sa.select(sa.func.count()).where(Report.listing_id == listing.id, Report.state != "dismissed")
    listing.reports = db.session.scalar(standing) or 0


def apply_rules(listing: Listing, *, claimed_work: str = "") -> None:
    """Suspend a published listing, which must be locked, if a rule says so, and tell its creator."""
    rule = broken_rule(listing.id) if listing.state == "published" else None
    if rule:
        take_down(listing, rule, claimed_work=claimed_work)


def take_down(listing: Listing, why: str, *, by: Person | None = None, claimed_work: str = "") -> None:
    """Suspend a locked listing and tell its creator why and how to appeal. One that is down already stays so."""
    reason = f"{why} {how_to_appeal()}"
    if listing.state == "published":
        suspend(listing, reason, by=by)
    else:
        listing.suspended_reason = reason
    letters.send_suspended(listing, reason, claimed_work)


def published_again(happening: Happening) -> None:
    """Taking a listing out of the catalog and putting it back makes no report go away."""
    listing: Listing = happening.subject
    if listing.reports:
        apply_rules(listing)
