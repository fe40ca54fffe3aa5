"""Robots, feed readers and load balancers come by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from storefront.catalog import feeds
from storefront.catalog.services import unpublish
from storefront.kit.db import db, step
from tests.browser import Browser
from tests.cast import Cast
from tests.worlds import make_offer

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_the_feed_has_the_newest_works_of_what_is_asked_for(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, "Letters & Co", tags=["writing"])
    make_offer(cast.alice, "Mail Flow", tags=["mail"])
    make_offer(cast.alice, "Diary", tags=["writing"])
    answer = client.get("/catalog.atom?tag=writing")
    feed = ElementTree.fromstring(answer.data)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert [entry.findtext("a:title", "", ATOM) for entry in feed.findall("a:entry", ATOM)] == ["Diary", "Letters & Co"]
    assert feed.findtext("a:entry/a:id", "", ATOM) == "http://shop.test/listings/diary"
    assert feed.findtext("a:updated", "", ATOM) == feed.findtext("a:entry/a:updated", "", ATOM)


def test_an_empty_feed_is_a_feed(client: Browser) -> None:
    assert ElementTree.fromstring(client.get("/catalog.atom").data).findtext("a:updated", "", ATOM)


def test_the_sitemap_lists_what_is_public(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    gone = make_offer(cast.alice, "Gone")
    with step():
        unpublish(gone, by=cast.alice)
    addresses = locations(client.get("/sitemap.xml").data)
    assert addresses == [f"http://shop.test{path}" for path in ("/", "/catalog", "/listings/field-notes", "/@alice")]


def test_a_large_sitemap_comes_in_parts(client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "IN_SITEMAP", 2)
    for number in range(3):
        make_offer(cast.alice, f"Work {number}")
    parts = locations(client.get("/sitemap.xml").data)
    assert parts == ["http://shop.test/sitemaps/1.xml", "http://shop.test/sitemaps/2.xml"]
    found = [address for part in parts for address in locations(client.get(part.removeprefix("http://shop.test")).data)]
    assert {f"http://shop.test/listings/work-{number}" for number in range(3)} <= set(found)
    assert client.get("/sitemaps/0.xml").status_code == 404


def locations(sitemap: bytes) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(sitemap).findall(".//s:loc", SITEMAP)]


def test_robots_are_told_where_not_to_go_and_where_the_map_is(client: Browser) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert "Disallow: /library" in lines
    assert "Sitemap: http://shop.test/sitemap.xml" in lines


def test_the_shop_is_well(client: Browser) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "database": "ok"})


def test_the_shop_is_down_while_its_database_is(app: Flask, client: Browser) -> None:
    with unreachable_database():
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"status": "down", "database": "unreachable"})
    assert client.get("/healthz").status_code == 200


@contextmanager
def unreachable_database() -> Iterator[None]:
    def refuse(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        raise OperationalError(statement, {}, ConnectionError("nobody there"))

    sa.event.listen(db.engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", refuse)
