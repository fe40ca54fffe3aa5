"""Where a cloned work came from, as the slice that made the clone tells it."""

from __future__ import annotations

from dataclasses import dataclass

from storefront.kit.errors import Forbidden
from storefront.kit.slices import ask
from storefront.works.models import Work


class CopyFrozen(Forbidden):
    title = "This copy is frozen."


@dataclass(frozen=True)
class Origin:
    """The version a work was cloned from, who made it, who holds the license, and where they are shown it.

    ``license`` is its number and ``listing`` the slug of what it is for, as files name them.

    ``license_url`` is empty for everybody but the holder.

    ``frozen`` is the sentence that says why it may only be read, empty while it may be used.
    """

    version: int
    maker: str
    holder_id: int
    license_url: str
    license: str
    listing: str
    frozen: str = ""

    def refuse_if_frozen(self) -> None:
        """Raises CopyFrozen for a copy that may be read but not taken out."""
        if self.frozen:
            raise CopyFrozen(self.frozen, action=("See the license", self.license_url) if self.license_url else None)


def unlistable(work: Work) -> str | None:
    """Why a work that came from somebody else may not be put into the catalog; None for one's own."""
    if work.origin_version_id is None and not work.brought_from:
        return None
    answers: list[str | None] = ask("works.unlistable", work)
    return next((answer for answer in answers if answer), None)


def origin_of(work: Work) -> Origin | None:
    """The origin of a clone; None for a work that was begun here."""
    answers: list[Origin | None] = ask("works.origin", work)
    return next((answer for answer in answers if answer), None)
