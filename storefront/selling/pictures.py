"""Pictures of a listing that is being edited: a cover of its own, and the gallery. Publishing hangs them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.catalog.models import LONGEST_ALT, MOST_PICTURES, Listing, ListingPicture
from storefront.catalog.pictures import COVER, Hung
from storefront.kit.db import db
from storefront.kit.errors import NotFound, Refusal
from storefront.media.uploads import Arrival, Unfit, keep_upload
from storefront.selling.drafts import Draft
from storefront.selling.models import DraftPicture


class GalleryFull(Refusal):
    status = 422
    title = "The gallery is full."
    message = f"{MOST_PICTURES} pictures are the most. Take one down first."


def put_cover(draft: Draft, arrival: Arrival, *, by: Person) -> None:
    """Make what arrived the listing's own cover. Drawings stay to choose from. Raises PlanNeeded."""
    keep_upload(arrival, draft.listing.workspace, by=by)
    _write(draft, Hung(arrival.stored.sha256), draft.gallery)


def drop_cover(draft: Draft) -> None:
    """Let go of the listing's own cover; what hangs in the catalog stays until the next publication."""
    _write(draft, None, draft.gallery)


def add_picture(draft: Draft, arrival: Arrival, *, by: Person) -> None:
    """Hang what arrived behind the last picture. Raises GalleryFull, Unfit for one that is there, PlanNeeded."""
    check_room(draft)
    if any(each.sha256 == arrival.stored.sha256 for each in draft.gallery):
        raise Unfit("This picture is in the gallery already.")
    keep_upload(arrival, draft.listing.workspace, by=by)
    _write(draft, draft.cover_picture, [*draft.gallery, Hung(arrival.stored.sha256)])


def check_room(draft: Draft) -> None:
    """Raises GalleryFull."""
    if len(draft.gallery) >= MOST_PICTURES:
        raise GalleryFull


def move_picture(draft: Draft, sha256: str, by_places: int) -> None:
    """One step to the front (-1) or to the back (1); at an end it stays. Raises NotFound."""
    gallery, at = _found(draft, sha256)
    to = min(max(0, at + by_places), len(gallery) - 1)
    gallery.insert(to, gallery.pop(at))
    _write(draft, draft.cover_picture, gallery)


def describe_picture(draft: Draft, sha256: str, alt: str) -> None:
    """Say what a picture shows, for those who can't see it. Raises NotFound."""
    gallery, at = _found(draft, sha256)
    gallery[at] = Hung(sha256, " ".join(alt.replace("\x00", "").split())[:LONGEST_ALT])
    _write(draft, draft.cover_picture, gallery)


def take_down(draft: Draft, sha256: str) -> None:
    """Take a picture out of the gallery; the catalog shows it until the next publication. Raises NotFound."""
    gallery, at = _found(draft, sha256)
    del gallery[at]
    _write(draft, draft.cover_picture, gallery)


def as_it_hangs(draft: Draft) -> None:
    """Make the pictures those of the catalog. An own cover that does not hang there is still kept, to be chosen."""
    listing: Listing = draft.listing
    hung = db.session.scalars(
        sa.select(ListingPicture).where(ListingPicture.listing_id == listing.id).order_by(ListingPicture.place)
    ).all()
    cover = next((each for each in hung if each.place == COVER), draft.cover_picture)
    _write(draft, cover, [each for each in hung if each.place > COVER])


def _found(draft: Draft, sha256: str) -> tuple[list[Hung | DraftPicture], int]:
    gallery: list[Hung | DraftPicture] = list(draft.gallery)
    for at, each in enumerate(gallery):
        if each.sha256 == sha256:
            return gallery, at
    raise NotFound("This picture is not in the gallery any more.")


def _write(
    draft: Draft,
    cover: Hung | DraftPicture | ListingPicture | None,
    gallery: Iterable[Hung | DraftPicture | ListingPicture],
) -> None:
    """Nine rows at most, written anew; the listing is locked."""
    placed: Sequence[tuple[int, str, str]] = [
        *([(COVER, cover.sha256, cover.alt)] if cover else []),
        *((place, each.sha256, each.alt) for place, each in enumerate(gallery, 1)),
    ]
    for each in draft.pictures:
        db.session.expunge(each)
    db.session.execute(sa.delete(DraftPicture).where(DraftPicture.listing_id == draft.listing.id))
    draft.pictures = [
        DraftPicture(listing_id=draft.listing.id, place=place, sha256=sha256, alt=alt) for place, sha256, alt in placed
    ]
    db.session.add_all(draft.pictures)
    db.session.flush()
