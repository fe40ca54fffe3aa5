"""Files through the shop's own pages, in a folder and on an S3 server: sent, served, taken out, swept; and S3 down."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.kit.db import db, settle_reads
from storefront.kit.storage import Storage
from storefront.media.models import Media
from storefront.media.sweeping import GRACE, sweep
from storefront.works.container import opened
from storefront.works.models import Item, Work
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import hold
from tests.media.kept import keys, photo, with_file
from tests.processes import free_port
from tests.s3 import BUCKET
from tests.works.whole_work import CSV, make_whole_work
from tests.worlds import make_offer

LONG = GRACE + timedelta(hours=1)


def send(client: Browser, work: Work, data: bytes, name: str, **more: Any) -> Any:
    address = f"/studio/{work.public_id}/items/ledger/file"
    return client.post(address, data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data", **more)


def sha256_of(work: Work) -> str:
    db.session.expire_all()
    found: str = db.session.get_one(Item, (work.id, "ledger")).content["sha256"]
    return found


@pytest.mark.usefixtures("kept_in")
def test_a_file_is_sent_served_replaced_and_swept(
    client: Browser, cast: Cast, move_clock: Callable[[timedelta], None]
) -> None:
    work = make_whole_work(cast.alice)
    (first,) = keys()
    assert send(client.as_person(cast.alice), work, photo(), "boat.jpg").status_code == 303
    sha256 = sha256_of(work)

    assert client.get(f"/studio/{work.public_id}/files/ledger").data == photo()
    assert client.get(f"/studio/{work.public_id}/pictures/{sha256}-640.webp").data[:4] == b"RIFF"
    move_clock(LONG)
    settle_reads()
    assert sum(tally.mended for tally in sweep()) == 1
    assert first not in keys()
    assert len(keys()) == 5  # the photo, and its four widths, the widest its own


@pytest.mark.usefixtures("kept_in")
def test_what_bob_got_is_his_when_alice_replaces_hers(
    client: Browser, cast: Cast, move_clock: Callable[[timedelta], None]
) -> None:
    listing = make_offer(cast.alice, items=with_file())
    license = hold(cast.bob, listing)
    source = db.session.get_one(Work, listing.work_id)
    clone = db.session.scalars(sa.select(Work).where(Work.origin_version_id == license.version_id)).one()
    send(client.as_person(cast.alice), source, b"new", "new.csv")
    move_clock(LONG)
    settle_reads()
    sweep()

    client.as_person(cast.bob)
    assert client.get(f"/studio/{clone.public_id}/files/ledger").data == CSV
    link = client.post(f"/licenses/{license.public_id}/downloads").location
    container = opened(io.BytesIO(client.get(link).data))
    assert [container.file(sha256) for sha256 in container.files] == [CSV]


@pytest.fixture
def s3_down(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Have files kept on a server that nobody answers for."""

    def down() -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "access")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
        monkeypatch.setitem(app.extensions, "storage", Storage.from_url(f"s3://{BUCKET}"))

    return down


def test_with_s3_down_there_is_a_sentence_and_nothing_half_stored(
    app: Flask, client: Browser, cast: Cast, s3_down: Callable[[], None], move_clock: Callable[[timedelta], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    work = make_whole_work(cast.alice)
    kept, before = keys(), sha256_of(work)
    storage = app.extensions["storage"]
    s3_down()

    answer = send(client.as_person(cast.alice), work, photo(), "boat.jpg")
    assert answer.status_code == 503
    assert "Files can&#39;t be reached now." in answer.text or "Files can't be reached now." in answer.text
    assert answer.headers["Retry-After"]
    told = send(client, work, photo(), "boat.jpg", headers={"Accept": "application/json"})
    assert told.get_json()["detail"] == "Nothing was kept or changed. Wait a minute, then try again."
    assert sha256_of(work) == before

    page = client.get(f"/studio/{work.public_id}/items/ledger")
    assert (page.status_code, "no preview" in page.text) == (200, True)
    assert client.get(f"/studio/{work.public_id}/files/ledger").status_code == 503

    monkeypatch.setitem(app.extensions, "storage", storage)
    assert keys() == kept
    move_clock(LONG)
    settle_reads()
    sweep()
    assert db.session.scalars(sa.select(Media.sha256)).all() == [before]
    assert client.get(f"/studio/{work.public_id}/files/ledger").data == CSV
