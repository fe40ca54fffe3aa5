"""A ``.pmtpk`` file becomes a work of one's own, whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.accounts.queries import personal_workspace
from storefront.kit.db import db, step
from storefront.media.models import Media
from storefront.works.container import CarriedItem, opened, sealed
from storefront.works.container.carrying import packed_work
from storefront.works.models import Item, Work
from storefront.works.services.containers import import_work
from tests.browser import Browser
from tests.cast import Cast
from tests.media.kept import lose
from tests.works.containers import OPENING, carried, packed, with_manifest
from tests.works.whole_work import CSV, make_whole_work
from tests.worlds import make_team


def upload(client: Browser, data: io.BytesIO, workspace: str, **more: str) -> Any:
    form = {"file": (data, "work.pmtpk"), "workspace": workspace, **more}
    return client.post("/studio/import", data=form, content_type="multipart/form-data")


def own(cast: Cast) -> str:
    return personal_workspace(cast.alice).handle


def rows(work: Work) -> list[tuple[Any, ...]]:
    columns = (Item.key, Item.parent_key, Item.kind, Item.title, Item.content)
    query = sa.select(*columns).where(Item.work_id == work.id).order_by(Item.position, Item.key)
    return [tuple(row) for row in db.session.execute(query)]


def works() -> list[Work]:
    return list(db.session.scalars(sa.select(Work).order_by(Work.id)))


def test_a_whole_work_goes_out_and_comes_in_the_same(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    data = io.BytesIO(packed_work(work, {}).read())
    db.session.rollback()
    lose(rows_sha(data))

    answer = upload(client.as_person(cast.alice), data, own(cast))

    assert answer.status_code == 303
    first, second = works()
    assert answer.location == f"/studio/{second.public_id}"
    assert (second.kind, second.title, second.origin_version_id) == (first.kind, first.title, None)
    assert rows(second) == rows(first)
    assert client.get(f"/studio/{second.public_id}/files/ledger").data == CSV
    assert client.get(answer.location).status_code == 200


def rows_sha(data: io.BytesIO) -> str:
    (sha256,) = opened(data).files
    data.seek(0)
    return sha256


KEYS = st.lists(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), min_size=1, max_size=6, unique=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=KEYS, texts=st.lists(TEXTS, min_size=6, max_size=6))
def test_any_work_goes_out_and_comes_in_the_same(cast: Cast, keys: list[str], texts: list[str]) -> None:
    top = CarriedItem(keys[0], None, "page", "Top", {"summary": texts[0]})
    below = [
        CarriedItem(key, keys[0], "prompt", "Prompt", {"text": text, "variables": [], "note": ""})
        for key, text in zip(keys[1:], texts[1:], strict=False)
    ]
    into = personal_workspace(cast.alice)
    with step():
        first = import_work(opened(packed(carried([top, *below]))), into, by=cast.alice)
    container = packed_work(first, {})
    with step():
        second = import_work(opened(container), into, by=cast.alice)
    assert rows(first) == rows(second)
    assert [row[0] for row in rows(first)] == keys


def test_a_sealed_file_comes_in_with_its_pass_phrase_alone(client: Browser, cast: Cast) -> None:
    data = b"".join(sealed(packed(), "quiet harbor").pieces)
    client.as_person(cast.alice)
    for phrase, sentence in (("", "was made with a pass phrase"), ("wrong one", "is not the one")):
        refused = upload(client, io.BytesIO(data), own(cast), phrase=phrase)
        assert refused.status_code == 422
        assert sentence in refused.text
    assert works() == []
    assert upload(client, io.BytesIO(data), own(cast), phrase="quiet harbor").status_code == 303


def bad(items: Iterable[CarriedItem]) -> io.BytesIO:
    return packed(carried(items))


FILE = {"name": "a.csv", "content_type": "text/csv", "size": 4, "sha256": "0" * 64}


@pytest.mark.parametrize(
    "data",
    [
        io.BytesIO(b"no container"),
        io.BytesIO(packed().getvalue()[:-9]),
        with_manifest(version=2),
        with_manifest(kind="novel"),
        with_manifest(title=" "),
        bad([]),
        bad([replace(OPENING, parent="nobody")]),
        bad([replace(OPENING, key="../x")]),
        bad([OPENING, OPENING]),
        bad([replace(OPENING, kind="script")]),
        bad([replace(OPENING, content={"text": 5})]),
        bad([OPENING, CarriedItem("file", None, "file", "File", FILE)]),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client: Browser, cast: Cast, data: io.BytesIO) -> None:
    answer = upload(client.as_person(cast.alice), io.BytesIO(data.getvalue()), own(cast))
    assert answer.status_code == 422
    assert "This file was not taken in." in answer.text
    assert works() == []
    assert db.session.scalars(sa.select(Media)).all() == []


def test_the_plan_says_how_many_and_viewers_take_nothing_in(client: Browser, cast: Cast) -> None:
    answer = upload(client.as_person(cast.bob), packed(), personal_workspace(cast.bob).handle)
    assert answer.status_code == 403
    assert "works of your own" in answer.text
    team = make_team(cast.alice, viewer=cast.bob)
    assert upload(client, packed(), team.handle).status_code in (403, 422)
    assert upload(client.as_person(cast.mallory), packed(), team.handle).status_code in (404, 422)
    assert works() == []


def test_what_comes_in_counts_against_the_plan(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    data = packed_work(work, {}).read()
    with step():
        media = db.session.scalars(sa.select(Media)).one()
        media.size = 10_001 * 1_000_000
    before = len(works())
    db.session.rollback()

    refused = upload(client.as_person(cast.alice), io.BytesIO(data), own(cast))

    assert refused.status_code == 403
    assert "Studio has 10000 MB of files" in refused.text
    assert len(works()) == before


def test_a_work_with_too_many_files_is_refused(
    app: Flask, client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = make_whole_work(cast.alice)
    data = packed_work(work, {}).read()
    db.session.rollback()
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], files_per_work=0))

    refused = upload(client.as_person(cast.alice), io.BytesIO(data), own(cast))

    assert refused.status_code == 422
    assert "It holds more than 0 files" in refused.text
