"""No page is forgotten by those who look at every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from tests.conftest import make_app
from tests.journeys.places import NOT_LOOKED_AT, PLACES, POOLED, Place

EVERY = (*PLACES, *POOLED)
PATHS_KNOWN_LATER = {
    "{reset}": "/reset/a-token",
    "{letter}": "/dev/mail/a-letter",
    "{invitation}": "/invitations/a-token",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_app(tmp_path_factory.mktemp("places"))


def endpoint(shop: Flask, place: Place) -> str | None:
    path = re.sub(r"\{\w+\}", "1", PATHS_KNOWN_LATER.get(place.path, place.path)).partition("?")[0]
    try:
        return str(shop.url_map.bind("shop.test").match(path)[0])
    except NotFound:
        return None


def test_every_page_is_looked_at_or_says_why_not(shop: Flask) -> None:
    looked_at = {endpoint(shop, place) for place in EVERY}
    pages = {rule.endpoint for rule in shop.url_map.iter_rules() if "GET" in (rule.methods or ())}

    assert pages - looked_at - NOT_LOOKED_AT.keys() == set()


def test_nothing_is_listed_that_is_not_there(shop: Flask) -> None:
    pages = {rule.endpoint for rule in shop.url_map.iter_rules()}
    assert set(NOT_LOOKED_AT) <= pages
    assert [place.name for place in EVERY if endpoint(shop, place) is None] == ["not-found"]


def test_nothing_is_listed_twice(shop: Flask) -> None:
    names = [place.name for place in EVERY]
    assert len(names) == len(set(names))
    assert {endpoint(shop, place) for place in EVERY} & NOT_LOOKED_AT.keys() == set()


def test_each_journey_named_as_a_reason_is_there() -> None:
    folder = Path(__file__).parent / "journeys"
    named = re.findall(r"test_\w+\.py", " ".join(NOT_LOOKED_AT.values()))
    assert named
    assert all((folder / name).is_file() for name in named)
