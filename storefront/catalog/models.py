"""Listings, and the facets that make finding them cheap."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import Workspace
from storefront.accounts.plans import PLATFORM_MONETIZE, may
from storefront.catalog import fulltext
from storefront.kit.db import Model, one_of
from storefront.kit.page_stamps import shown_to_strangers
from storefront.kit.triggers import attach
from storefront.works.models import Version, Work

STATES = ("draft", "published", "suspended", "retired")
PRICINGS = ("free", "paid")
TERMS = ("personal", "commercial", "team")
CLONE_MODES = ("indefinite", "version_only")
MODELS = ("Claude", "GPT", "Gemini", "Llama", "Mistral", "Local models")
SORT_KEYS = ("trending_even", "trending_odd", "newest", "price")
LONGEST_TITLE, LONGEST_TAGLINE, LONGEST_TAG = 80, 140, 24
MOST_TAGS, MOST_BULLETS = 5, 3
MOST_PICTURES, LONGEST_ALT = 8, 300


class Listing(Model):
    """A version of a work put up for sale or for free, with its shop window.

    ``price`` is in minor units of ``currency``, 0 for a free one. ``newest`` is the moment of publication in
    microseconds; the two trending columns take turns, so that who pages keeps the order they began with.
    ``cover`` is the drawn one; ``cover_picture``, if there is one, is the hash of an uploaded one that hangs in its
    stead, as a card reads it. What keeps its file is its row among the listing's pictures.
    """

    __tablename__ = "listings"
    __table_args__ = (
        one_of("state", STATES),
        one_of("pricing", PRICINGS),
        one_of("terms", TERMS),
        one_of("clone_mode", CLONE_MODES),
        sa.CheckConstraint("(pricing = 'free') = (price = 0) AND price >= 0", name="price_fits"),
        sa.CheckConstraint("state <> 'published' OR version_id IS NOT NULL", name="published_has_version"),
        sa.CheckConstraint("state <> 'suspended' OR suspended_reason <> ''", name="suspended_has_reason"),
        sa.Index("ix_listings_workspace", "workspace_id", "id"),
        sa.Index(
            "ix_listings_featured", "featured_at",
            postgresql_where=sa.text("featured_at IS NOT NULL"), sqlite_where=sa.text("featured_at IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(100), unique=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    work_id: Mapped[int] = mapped_column(sa.ForeignKey("works.id"))
    version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("versions.id"))
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    suspended_reason: Mapped[str] = mapped_column(sa.Text, default="")
    kind: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str] = mapped_column(sa.String(LONGEST_TITLE))
    tagline: Mapped[str] = mapped_column(sa.String(LONGEST_TAGLINE), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    tags: Mapped[list[str]] = mapped_column(default=list)
    models: Mapped[list[str]] = mapped_column(default=list)
    bullets: Mapped[list[str]] = mapped_column(default=list)
    example_item: Mapped[str] = mapped_column(sa.String(200), default="")
    example_input: Mapped[str] = mapped_column(sa.Text, default="")
    example_output: Mapped[str] = mapped_column(sa.Text, default="")
    pricing: Mapped[str] = mapped_column(sa.String(10), default="free")
    price: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(sa.String(3))
    terms: Mapped[str] = mapped_column(sa.String(10), default="personal")
    clone_mode: Mapped[str] = mapped_column(sa.String(20), default="indefinite")
    all_access: Mapped[bool] = mapped_column(default=False)
    cover: Mapped[str | None] = mapped_column(sa.ForeignKey("covers.sha256"))
    cover_picture: Mapped[str | None] = mapped_column(sa.String(64))
    featured_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    gets: Mapped[int] = mapped_column(default=0)
    sales: Mapped[int] = mapped_column(default=0)
    clones: Mapped[int] = mapped_column(default=0)
    copies: Mapped[int] = mapped_column(default=0)
    reports: Mapped[int] = mapped_column(default=0)
    newest: Mapped[int] = mapped_column(default=0)
    trending_even: Mapped[int] = mapped_column(default=0)
    trending_odd: Mapped[int] = mapped_column(default=0)
    search_text: Mapped[str] = mapped_column(sa.Text, default="")

    workspace: Mapped[Workspace] = relationship(lazy="raise")
    work: Mapped[Work] = relationship(lazy="raise")
    version: Mapped[Version | None] = relationship(lazy="raise")

    @property
    def is_public(self) -> bool:
        """Whether a stranger may see it."""
        return self.state == "published"

    @property
    def is_free(self) -> bool:
        return self.pricing == "free"

    @property
    def is_for_sale(self) -> bool:
        """Whether it can be got now: a paid one only while its workspace's owner, who must be loaded, has the plan."""
        return self.is_free or may(self.workspace.owner, PLATFORM_MONETIZE)


class ListingFacet(Model):
    """One facet of one published listing, with the keys that pages are sorted by."""

    __tablename__ = "listing_facets"
    __table_args__ = tuple(sa.Index(f"ix_listing_facets_{key}", "facet", key, "listing_id") for key in SORT_KEYS)

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    facet: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    trending_even: Mapped[int]
    trending_odd: Mapped[int]
    newest: Mapped[int]
    price: Mapped[int]


class FacetCount(Model):
    """How many published listings have a facet; kept with every change, never counted for a page."""

    __tablename__ = "facet_counts"
    __table_args__ = (sa.CheckConstraint("listings >= 0", name="listings_positive"),)

    facet: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    listings: Mapped[int]


class CatalogState(Model):
    """The one row that says which trending order is current: ``generation``, even or odd.

    While ``ranking_since`` is set the other order is being written anew and can't be paged.
    """

    __tablename__ = "catalog_state"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    generation: Mapped[int]
    ranked_at: Mapped[datetime | None]
    ranking_since: Mapped[datetime | None]


class ListingPicture(Model):
    """A picture that was uploaded for a listing: its cover at place 0, those of its gallery behind."""

    __tablename__ = "listing_pictures"
    __table_args__ = (
        sa.CheckConstraint(f"place BETWEEN 0 AND {MOST_PICTURES}", name="place_allowed"),
        sa.Index("ix_listing_pictures_sha256", "sha256"),
    )

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("media.sha256"))
    alt: Mapped[str] = mapped_column(sa.String(LONGEST_ALT), default="")


class Cover(Model):
    """A drawn cover, frozen at first publication and shared by whoever has the same drawing."""

    __tablename__ = "covers"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    svg: Mapped[str] = mapped_column(sa.Text)


attach(Listing.__table__, fulltext.DDL)
shown_to_strangers(Listing.__table__)
shown_to_strangers(CatalogState.__table__)


def search_vector() -> sa.ColumnElement[Any]:
    """PostgreSQL's generated search column; it isn't mapped, because SQLite has a table of its own for it."""
    return sa.literal_column("listings.search_vector", type_=postgresql.TSVECTOR())
