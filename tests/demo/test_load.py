"""``storefront demo`` fills an empty shop, once."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from storefront.accounts.models import Person, Workspace
from storefront.analytics.models import ListingDay, ListingTotal
from storefront.catalog.models import CatalogState, Listing, ListingFacet
from storefront.catalog.standing import trending_key
from storefront.catalog.trending import rank, scores_at
from storefront.cli import group
from storefront.demo import content
from storefront.demo.commands import demo
from storefront.demo.load import PASSWORD, fill
from storefront.events.models import Event
from storefront.kit import clock
from storefront.kit.db import Model, db, outside
from storefront.kit.storage import current_storage
from storefront.media.models import Media
from storefront.works.files import preview
from storefront.works.models import Item, Version, VersionItem, Work

SOME = {"commit-clerk", "cookbook-spine", "incident-room", "quiet-novel-kit", "starter-prompts"}


@pytest.fixture
def excerpt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo with some of its works only, for tests to which the others make no difference."""
    some = [work for work in content.works() if work["slug"] in SOME]
    monkeypatch.setattr(content, "works", lambda: iter(some))


def stored_bytes(content: dict[str, Any]) -> bytes:
    key = db.session.get_one(Media, content["sha256"]).key
    with outside():
        return current_storage().get(key)


def rows(model: type[Model]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def listing(slug: str) -> Listing:
    return db.session.scalars(sa.select(Listing).where(Listing.slug == slug)).one()


def texts(version_id: int) -> dict[str, str]:
    query = sa.select(VersionItem).where(VersionItem.version_id == version_id)
    return {item.key: item.content.get("text", "") for item in db.session.scalars(query)}


def test_every_work_hangs_in_the_catalog(app: Flask) -> None:
    assert fill() == len(list(content.works()))

    shown = db.session.scalars(sa.select(Listing)).all()
    assert {each.state for each in shown} == {"published"}
    assert all(each.cover and each.gets for each in shown)
    assert [each.slug for each in shown if each.featured_at] == ["quiet-novel-kit"]
    pack = listing("field-notes-prompts")
    assert (pack.kind, pack.price, pack.currency, pack.clone_mode) == ("pack", 1200, "USD", "version_only")
    facets = set(db.session.scalars(sa.select(ListingFacet.facet).where(ListingFacet.listing_id == pack.id)))
    assert {"all", "kind:pack", "price:paid"} < facets


def test_every_work_was_looked_at_up_to_today(app: Flask, excerpt: None) -> None:
    fill()
    totals = {row.listing_id: row.views for row in db.session.scalars(sa.select(ListingTotal))}
    days = sa.select(ListingDay.listing_id, sa.func.sum(ListingDay.views), sa.func.max(ListingDay.day))
    today = clock.now().date()
    for listing_id, views, latest in db.session.execute(days.group_by(ListingDay.listing_id)):
        assert totals[listing_id] == views > db.session.get_one(Listing, listing_id).gets
        assert today - latest <= timedelta(days=3)
    assert len(totals) == len(SOME)


def test_filling_twice_changes_nothing(app: Flask, excerpt: None) -> None:
    fill()
    tables = (Person, Workspace, Work, Item, Version, VersionItem, Listing, Event, ListingDay, ListingTotal)
    before = [rows(table) for table in tables]

    assert fill() == 0
    assert [rows(table) for table in tables] == before


def test_a_work_that_is_missing_is_made_beside_the_others(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    all_works = list(content.works())
    monkeypatch.setattr(content, "works", lambda: iter(all_works[:2]))
    assert fill() == 2
    monkeypatch.setattr(content, "works", lambda: iter(all_works[:3]))
    assert fill() == 1


def test_everybody_can_sign_in_at_once(app: Flask, excerpt: None) -> None:
    fill()
    for row in content.people():
        found = db.session.scalars(sa.select(Person).where(Person.email == row["email"])).one()
        assert found.is_verified
        assert found.verify_and_update_password(PASSWORD)
        assert (found.plan, found.is_operator) == (row["plan"], row["operator"])


def test_versions_have_their_days_and_what_they_held_then(app: Flask, excerpt: None) -> None:
    fill()
    work_id = listing("starter-prompts").work_id
    first, second = db.session.scalars(
        sa.select(Version).where(Version.work_id == work_id).order_by(Version.number)
    ).all()

    assert [(clock.now() - each.published_at).days for each in (first, second)] == [155, 48]
    then, now = texts(first.id), texts(second.id)
    assert "share-a-chore" not in then
    assert "share-a-chore" in now
    assert then["plain-letter"] != now["plain-letter"]
    assert "what it does not say" in now["plain-letter"]
    assert first.item_counts["prompt"] + 1 == second.item_counts["prompt"]


def test_the_work_itself_is_as_its_latest_version(app: Flask, excerpt: None) -> None:
    fill()
    shown = listing("quiet-novel-kit")
    assert shown.version_id is not None
    items = db.session.scalars(sa.select(Item).where(Item.work_id == shown.work_id))
    assert {item.key: item.content.get("text", "") for item in items} == texts(shown.version_id)


def test_publication_lies_in_the_past(app: Flask, excerpt: None) -> None:
    fill()
    shown = listing("commit-clerk")
    assert shown.published_at is not None
    assert timedelta(days=29) <= clock.now() - shown.published_at < timedelta(days=30)
    assert shown.newest == int(shown.published_at.timestamp()) * 1_000_000 + shown.published_at.microsecond


def test_what_was_got_lately_trends(app: Flask) -> None:
    fill()
    rank()
    assert scores_at(clock.now()).keys() == set(db.session.scalars(sa.select(Listing.id)))
    current = db.session.scalars(sa.select(CatalogState.generation)).one()
    key = trending_key(current)
    first = db.session.scalars(sa.select(Listing.slug).order_by(getattr(Listing, key.key).desc())).first()
    assert first == "commit-clerk"


def test_files_are_kept_and_found_by_their_hash(app: Flask, excerpt: None) -> None:
    fill()
    found = db.session.scalars(sa.select(Item).where(Item.kind == "file", Item.title == "Timeline sheet")).one()
    assert found.content.keys() == {"name", "content_type", "size", "sha256"}
    data = stored_bytes(found.content)
    assert data.startswith(b"time,zone,actor")
    assert len(data) == found.content["size"]


def test_a_drawing_is_kept_as_a_picture(app: Flask, excerpt: None) -> None:
    fill()
    found = db.session.scalars(sa.select(Item).where(Item.kind == "file", Item.title.like("Page grid%"))).one()
    data = stored_bytes(found.content)
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 780))
        assert len(set(picture.convert("RGB").tobytes())) > 20  # not a blank sheet
    assert preview(found.content).form == "picture"


def test_a_revised_item_is_as_it_was_until_it_was_revised() -> None:
    item = {"content": {"text": "now"}, "before": {"1": {"text": "first"}, "3": {"text": "third"}}}
    found = [content.content_of(item, version)["text"] for version in (1, 2, 3, 4)]
    assert found == ["first", "third", "third", "now"]


def test_the_command_says_what_it_did(app: Flask, excerpt: None) -> None:
    first, second = (app.test_cli_runner().invoke(demo) for _ in range(2))

    assert first.output.startswith(f"The demo is in: {len(list(content.works()))} works.")
    assert second.output.startswith("The demo is in already.")
    assert group.commands["demo"] is demo


def test_production_has_no_accounts_with_a_known_password(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], env="production"))
    refused = app.test_cli_runner().invoke(demo)

    assert refused.exit_code == 1
    assert "production does without it" in refused.output
    assert rows(Person) == 0
