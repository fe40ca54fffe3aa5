"""Editing a listing: begun, saved as it is typed, published, taken down, shown to a few."""

from __future__ import annotations

from storefront.accounts.models import Person
from storefront.accounts.plans import SHARE_LINK, require
from storefront.accounts.queries import owner_of
from storefront.catalog import services as catalog
from storefront.catalog.frozen_covers import keep_cover
from storefront.catalog.models import Listing
from storefront.catalog.pictures import Hung, hang
from storefront.catalog.slugs import draft_slug
from storefront.config import current as settings
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict
from storefront.kit.ids import token
from storefront.selling.drafts import Draft, Typed
from storefront.selling.forms import KEPT, PICTURE
from storefront.selling.models import ListingDraft, ShareLink
from storefront.selling.pictures import as_it_hangs
from storefront.works.models import Work

TOKEN = 26  # characters, 130 random bits


class SavedMeanwhile(Conflict):
    title = "Somebody saved this meanwhile."
    message = "Neither text is lost. Look at both, then keep the one that is right."


def begin(work: Work) -> Listing:
    """A draft listing of a work, under its title. Raises NotListable for a copy of somebody else's."""
    catalog.refuse_unless_listable(work)
    return catalog.make_listing(work, slug=draft_slug(), title=work.title, currency=settings().currency)


def save(draft: Draft, step: str, typed: Typed, *, seen: int, by: Person) -> None:
    """Keep what was typed in a step, right or wrong. The listing must be locked.

    ``seen`` is the revision it began from. Raises SavedMeanwhile if another text was saved since; the same text twice
    is no conflict.
    """
    if seen != draft.revision(step) and typed != draft.typed(step):
        raise SavedMeanwhile
    row = draft.rows.get(step)
    if row is None:
        row = draft.rows[step] = ListingDraft(listing_id=draft.listing.id, step=step, revision=0)
        db.session.add(row)
    row.revision += 1
    row.typed, row.is_pending, row.saved_at = dict(typed), True, clock.now()
    row.saved_by_id, row.saved_by = by.id, by
    vars(draft).pop("forms", None)


def publish(draft: Draft, *, by: Person) -> None:
    """What is typed becomes the listing, with the latest version of its work.

    Raises NotReady, Suspended, NotListable, PlanNeeded. ``draft.findings()`` must be empty, else they are what is said.
    """
    if found := draft.findings():
        raise catalog.NotReady(" ".join(each.words for each in found))
    listing, work = draft.listing, draft.work
    window = draft.values()
    if draft.art not in (KEPT, PICTURE):
        window["cover"] = keep_cover(draft.subject(draft.art))
    if not draft.was_published:
        window |= {"work_id": work.id, "kind": work.kind}
    catalog.change_window(listing, **window)
    own = draft.cover_picture.sha256 if draft.cover_picture and draft.art == PICTURE else None
    hang(listing, own, [Hung(each.sha256, each.alt) for each in draft.gallery])
    catalog.publish(listing, by=by)
    settle(draft)


def discard(draft: Draft) -> None:
    """Forget what was typed and not published: the listing is what it is, and so are its pictures."""
    as_it_hangs(draft)
    settle(draft)


def settle(draft: Draft) -> None:
    """From now on the listing is what counts."""
    for row in draft.rows.values():
        if row.is_pending:
            row.is_pending = False
            row.revision += 1


def share(listing: Listing, *, by: Person) -> ShareLink:
    """A link that shows the draft to whoever has it; one made before stops working. Raises PlanNeeded."""
    require(owner_of(listing.workspace_id), SHARE_LINK, by=by)
    link = db.session.get(ShareLink, listing.id)
    if link is None:
        link = ShareLink(listing_id=listing.id)
        db.session.add(link)
    link.token, link.made_at, link.made_by_id = token(TOKEN).lower(), clock.now(), by.id
    record("share_link.made", listing, by=by, workspace_id=listing.workspace_id)
    return link


def revoke_link(listing: Listing, *, by: Person) -> None:
    """Close the preview. Doing so twice changes nothing."""
    link = db.session.get(ShareLink, listing.id)
    if link is not None:
        record("share_link.revoked", listing, by=by, workspace_id=listing.workspace_id)
        db.session.delete(link)
