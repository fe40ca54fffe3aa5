"""Granting and ending licenses."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Person, Workspace
from storefront.catalog.models import Listing
from storefront.config import current as settings
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.ids import license_number, public_id
from storefront.kit.inserts import insert_if_new
from storefront.licenses.models import LIVE, License
from storefront.licenses.terms import terms_text


def grant(
    person: Person, listing: Listing, *, version_id: int, terms: str, clone_mode: str,
    currency: str, amount: int = 0, fee: int = 0, share: int = 0, payment_intent: str | None = None,
) -> License | None:  # fmt: skip
    """A license, live at once; amounts in minor units. None if ``person`` holds a live one already.

    Asking twice at the same moment gives one license: the partial unique index decides, not a look before.
    """
    now = clock.now()
    workspace = db.session.get_one(Workspace, listing.workspace_id)
    identity = public_id("lic")
    written = insert_if_new(
        License,
        public_id=identity,
        number=license_number(),
        person_id=person.id,
        listing_id=listing.id,
        version_id=version_id,
        status="completed" if amount else "free",
        terms=terms,
        terms_text=terms_text(terms, title=listing.title, creator=workspace.name, clone_mode=clone_mode),
        clone_mode=clone_mode,
        amount=amount,
        fee=fee,
        share=share,
        currency=currency,
        payment_intent=payment_intent,
        granted_at=now,
        refundable_until=now + settings().refund_window if amount else None,
    )
    if not written:
        return None
    found = sa.select(License).where(License.public_id == identity).options(joinedload(License.person))
    license = db.session.scalars(found).one()
    record("license.granted", license, by=person, workspace_id=listing.workspace_id, listing=listing.id)
    return license


def end(license: License, status: str, *, by: Person | None = None) -> None:
    """End a live license as ``refunded`` or ``revoked``; an ended one stays as it is."""
    if license.is_live:
        license.end(status)
        record("license.ended", license, by=by, listing=license.listing_id, status=status)


def freeze(license: License) -> None:
    """Let nothing new be made under a license that was paid for, until it is reinstated or ends."""
    if license.status == "completed":
        license.freeze()
        record("license.frozen", license, listing=license.listing_id)


def reinstate(license: License) -> bool:
    """Give a license back that had ended or was frozen. False if its holder has got another one meanwhile.

    If they get one at this very moment, the partial unique index refuses this.
    """
    others = sa.select(License.id).where(
        License.person_id == license.person_id,
        License.listing_id == license.listing_id,
        License.status.in_(LIVE),
        License.id != license.id,
    )
    if license.status == "completed" or db.session.scalar(others) is not None:
        return False
    license.reinstate()
    record("license.reinstated", license, listing=license.listing_id)
    return True
