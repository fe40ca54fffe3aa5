"""What was typed in the editor, and the links that show a draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import Person
from storefront.catalog.models import LONGEST_ALT, MOST_PICTURES
from storefront.kit.db import Model, one_of
from storefront.media.models import Media

STEPS = ("work", "words", "price", "window")


class ListingDraft(Model):
    """One step of the editor as it was last typed: every field's texts by its name, right or wrong.

    ``revision`` counts the saves, so that one that began from an older text is noticed. The listing itself is what
    counts once ``is_pending`` is false.
    """

    __tablename__ = "listing_drafts"
    __table_args__ = (one_of("step", STEPS), sa.CheckConstraint("revision > 0", name="revision_positive"))

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    revision: Mapped[int]
    is_pending: Mapped[bool] = mapped_column(default=True)
    typed: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))

    saved_by: Mapped[Person] = relationship(lazy="raise")


class DraftPicture(Model):
    """A picture for a listing that is being edited: a cover of its own at place 0, those of the gallery behind."""

    __tablename__ = "draft_pictures"
    __table_args__ = (
        sa.CheckConstraint(f"place BETWEEN 0 AND {MOST_PICTURES}", name="place_allowed"),
        sa.Index("ix_draft_pictures_sha256", "sha256"),
    )

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("media.sha256"))
    alt: Mapped[str] = mapped_column(sa.String(LONGEST_ALT), default="")

    media: Mapped[Media] = relationship(lazy="raise")


class ShareLink(Model):
    """The one address under which a listing's draft is shown to whoever has it."""

    __tablename__ = "share_links"

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(40), unique=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
