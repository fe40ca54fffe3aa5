"""What a person's library shows: licenses as rows, with what can be done under each now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from babel.dates import format_date
from sqlalchemy.orm import aliased

from storefront.accounts.models import Membership, Person, Workspace
from storefront.catalog.models import Listing
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.paging import Page, decode, encode
from storefront.library.models import Clone, Update
from storefront.licenses.models import LIVE, License
from storefront.licenses.terms import TERMS
from storefront.works.models import Version, Work

PAGE = 24
reached = aliased(Version)


@dataclass(frozen=True)
class Holding:
    """A license with what is needed to show it. ``clone_version`` and ``studio_id`` are of its newest clone,
    ``updated_to`` is the number of the version whose changes were all answered in it.

    ``latest`` is the number of the newest version of the work, ``price`` what the listing asks now, both of
    which may differ from what the license was granted for. Amounts in minor units of ``currency``.
    """

    id: int
    public_id: str
    number: str
    status: str
    terms: str
    clone_mode: str
    amount: int
    currency: str
    granted_at: datetime
    refundable_until: datetime | None
    version: int
    latest: int
    slug: str
    title: str
    kind: str
    cover: str | None
    cover_picture: str | None
    listing_state: str
    price: int
    listing_currency: str
    maker: str
    handle: str
    studio_id: str | None
    clone_version: int | None
    updated_to: int | None

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_usable(self) -> bool:
        """Whether new copies may be made under it now."""
        return self.is_live and self.status != "disputed"

    @property
    def is_offered(self) -> bool:
        """Whether its listing can be seen, and got, by anybody."""
        return self.listing_state == "published"

    @property
    def license_words(self) -> str:
        """``Commercial license``, or ``Free`` for one that cost nothing."""
        return f"{TERMS[self.terms].name} license" if self.amount else "Free"

    @property
    def to_clone(self) -> int:
        """The number of the version that **Clone again** copies."""
        return self.latest if self.clone_mode == "indefinite" else self.version

    @property
    def refund_day(self) -> str:
        """``28 November``: the last day to ask for the money back, which is never far off."""
        return format_date(self.refundable_until, "d MMMM", locale="en_US") if self.refundable_until else ""

    @cached_property
    def state(self) -> str:
        """The one thing worth a badge: the first that holds of what ended it, changed it or limits it."""
        facts = {
            self.status: not self.is_usable,
            "update": self.clone_version is not None and self.to_clone > max(self.clone_version, self.updated_to or 0),
            "refundable": self.status == "completed"
            and self.refundable_until is not None
            and clock.now() < self.refundable_until,
            "retired": not self.is_offered,
            "pinned": self.clone_mode == "version_only",
        }
        return next((name for name, holds in facts.items() if holds), "")


def holdings_of(person: Person, after: str | None = None) -> Page[Holding]:
    """A page of a person's licenses, the latest first. Raises BadRequest for a cursor that isn't ours."""
    query = _holdings(person).order_by(License.id.desc()).limit(PAGE + 1)
    if after:
        query = query.where(License.id < decode(after, int)[0])
    rows = [Holding(**row) for row in db.session.execute(query).mappings()]
    shown = rows[:PAGE]
    return Page(shown, encode(shown[-1].id) if len(rows) > PAGE else None)


def holding_of(person: Person, public_id: str) -> Holding:
    """One license of theirs. Raises NotFound for anybody else's."""
    row = db.session.execute(_holdings(person).where(License.public_id == public_id)).mappings().one_or_none()
    if row is None:
        raise NotFound
    return Holding(**row)


def _holdings(person: Person) -> sa.Select[*tuple[Any, ...]]:
    """Licenses with listing, maker, versions and the newest clone in their reach: one statement, plain rows."""
    every, cloned, mine = aliased(Version), aliased(Version), aliased(Work)
    newest = (
        sa.select(sa.func.max(Clone.work_id))
        .join(mine, mine.id == Clone.work_id)
        .join(Membership, sa.and_(Membership.workspace_id == mine.workspace_id, Membership.person_id == person.id))
        .where(Clone.license_id == License.id)
        .correlate(License)
        .scalar_subquery()
    )
    latest = sa.select(sa.func.max(every.number)).where(every.work_id == Listing.work_id).scalar_subquery()
    return (
        sa.select(
            License.id, License.public_id, License.number, License.status, License.terms, License.clone_mode,
            License.amount, License.currency, License.granted_at, License.refundable_until,
            Version.number.label("version"), latest.label("latest"),
            Listing.slug, Listing.title, Listing.kind, Listing.cover, Listing.cover_picture,
            Listing.state.label("listing_state"),
            Listing.price, Listing.currency.label("listing_currency"),
            Workspace.name.label("maker"), Workspace.handle,
            Work.public_id.label("studio_id"), cloned.number.label("clone_version"), _updated_to().label("updated_to"),
        )
        .join(Listing, Listing.id == License.listing_id)
        .join(Workspace, Workspace.id == Listing.workspace_id)
        .join(Version, Version.id == License.version_id)
        .outerjoin(Work, Work.id == newest)
        .outerjoin(cloned, cloned.id == Work.origin_version_id)
        .where(License.person_id == person.id)
    )  # fmt: skip


def _updated_to() -> sa.ScalarSelect[int | None]:
    """The newest version of which nothing is left to answer in the clone at hand."""
    numbers = sa.select(sa.func.max(reached.number)).join(Update, Update.version_id == reached.id)
    complete = numbers.where(Update.work_id == Work.id, Update.is_complete, Update.undone_at.is_(None))
    return complete.correlate(Work).scalar_subquery()
