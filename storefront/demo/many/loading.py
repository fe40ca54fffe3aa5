"""Writing generated listings: whole batches, each a transaction, in as few statements as there are tables.

They are written as rows, because a hundred thousand of them through the shop's verbs would take an hour. What the verbs
keep true is kept here: a version with its items, facets and their counts, full text (by the tables' own triggers), a
frozen cover, and the events. Nobody reacts to these events, so nothing else has to follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Membership, Person, Workspace
from storefront.catalog.covers import Subject
from storefront.catalog.facets import count_facets, facet_rows, facets_of
from storefront.catalog.frozen_covers import keep_cover
from storefront.catalog.models import Listing, ListingFacet
from storefront.catalog.services import moment, search_text
from storefront.demo.many.writing import PER_CREATOR, Creator, Offer, creator, offer
from storefront.events.models import Event
from storefront.kit import clock
from storefront.kit.db import Model, db, dialect, step
from storefront.kit.ids import token
from storefront.works.contents import COPIED
from storefront.works.models import Item, Version, VersionItem, Work

BATCH = 1000  # listings in one transaction; bounds memory, and what an interruption loses
MOST_SEED = 999_999
JOINED = timedelta(days=800)  # ago: before anything was published

Row = dict[str, Any]


def fill_many(listings: int, seed: int) -> Iterator[int]:
    """Write that many listings after those that ``seed`` has given already, telling after each batch how many are in.

    Each batch is a transaction of its own, so an interrupted run leaves whole ones, and the next goes on after them.
    """
    drawn_covers: dict[str, str] = {}
    done = 0
    while done < listings:
        with step():
            first = next_number(seed)
            numbers = range(first, first + min(BATCH, listings - done))
            _write(seed, numbers, drawn_covers)
        done += len(numbers)
        yield done


def next_number(seed: int) -> int:
    """The number of the first listing that ``seed`` has not given yet: one more than the last work's."""
    mine = sa.and_(Work.public_id >= _work_id(seed, 0), Work.public_id < f"{_work_id(seed, 0)[:-8]}:")
    last = db.session.scalar(sa.select(sa.func.max(Work.public_id)).where(mine))
    return int(last[-8:]) + 1 if last else 0


def _work_id(seed: int, number: int) -> str:
    """Of one length, so that they sort as their numbers do. The shop's own ids hold no ``o``."""
    return f"wrk_demo{seed:06}{number:08}"


def _write(seed: int, numbers: range, drawn_covers: dict[str, str]) -> None:
    offers = [offer(seed, number) for number in numbers]
    workspaces = _workspaces(seed, numbers, offers)
    for one in offers:
        if one.cover_seed not in drawn_covers:
            subject = Subject(one.cover_seed, one.window["kind"], tags=(one.cover_seed.split()[1],))
            drawn_covers[one.cover_seed] = keep_cover(subject)
    now = clock.now()
    made = [now - timedelta(seconds=one.published_ago) for one in offers]
    owners = [workspaces[creator(seed, one.creator).handle] for one in offers]
    works = _reserve(Work, len(offers))
    versions = _reserve(Version, len(offers))
    _write_works(seed, numbers, offers, works, versions, owners, made)
    listings = _write_listings(offers, works, versions, owners, made, drawn_covers)
    _write_events(offers, listings, owners, now)


def _workspaces(seed: int, numbers: range, offers: Sequence[Offer]) -> dict[str, Workspace]:
    """The workspaces of the offers' creators, by handle; whose turn comes among ``numbers`` joins now."""
    joining = [creator(seed, number // PER_CREATOR) for number in numbers if number % PER_CREATOR == 0]
    _join(joining)
    handles = {creator(seed, one.creator).handle for one in offers}
    found = db.session.scalars(sa.select(Workspace).where(Workspace.handle.in_(handles)))
    return {workspace.handle: workspace for workspace in found}


def _join(creators: Sequence[Creator]) -> None:
    since = clock.now() - JOINED
    people, workspaces = _reserve(Person, len(creators)), _reserve(Workspace, len(creators))
    each = list(zip(creators, people, workspaces, strict=True))
    _insert(Person, (
        {"id": person, "email": f"{one.handle}@creators.example", "name": one.name, "password": None, "plan": "studio",
         "fs_uniquifier": token(32).lower(), "confirmed_at": since, "joined_at": since}
        for one, person, _workspace in each
    ))  # fmt: skip
    _insert(Workspace, (
        {"id": workspace, "kind": "personal", "handle": one.handle, "name": one.name, "role_line": one.role_line,
         "owner_id": person, "created_at": since}
        for one, person, workspace in each
    ))  # fmt: skip
    _insert(Membership, (
        {"workspace_id": workspace, "person_id": person, "role": "owner", "since": since}
        for _one, person, workspace in each
    ))  # fmt: skip
    _insert(Event, (
        _event("person.joined", since, person, workspace, ("people", person)) for _one, person, workspace in each
    ))  # fmt: skip


def _write_works(
    seed: int, numbers: range, offers: Sequence[Offer], works: Sequence[int], versions: Sequence[int],
    owners: Sequence[Workspace], made: Sequence[datetime],
) -> None:  # fmt: skip
    """Works with their items, and the first version of each."""
    each = list(zip(numbers, offers, works, versions, owners, made, strict=True))
    _insert(Work, (
        {"id": work, "public_id": _work_id(seed, number), "workspace_id": owner.id, "kind": one.window["kind"],
         "title": one.window["title"], "created_at": at, "updated_at": at}
        for number, one, work, _version, owner, at in each
    ))  # fmt: skip
    _insert(Item, ({**item, "work_id": work} for _number, one, work, *_rest in each for item in one.items))
    _insert(Version, (
        {"id": version, "work_id": work, "number": 1, "changelog": "First release.", "published_at": at,
         "item_counts": Counter(item["kind"] for item in one.items)}
        for _number, one, work, version, _owner, at in each
    ))  # fmt: skip
    copied = sa.select(Version.id, *(getattr(Item, name) for name in COPIED)).join(
        Item, Item.work_id == Version.work_id
    )
    mine = Version.id.between(min(versions), max(versions)) & Version.work_id.between(min(works), max(works))
    db.session.execute(sa.insert(VersionItem).from_select(["version_id", *COPIED], copied.where(mine)))


def _write_listings(
    offers: Sequence[Offer], works: Sequence[int], versions: Sequence[int], owners: Sequence[Workspace],
    made: Sequence[datetime], covers: dict[str, str],
) -> list[Listing]:  # fmt: skip
    ids = _reserve(Listing, len(offers))
    rows: list[Row] = [
        {"id": id, "workspace_id": owner.id, "work_id": work, "version_id": version, "state": "published",
         "currency": "USD", "cover": covers[one.cover_seed], "created_at": at, "updated_at": at, "published_at": at,
         "newest": moment(at), "trending_even": 0, "trending_odd": 0,
         "search_text": search_text(one.window["tags"], owner.name, owner.handle), **one.window}
        for id, one, work, version, owner, at in zip(ids, offers, works, versions, owners, made, strict=True)
    ]  # fmt: skip
    _insert(Listing, rows)
    listings = [Listing(**row) for row in rows]
    facets = [facet for each in listings for facet in facet_rows(each, facets_of(each))]
    _insert(ListingFacet, facets)
    count_facets(Counter(facet["facet"] for facet in facets))
    return listings


def _write_events(
    offers: Sequence[Offer], listings: Sequence[Listing], owners: Sequence[Workspace], now: datetime
) -> None:
    """What the verbs would have recorded, and the gets of the last days, of nobody in particular."""
    events = []
    for one, listing, owner in zip(offers, listings, owners, strict=True):
        at, version = listing.published_at, listing.version_id
        assert at is not None
        about = ("listings", listing.id)
        events.append(_event("version.published", at, owner.owner_id, owner.id, ("versions", version),
                             work=listing.work_id, number=1))  # fmt: skip
        events.append(_event("listing.published", at, owner.owner_id, owner.id, about, version=version))
        events += [
            _event("license.granted", now - timedelta(seconds=ago), None, owner.id, about, listing=listing.id)
            for ago in one.lately
        ]
    _insert(Event, sorted(events, key=lambda event: event["at"]))


def _event(name: str, at: datetime, actor: int | None, workspace: int, about: tuple[str, Any], **data: Any) -> Row:
    return {"at": at, "name": name, "actor_id": actor, "workspace_id": workspace, "subject_type": about[0],
            "subject_id": about[1], "data": data}  # fmt: skip


def _insert(model: type[Model], rows: Iterable[Row]) -> None:
    listed = list(rows)
    if listed:
        db.session.connection().execute(sa.insert(model.__table__), listed)  # type: ignore[arg-type]


def _reserve(model: type[Model], many: int) -> Sequence[int]:
    """Ids that nobody else will get. SQLite's writer is alone; PostgreSQL's come from the table's own counter."""
    table = model.__tablename__
    if dialect() == "postgresql":
        next_id = sa.func.nextval(f"{table}_id_seq").label("id")
        return list(db.session.scalars(sa.select(next_id).select_from(sa.func.generate_series(1, many).alias("n"))))
    last = db.session.scalar(sa.text(f"SELECT max(id) FROM {table}")) or 0
    return range(last + 1, last + 1 + many)
