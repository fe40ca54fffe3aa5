"""Keyset paging: every row once, ties or not, and no cursor that breaks a page."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from storefront.kit.db import db
from storefront.kit.errors import BadRequest
from storefront.kit.paging import decode, encode, keyset
from storefront.payments.models import StripeEvent

FITTING = st.integers(min_value=1 - 2**63, max_value=2**63 - 1)
SHAPES: tuple[tuple[type, ...], ...] = ((int,), (int, int), (str, int, int))


def as_cursor(text: str | bytes) -> str:
    raw = text.encode() if isinstance(text, str) else text
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@given(
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=10),
    FITTING,
    FITTING,
)
def test_what_was_encoded_comes_back(name: str, first: int, second: int) -> None:
    assert decode(encode(name, first, second), str, int, int) == [name, first, second]


@given(
    st.one_of(st.text(), st.text(alphabet="abcXYZ019-_="), st.binary().map(as_cursor)),
    st.sampled_from(SHAPES),
)
def test_any_text_is_a_cursor_or_a_bad_request(cursor: str, kinds: tuple[type, ...]) -> None:
    refused_or_of_its_kinds(cursor, kinds)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


@given(JSON.map(json.dumps).map(as_cursor), st.sampled_from(SHAPES))
def test_any_json_is_a_cursor_or_a_bad_request(cursor: str, kinds: tuple[type, ...]) -> None:
    refused_or_of_its_kinds(cursor, kinds)


def refused_or_of_its_kinds(cursor: str, kinds: tuple[type, ...]) -> None:
    try:
        values = decode(cursor, *kinds)
    except BadRequest:
        return
    assert [type(value) for value in values] == list(kinds)


@pytest.mark.parametrize(
    "cursor",
    [
        "", "=", "!!!", "ö", "%00", "\ud800", as_cursor(b"\xff\xfe"), as_cursor("1"), as_cursor("{}"),
        as_cursor("[]"), as_cursor("[1]"), as_cursor("[1,2,3]"), as_cursor('["1",2]'), as_cursor("[1.0,2]"),
        as_cursor("[true,2]"),
        as_cursor("[null,2]"), as_cursor("[NaN,2]"), as_cursor(f"[{2**63},2]"), as_cursor(f"[{-(2**63)},2]"),
        as_cursor(f"[{10**120},2]"), as_cursor("[" * 140), as_cursor("[1,2]") * 50,
    ],
)  # fmt: skip
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(BadRequest):
        decode(cursor, int, int)


@pytest.mark.parametrize("text", ["\x00", "\ud800"], ids=["null", "half a pair"])
def test_text_that_no_database_takes_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        decode(as_cursor(json.dumps([text, 1])), str, int)


WANTED = [7, 3, 7, 7, 0, -2, 3, 7, 12, 0, 7, 3, -2, 7]


@pytest.fixture
def rows(app: Flask) -> None:
    add_rows(WANTED)


def add_rows(keys: list[int]) -> None:
    """Stripe's events stand for any rows with a key that repeats: their ``attempts``."""
    taken = db.session.scalar(sa.select(sa.func.count()).select_from(StripeEvent)) or 0
    now = datetime(2026, 1, 1, tzinfo=UTC)
    plain = {"type": "t", "livemode": False, "payload": {}, "created_at": now, "received_at": now}
    named = [{**plain, "stripe_id": f"evt_{taken + n}", "attempts": key} for n, key in enumerate(keys)]
    db.session.execute(sa.insert(StripeEvent), named)


def page(
    *where: sa.ColumnElement[bool], descending: bool, limit: int, after: tuple[int, int] | None
) -> list[tuple[int, int]]:
    columns = StripeEvent.__table__.c
    query: Any = sa.select(columns.attempts, columns.id).where(*where)
    asked = keyset(query, columns.attempts, columns.id, descending=descending, limit=limit, after=after)
    return [(row.attempts, row.id) for row in db.session.execute(asked)]


def pages(*, descending: bool, limit: int) -> Iterator[list[tuple[int, int]]]:
    after = None
    for _page in range(5 * len(WANTED)):  # paging that goes in circles should fail, not hang
        found = page(descending=descending, limit=limit, after=after)
        if not found:
            return
        yield found
        after = found[-1]


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 14, 20])
@pytest.mark.usefixtures("rows")
def test_pages_hold_every_row_once_and_in_order(descending: bool, limit: int) -> None:
    everything = sorted(((key, n) for n, key in enumerate(WANTED, start=1)), reverse=descending)

    found = list(pages(descending=descending, limit=limit))

    assert [row for each in found for row in each] == everything
    assert all(len(each) == limit for each in found[:-1])


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.usefixtures("rows")
def test_rows_that_come_meanwhile_repeat_and_hide_nothing(descending: bool) -> None:
    expected = sorted(((key, n) for n, key in enumerate(WANTED, start=1)), reverse=descending)
    seen: list[tuple[int, int]] = []
    for found in pages(descending=descending, limit=3):
        seen += found
        if len(seen) < len(WANTED):
            add_rows([found[0][0]])

    assert len(seen) == len(set(seen))
    assert [row for row in seen if row[1] <= len(WANTED)] == expected


@pytest.mark.usefixtures("rows")
def test_the_query_keeps_its_own_conditions_past_a_cursor() -> None:
    found = page(StripeEvent.attempts != 3, descending=True, limit=20, after=(7, 4))

    assert [key for key, _id in found] == [7, 7, 0, 0, -2, -2]
