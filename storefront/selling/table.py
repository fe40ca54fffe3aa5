"""The table of a person's listings, across the workspaces they are in: filtered, sorted, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from storefront.accounts.models import Membership, Person, Workspace
from storefront.analytics.models import ListingTotal
from storefront.analytics.queries import workspaces_seen
from storefront.catalog.models import STATES, Listing
from storefront.kit.db import db
from storefront.kit.paging import decode, encode, keyset
from storefront.licenses.models import License
from storefront.selling.models import ListingDraft
from storefront.works.models import Version

PAGE = 50
MOST_COUNTED = 100
SORTS = {
    "newest": "Newest first", "views": "Most views", "gets": "Most gets", "price": "Highest price", "title": "By title",
}  # fmt: skip
VIEWS = sa.func.coalesce(ListingTotal.views, 0).label("views")
KEYS: dict[str, Any] = {
    "newest": Listing.id, "views": VIEWS, "gets": Listing.gets, "price": Listing.price, "title": Listing.title,
}  # fmt: skip
EARNED = ("completed", "disputed")  # what was refunded or revoked earned nothing


@dataclass(frozen=True)
class View:
    """Which listings are looked at. ``workspace`` is a handle; empty is all of them."""

    state: str = ""
    sort: str = "newest"
    workspace: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> View:
        """From an address; what it doesn't know is left out."""
        state, sort = asked.get("state", ""), asked.get("sort", "newest")
        return cls(
            state if state in STATES else "", sort if sort in SORTS else "newest", asked.get("workspace", "")[:64]
        )

    def values(self, **changed: str) -> dict[str, str]:
        """The parts of its address that say something, with some of them changed."""
        parts = {"state": self.state, "sort": self.sort, "workspace": self.workspace, **changed}
        return {name: value for name, value in parts.items() if value and (name, value) != ("sort", "newest")}


@dataclass(frozen=True)
class Row:
    """One listing as the table shows it. ``earned`` is the creator's share of its sales so far, in minor units."""

    listing: Any
    earned: int

    @property
    def views(self) -> int | None:
        """All so far; None where the workspace's plan has no analytics."""
        return int(self.listing.views) if self.listing.has_views else None

    @property
    def may_edit(self) -> bool:
        return bool(self.listing.role != "viewer")

    @property
    def title(self) -> str:
        """A draft's title as it was typed last."""
        listing = self.listing
        typed = (listing.typed or {}).get("title", [""])[0].strip() if listing.typed else ""
        shown = typed if typed and listing.state == "draft" else listing.title
        return shown or "Without a title"

    @property
    def is_behind(self) -> bool:
        """Whether its work has a version that the catalog does not give yet."""
        return bool(self.listing.number and self.listing.latest and self.listing.latest > self.listing.number)


@dataclass(frozen=True)
class Table:
    view: View
    rows: Sequence[Row]
    next: str | None
    counts: Mapping[str, int]
    workspaces: Sequence[Any]

    @property
    def has_views(self) -> bool:
        return any(row.views is not None for row in self.rows)

    @property
    def is_empty(self) -> bool:
        """Whether there is no listing at all, whatever is filtered."""
        return not any(self.counts.values())

    def count_words(self, state: str = "") -> str:
        """``3``, or ``100+``."""
        count = self.counts.get(state, 0) if state else sum(self.counts.values())
        return f"{count}+" if MOST_COUNTED in (count, self.counts.get(state)) else str(count)


def table_for(person: Person, view: View, after: str = "") -> Table:
    """A page of the listings that ``person`` may see. Four statements. Raises BadRequest for a strange cursor."""
    rows, next = _page(person, view, after)
    return Table(view, rows, next, counts_of(person, view), workspaces_with_listings(person))


def all_rows(person: Person, view: View) -> Iterator[Row]:
    """The whole table, read page by page as it is gone through."""
    after: str | None = ""
    while after is not None:
        rows, after = _page(person, view, after)
        yield from rows


def _page(person: Person, view: View, after: str) -> tuple[list[Row], str | None]:
    """The rows after a cursor, and the cursor of those that follow them."""
    key, is_text = KEYS[view.sort], view.sort == "title"
    place = tuple(decode(after, str if is_text else int, int)) if after else None
    wanted = _theirs(sa.select(*dict.fromkeys((Listing.id, key))), person, view)
    page = keyset(wanted, key, Listing.id, descending=not is_text, limit=PAGE + 1, after=place)  # type: ignore[arg-type]
    ids = [row.id for row in db.session.execute(page)]
    rows = _rows(person, ids[:PAGE])
    last = rows[-1].listing if rows and len(ids) > PAGE else None
    return rows, encode(getattr(last, key.key), last.id) if last is not None else None


def _theirs(query: sa.Select[Any], person: Person, view: View) -> sa.Select[Any]:
    theirs = query.join(Membership, Membership.workspace_id == Listing.workspace_id)
    theirs = theirs.where(Membership.person_id == person.id)
    if view.sort == "views":
        theirs = theirs.outerjoin(ListingTotal, _has_total(person))
    if view.state:
        theirs = theirs.where(Listing.state == view.state)
    if view.workspace:
        named = sa.select(Workspace.id).where(Workspace.handle == view.workspace).scalar_subquery()
        theirs = theirs.where(Listing.workspace_id == named)
    return theirs


def _has_total(person: Person) -> sa.ColumnElement[bool]:
    """Joins a listing's views, where the person may see them."""
    return sa.and_(ListingTotal.listing_id == Listing.id, Listing.workspace_id.in_(workspaces_seen(person)))


def _rows(person: Person, ids: Sequence[int]) -> list[Row]:
    any_version, other = aliased(Version), aliased(ListingDraft)
    latest = sa.select(sa.func.max(any_version.number)).where(any_version.work_id == Listing.work_id).scalar_subquery()
    is_pending = sa.exists().where(other.listing_id == Listing.id, other.is_pending)
    query = (
        sa.select(
            Listing.id, Listing.slug, Listing.title, Listing.state, Listing.price, Listing.currency, Listing.cover,
            Listing.cover_picture,
            Listing.gets, Listing.sales, Listing.published_at, Listing.suspended_reason, Workspace.name, Version.number,
            latest.label("latest"), is_pending.label("is_pending"), ListingDraft.typed, Membership.role, VIEWS,
            Listing.workspace_id.in_(workspaces_seen(person)).label("has_views"),
        )
        .join(Workspace, Workspace.id == Listing.workspace_id)
        .join(Membership, Membership.workspace_id == Listing.workspace_id)
        .outerjoin(ListingTotal, _has_total(person))
        .outerjoin(Version, Version.id == Listing.version_id)
        .outerjoin(ListingDraft, sa.and_(ListingDraft.listing_id == Listing.id, ListingDraft.step == "words"))
        .where(Listing.id.in_(ids), Membership.person_id == person.id)
    )  # fmt: skip
    found: dict[int, Any] = {row.id: row for row in db.session.execute(query)} if ids else {}
    earned = _earned(ids)
    return [Row(found[id], earned.get(id, 0)) for id in ids]


def _earned(ids: Sequence[int]) -> dict[int, int]:
    """The shares that sales left to the creator, as they are written on the licenses."""
    if not ids:
        return {}
    query = sa.select(License.listing_id, sa.func.sum(License.share))
    query = query.where(License.listing_id.in_(ids), License.status.in_(EARNED)).group_by(License.listing_id)
    return {row[0]: int(row[1]) for row in db.session.execute(query)}


def counts_of(person: Person, view: View) -> dict[str, int]:
    """How many listings there are in each state, a hundred at most; the workspace counts, the state does not."""
    everywhere = View(workspace=view.workspace)
    parts = [
        sa.select(
            sa.literal(state),
            sa.select(sa.func.count())
            .select_from(
                _theirs(sa.select(Listing.id), person, everywhere)
                .where(Listing.state == state)
                .limit(MOST_COUNTED)
                .subquery()
            )
            .scalar_subquery(),
        )
        for state in STATES
    ]
    return {row[0]: row[1] for row in db.session.execute(sa.union_all(*parts))}


def workspaces_with_listings(person: Person) -> Sequence[Any]:
    """``(handle, name)`` of the workspaces to choose from; one alone needs no choice."""
    query = (
        sa.select(Workspace.handle, Workspace.name)
        .join(Membership, Membership.workspace_id == Workspace.id)
        .where(Membership.person_id == person.id)
        .where(sa.exists().where(Listing.workspace_id == Workspace.id))
        .order_by(Workspace.kind, sa.func.lower(Workspace.name))
    )
    return db.session.execute(query).all()
