"""Filling a shop with the demo, once: what is there already is left as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import resvg_py
import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.accounts.queries import find_person, personal_workspace
from storefront.accounts.services import join
from storefront.analytics.counting import Sight
from storefront.analytics.services import write
from storefront.catalog.models import Listing
from storefront.catalog.services import make_listing, publish
from storefront.demo import content
from storefront.demo.content import Row
from storefront.events.models import Event
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.media.services import keep, store
from storefront.works.models import Work
from storefront.works.services import make_work, publish_version, replace_items

PASSWORD = "storefront-demo"
FEATURED = "quiet-novel-kit"
JOINED = timedelta(days=400)  # ago: before anything was published
LOOKED = 364  # days of views: all that a desk shows
WEEK = (9, 11, 12, 12, 10, 7, 6)  # how busy each day is, Monday first
RECENT = 30  # days of gets that are written as events: what trending looks at


def fill() -> int:
    """Make the demo's people and works that are not there yet. Returns how many works were made.

    Their files are stored first; all else is one step. Asking twice makes nothing twice.
    """
    there = set(db.session.scalars(sa.select(Listing.slug)))
    fresh = [_with_files_stored(work) for work in content.works() if work["slug"] not in there]
    with step():
        cast = {person["handle"]: _person(person) for person in content.people()}
        for work in fresh:
            _offer(work, by=cast[work["creator"]])
        write({sight: views for work in fresh for sight, views in _views(work)})
    return len(fresh)


def _with_files_stored(work: Row) -> Row:
    return {**work, "items": [_stored(item) if item["kind"] == "file" else item for item in work["items"]]}


def _stored(item: Row) -> Row:
    before = {number: _stored_file(found) for number, found in item.get("before", {}).items()}
    return {**item, "content": _stored_file(item["content"]), "before": before}


def _stored_file(found: Row) -> Row:
    data = _picture(found["drawing"]) if "drawing" in found else found["text"].encode()
    return {"name": found["name"], "stored": store(data, found["content_type"])}


def _person(row: Row) -> Person:
    known = find_person(row["email"])
    if known is not None:
        return known
    since = clock.now() - JOINED
    person = join(
        row["email"], PASSWORD, name=row["name"], handle=row["handle"],
        confirmed_at=since, plan=row["plan"], granted_plan=row["plan"], is_operator=row["operator"],
    )  # fmt: skip
    workspace = personal_workspace(person)
    workspace.role_line, workspace.about = row.get("role", ""), row.get("about", "")
    person.joined_at = workspace.created_at = since
    return person


def _offer(row: Row, *, by: Person) -> None:
    work = _work(row, by)
    at = _ago(row["published_days_ago"])
    listing = make_listing(
        work,
        currency="USD",
        pricing="paid" if row["price"] else "free",
        sales=row["gets"] if row["price"] else 0,
        featured_at=clock.now() if row["slug"] == FEATURED else None,
        **_window(row),
    )
    listing.created_at = at
    publish(listing, by=by, at=at)
    listing.updated_at = _ago(min(row["published_days_ago"], row["versions"][-1]["days_ago"]))
    _record_gets(listing, row)


def _record_gets(listing: Listing, row: Row) -> None:
    """The gets of the last days, evenly spread, as a shop that has been open for a while would have them.

    They are figures of nobody in particular, so each is about the listing, not about a license.
    """
    days = min(RECENT, row["published_days_ago"])
    gets = row["gets"] * days // row["published_days_ago"]
    got = {
        "name": "license.granted", "actor_id": None, "workspace_id": listing.workspace_id,
        "subject_type": Listing.__tablename__, "subject_id": listing.id, "data": {"listing": listing.id},
    }  # fmt: skip
    apart = timedelta(days=days) / max(gets, 1)
    now = clock.now()
    db.session.execute(sa.insert(Event), [{**got, "at": now - apart * back} for back in range(gets, 0, -1)])


def _views(row: Row) -> Iterator[tuple[Sight, int]]:
    """Some forty looks for each get, more at first and on weekdays, and never quite the same on two days."""
    age = row["published_days_ago"]
    daily = 40 * row["gets"] / age
    for back in range(min(LOOKED, age), -1, -1):
        day = _ago(back).date()
        news = 1 + 2 * 0.9 ** (age - back)
        mood = 70 + (day.toordinal() * 7919 + len(row["title"]) * 104_729) % 61
        if views := int(daily * news * WEEK[day.weekday()] / 10 * mood / 100):
            yield Sight(row["slug"], day), views


def _window(row: Row) -> dict[str, Any]:
    """The shop window's fields, by their columns' names."""
    same = (
        "slug", "title", "tagline", "description", "tags", "models", "bullets", "price", "terms",
        "clone_mode", "all_access", "gets",
    )  # fmt: skip
    example = row["example"]
    titles = {item["key"]: item["title"] for item in row["items"]}
    return {
        **{name: row[name] for name in same},
        "example_item": titles[example["item"]],
        "example_input": example["input"],
        "example_output": example["output"],
    }


def _work(row: Row, by: Person) -> Work:
    """The work with all its versions, each published on its day."""
    work = make_work(personal_workspace(by), row["kind"], row["title"])
    work.created_at = _ago(row["versions"][0]["days_ago"])
    for version in row["versions"]:
        items = content.items_of(row, version["number"])
        replace_items(work, [{**item, "content": _kept(item)} for item in items])
        publish_version(work, version["changelog"], by=by, at=_ago(version["days_ago"]))
    return work


def _kept(item: Row) -> dict[str, Any]:
    """An item's content; of a file, its name, content type, size in bytes and hash."""
    found: dict[str, Any] = item["content"]
    if item["kind"] != "file":
        return found
    media = keep(found["stored"])
    return {
        "name": found["name"], "content_type": found["stored"].content_type, "size": media.size, "sha256": media.sha256,
    }  # fmt: skip


def _picture(drawing: str) -> bytes:
    """A drawing in SVG as a PNG: the studio shows no SVG, which may hold scripts."""
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing, skip_system_fonts=True))


def _ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)
