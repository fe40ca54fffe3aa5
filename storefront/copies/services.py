"""Copying what is part of All-Access. Who copies locks their meter, so that any number at once never pass the limit.

What copying locks, in this order: the meter, the invoice, what it was used for, the person's list of saved prompts,
the listing's tally. Whoever changes the list otherwise begins with it and waits for none of the others. What Stripe
tells of an invoice locks it before what it was used for and before the person, too. So nobody holds what somebody ahead
of them waits for.
"""

from __future__ import annotations

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.accounts.queries import workspaces_of
from storefront.catalog.models import Listing
from storefront.config import current as settings
from storefront.copies.contents import prompt_of
from storefront.copies.models import (
    COUNTED,
    NO_INVOICE,
    OVERFLOW,
    OWN_WORK,
    SPENT,
    Copy,
    CopyMeter,
    CopyTally,
    PoolInvoice,
)
from storefront.copies.months import month_of
from storefront.copies.returns import begin
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict, Forbidden, TooMany
from storefront.kit.ids import public_id
from storefront.kit.inserts import insert_if_new, insert_into
from storefront.saved.queries import find_saved
from storefront.saved.services import Source, remove_saved, save_all, save_prompt
from storefront.subscriptions import queries as subscriptions
from storefront.subscriptions.models import SubscriptionInvoice
from storefront.works.contents import published
from storefront.works.models import Version


class NotInAllAccess(Forbidden):
    title = "This is not part of All-Access."
    message = "Its creator does not include it. You can still get it by itself."


class PassNeeded(Forbidden):
    title = "This needs All-Access."
    message = "Subscribe to All-Access to copy it. What you copied before stays yours."


class CopiedAlready(Conflict):
    title = "You copied this already this month."
    message = "It is with your copies, and does not count again."


class LimitReached(TooMany):
    title = "You have used every copy."
    message = "The next ones come with the new month, or with your next payment if that is later."


def copy_listing(listing: Listing, *, by: Person) -> Copy:
    """Copy a published listing that is part of All-Access, with its current version.

    Its prompts go onto the list of saved prompts if all of them fit. Raises NotInAllAccess or PassNeeded (403),
    CopiedAlready (409), LimitReached (429).
    """
    if listing.state != "published" or listing.is_free or not listing.all_access:
        raise NotInAllAccess
    now = clock.now()
    month = month_of(now)
    insert_if_new(CopyMeter, person_id=by.id, month=month, used=0)
    _lock_meter(by, month)
    subscription = subscriptions.live(by, "pass")
    if subscription is None or not subscription.serves(now, grace=settings().grace):
        raise PassNeeded
    already = sa.select(Copy.id).where(
        Copy.person_id == by.id, Copy.listing_id == listing.id, Copy.month == month
    )  # fmt: skip
    if db.session.scalar(already) is not None:
        raise CopiedAlready
    invoice = subscriptions.paid_invoice(subscription, now)
    reason = OWN_WORK if _is_own(listing, by) else _count(by, month, invoice)
    is_counted = reason == COUNTED
    copy = Copy(
        public_id=public_id("cpy"), person_id=by.id, listing_id=listing.id, version_id=listing.version_id,
        workspace_id=listing.workspace_id, month=month, reason=reason, invoice_id=invoice.id if invoice else None,
        amount=settings().copy_credit if is_counted else 0, currency=settings().currency, at=now,
    )  # fmt: skip
    db.session.add(copy)
    db.session.flush()  # its foreign keys are locked before the list
    version = db.session.get_one(Version, copy.version_id)
    save_all(Source(version.work_id, listing.title), published(version), by=by)
    tally(copy)
    record("listing.copied", listing, by=by, workspace_id=listing.workspace_id, month=month, reason=reason)
    return copy


def save_prompt_of(copy: Copy, key: str, *, by: Person) -> None:
    """Keep a prompt of a copy, which was read for ``by``, on their list. Saving it again changes nothing.

    Raises NotFound for what is no prompt of it, PlanNeeded if the plan has no room for another.
    """
    save_prompt(Source(copy.version.work_id, copy.listing.title), prompt_of(copy, key), by=by)


def take_off_list(copy: Copy, key: str, *, by: Person) -> None:
    """Undo the saving of a prompt of a copy. Nothing for one that is not on the list."""
    saved = find_saved(by, copy.version.work_id, key)
    if saved is not None:
        remove_saved(saved)


def tally(copy: Copy) -> None:
    """Add a copy to its listing's month. Last of what copying locks, so no two wait for each other."""
    values = {
        "workspace_id": copy.workspace_id, "month": copy.month, "listing_id": copy.listing_id,
        "currency": copy.currency, "copies": 1, "counted": int(copy.reason == COUNTED), "amount": copy.amount,
    }  # fmt: skip
    more = insert_into(CopyTally).values(**values)
    added = {name: getattr(CopyTally, name) + more.excluded[name] for name in ("copies", "counted", "amount")}
    key = ["workspace_id", "month", "listing_id", "currency"]
    db.session.execute(more.on_conflict_do_update(index_elements=key, set_=added))


def _lock_meter(person: Person, month: str) -> None:
    query = sa.select(CopyMeter.used).where(CopyMeter.person_id == person.id, CopyMeter.month == month)
    db.session.execute(query.with_for_update())


def _is_own(listing: Listing, person: Person) -> bool:
    return listing.workspace_id in {workspace.id for workspace in workspaces_of(person)}


def _count(person: Person, month: str, invoice: SubscriptionInvoice | None) -> str:
    """Take a copy from the month and the invoice. The reason why it has no credit, or COUNTED.

    Raises LimitReached where either has none left, unless the shop lets more pass without credit.
    """
    if invoice is not None:
        _hold(invoice)
        begin(invoice)
    if _used(invoice) >= settings().all_access_limit or not _take_of_month(person, month):
        if settings().overflow == "unpaid":
            return OVERFLOW
        raise LimitReached
    if invoice is None:
        return NO_INVOICE
    return COUNTED if _take_of_invoice(invoice) else SPENT


def _hold(invoice: SubscriptionInvoice) -> None:
    """Read an invoice anew and keep its money from going back meanwhile: who tells of that locks it first, too."""
    db.session.refresh(invoice, with_for_update={"read": True, "key_share": True})


def _used(invoice: SubscriptionInvoice | None) -> int:
    """The copies of an invoice, locked against those of another month."""
    if invoice is None:
        return 0
    query = sa.select(PoolInvoice.used).where(PoolInvoice.invoice_id == invoice.id).with_for_update()
    return db.session.scalars(query).one()


def _take_of_month(person: Person, month: str) -> bool:
    taken = (
        sa.update(CopyMeter)
        .where(CopyMeter.person_id == person.id, CopyMeter.month == month, CopyMeter.used < settings().all_access_limit)
        .values(used=CopyMeter.used + 1)
        .returning(CopyMeter.used)
    )
    return db.session.execute(taken).first() is not None


def _take_of_invoice(invoice: SubscriptionInvoice) -> bool:
    """Credit a copy to an invoice, as long as its money suffices."""
    credit = settings().copy_credit
    is_same = invoice.currency == settings().currency
    taken = (
        sa.update(PoolInvoice)
        .where(
            PoolInvoice.invoice_id == invoice.id,
            PoolInvoice.credited + credit <= (invoice.net.amount if is_same else 0),
            PoolInvoice.settled_in.is_(None),
        )
        .values(used=PoolInvoice.used + 1, credited=PoolInvoice.credited + credit)
        .returning(PoolInvoice.used)
    )
    return db.session.execute(taken).first() is not None
