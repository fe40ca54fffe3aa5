"""``storefront demo --listings``: any number of listings more, as true as those that the shop's own verbs make."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.catalog.browse import browse
from storefront.catalog.facets import facets_of
from storefront.catalog.filters import Filters
from storefront.catalog.frozen_covers import cover_webp
from storefront.catalog.models import LONGEST_TAGLINE, LONGEST_TITLE, FacetCount, Listing, ListingFacet
from storefront.catalog.services import missing, moment, search_text
from storefront.catalog.trending import rank, scores_at
from storefront.demo.commands import demo
from storefront.demo.many import loading
from storefront.demo.many.writing import creator, offer
from storefront.events.models import Event
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.works.models import Item, Version, VersionItem
from tests.browser import Browser
from tests.cast import Cast
from tests.demo.shapes import CONTENT, faults
from tests.worlds import make_offer

SOME = 60


def fill_many(listings: int = SOME, seed: int = 1) -> list[Listing]:
    """Generated listings, and all those in the shop."""
    list(loading.fill_many(listings, seed))
    return all_listings()


def all_listings() -> list[Listing]:
    query = sa.select(Listing).order_by(Listing.id).options(sa.orm.joinedload(Listing.workspace))
    return list(db.session.scalars(query, execution_options={"populate_existing": True}))


def rows(table: str, key: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.session.execute(sa.text(f"SELECT {key} FROM {table} ORDER BY {key}"))]


def test_they_keep_what_the_shops_own_verbs_keep(app: Flask, cast: Cast) -> None:
    make_offer(cast.alice, price=0)
    made = fill_many()
    assert len(made) == SOME + 1

    for each in made:  # the first was made by the verbs
        assert each.state == "published"
        assert each.published_at is not None
        assert each.newest == moment(each.published_at)
        assert each.search_text == search_text(each.tags, each.workspace.name, each.workspace.handle)
        assert each.cover is not None
        assert missing(each, has_version=each.version_id is not None) == []
    facets = {(each.id, facet, each.newest, each.price) for each in made for facet in facets_of(each)}
    stored = db.session.execute(
        sa.select(ListingFacet.listing_id, ListingFacet.facet, ListingFacet.newest, ListingFacet.price)
    )
    assert {tuple(row) for row in stored} == facets
    counts = {row.facet: row.listings for row in db.session.execute(sa.select(FacetCount.facet, FacetCount.listings))}
    assert counts == Counter(facet for _id, facet, *_keys in facets)


def test_each_has_a_version_of_its_work_as_it_stands(app: Flask) -> None:
    made = fill_many()
    for each in made:
        version = db.session.get_one(Version, each.version_id)
        now = [_plain(item) for item in _of(Item, Item.work_id == each.work_id, Item.position)]
        kept = [_plain(item) for item in _of(VersionItem, VersionItem.version_id == version.id, VersionItem.position)]
        assert version.work_id == each.work_id
        assert kept == now
        assert version.item_counts == Counter(kind for _key, _parent, kind, *_rest in kept)
    assert len(_of(VersionItem, sa.true(), VersionItem.position)) == len(_of(Item, sa.true(), Item.position))


def _of(model: Any, where: Any, order: Any) -> list[Any]:
    return list(db.session.scalars(sa.select(model).where(where).order_by(order)))


def _plain(item: Any) -> tuple[Any, ...]:
    return item.key, item.parent_key, item.kind, item.title, json.dumps(item.content, sort_keys=True)


def test_the_same_is_recorded(app: Flask, cast: Cast) -> None:
    by_verbs = make_offer(cast.alice)
    (generated,) = [each for each in fill_many(1) if each.id != by_verbs.id]
    names = ("version.published", "listing.published")
    told = {
        each.id: [
            (event.name, event.workspace_id == each.workspace_id, event.subject_type, sorted(event.data))
            for event in db.session.scalars(
                sa.select(Event)
                .where(Event.name.in_(names), Event.workspace_id == each.workspace_id)
                .order_by(Event.id)
            )
        ]
        for each in (by_verbs, generated)
    }
    assert told[generated.id] == told[by_verbs.id]
    assert [name for name, *_rest in told[generated.id]] == list(names)


def test_a_search_finds_them_by_title_tag_and_creator(app: Flask) -> None:
    shown = fill_many()[SOME // 2]
    for words in (shown.title, shown.tags[0], shown.workspace.name):
        found = browse(Filters(q=words), limit=SOME).rows
        assert shown.id in {row.id for row in found}, words
    assert browse(Filters(tag=(shown.tags[0],)), limit=SOME).total == sum(
        shown.tags[0] in each.tags for each in all_listings()
    )


def test_the_same_seed_gives_the_same_and_another_gives_others(app: Flask) -> None:
    assert [offer(1, number) for number in range(20)] == [offer(1, number) for number in range(20)]
    assert creator(1, 3) == creator(1, 3)
    titles = {seed: [offer(seed, number).window["title"] for number in range(20)] for seed in (1, 2)}
    assert titles[1] != titles[2]
    assert len(set(titles[1])) > 15


def test_asking_again_adds_as_many_more(app: Flask) -> None:
    fill_many(50)
    made = fill_many(50)
    fill_many(10, seed=2)

    assert [each.slug for each in made] == [offer(1, number).window["slug"] for number in range(100)]
    assert len(all_listings()) == 110


def test_an_interrupted_run_leaves_whole_batches_and_the_next_goes_on(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", 10)
    assert list(islice(loading.fill_many(40, 1), 2)) == [10, 20]
    write = loading._write_events

    def pull_the_plug(*arguments: Any) -> None:
        write(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "_write_events", pull_the_plug)
    with pytest.raises(KeyboardInterrupt):
        list(loading.fill_many(20, 1))
    assert len(all_listings()) == 20
    assert len(rows("works", "id")) == 20

    monkeypatch.setattr(loading, "_write_events", write)
    assert len(fill_many(20)) == 40


def test_people_go_on_where_the_generated_ones_end(app: Flask, cast: Cast) -> None:
    """On PostgreSQL ids come from counters, which must know of those given away here."""
    fill_many(5)
    by_verbs = make_offer(cast.alice)
    assert by_verbs.id == max(each.id for each in all_listings())
    fill_many(5)


def test_bob_gets_a_generated_work_and_has_a_copy_of_it(app: Flask, client: Browser, cast: Cast) -> None:
    free = next(each for each in fill_many() if each.is_free)
    answer = client.as_person(cast.bob).post(
        f"/listings/{free.slug}/orders", data={"price": 0, "currency": "USD"}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert free.title in client.get("/library").text
    copied = rows("items", "count(*)")[0][0] - rows("version_items", "count(*)")[0][0]
    assert copied == len(_of(VersionItem, VersionItem.version_id == free.version_id, VersionItem.position))


def test_its_page_shows_what_is_inside_and_its_cover_is_drawn(app: Flask, client: Browser) -> None:
    for each in fill_many(9):
        page = client.get(f"/listings/{each.slug}")
        assert page.status_code == 200
        assert each.example_item in page.text
        assert each.cover is not None
        assert cover_webp(each.cover, 320)[8:12] == b"WEBP"


def test_what_was_got_lately_trends(app: Flask) -> None:
    fill_many(200)
    rank()
    scores = scores_at(clock.now())
    assert len(scores) > 5
    assert {each.id: each.trending_odd for each in all_listings() if each.trending_odd} == scores
    best = browse(Filters(), limit=1).rows[0].id
    assert scores[best] == max(scores.values())


def test_every_text_fits_and_every_item_has_its_shape() -> None:
    for number in range(400):
        one = offer(7, number)
        assert len(one.window["title"]) <= LONGEST_TITLE
        assert len(one.window["tagline"]) <= LONGEST_TAGLINE
        assert len(one.window["slug"]) <= 100
        assert len(creator(loading.MOST_SEED, number * 1000).handle) <= 32
        assert "<" not in json.dumps([one.window, one.items])
        for item in one.items:
            assert faults(item["content"], CONTENT[item["kind"]], item["key"]) == []


def test_the_command_fills_both_and_says_how_far_it_is(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", 5)
    output = app.test_cli_runner().invoke(demo, ["--listings", "12", "--seed", "3"]).output
    assert "10 of 12 generated listings are in." in output
    assert "12 of 12 generated listings are in." in output
    assert sum("-3-" in each.slug for each in all_listings()) >= 12


def test_production_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], env="production"))
    assert app.test_cli_runner().invoke(demo, ["--listings", "5"]).exit_code == 1
    with step():
        assert all_listings() == []
