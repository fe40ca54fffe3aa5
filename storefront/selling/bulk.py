"""One deed done to several listings, each in a savepoint of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from storefront.accounts.models import Person
from storefront.catalog import services as catalog
from storefront.catalog.models import Listing
from storefront.kit.db import db
from storefront.kit.errors import Refusal
from storefront.selling import services
from storefront.selling.queries import draft_of, listing_for

MOST = 100  # at once; a page of the table has fewer
MOST_NAMED = 4  # of those that were refused


def _publish(listing: Listing, *, by: Person) -> None:
    services.publish(draft_of(listing), by=by)


DEEDS: dict[str, tuple[Callable[..., None], str]] = {
    "publish": (_publish, "published"),
    "unpublish": (catalog.unpublish, "out of the catalog"),
    "retire": (catalog.retire, "retired"),
}


@dataclass
class Outcome:
    """How it went: how many were done, and for each other one its title and why not."""

    word: str
    done: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def done_words(self) -> str:
        return f"{self.done} {'listing is' if self.done == 1 else 'listings are'} {self.word}."

    @property
    def refused_words(self) -> str:
        named = " ".join(f"“{title}”: {why}" for title, why in self.refused[:MOST_NAMED])
        more = len(self.refused) - MOST_NAMED
        return f"Not {self.word}: {named}" + (f" And {more} more." if more > 0 else "")


def do_to_all(deed: str, listing_ids: Sequence[int], *, by: Person) -> Outcome:
    """Try it on each, in the order of their ids so that two at once wait for each other.

    Raises NotFound for an id that isn't theirs, OnlySeeing where they are a viewer.
    """
    verb, word = DEEDS[deed]
    outcome = Outcome(word)
    for listing_id in sorted(set(listing_ids))[:MOST]:
        listing = listing_for(by, listing_id, to="edit")
        title = listing.title
        try:
            with db.session.begin_nested():
                verb(listing, by=by)
        except Refusal as refusal:
            outcome.refused.append((title, refusal.message))
        else:
            outcome.done += 1
    return outcome
