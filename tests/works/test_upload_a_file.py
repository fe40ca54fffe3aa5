"""A file comes into a work: as it is, within limits, or not at all."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.kit.db import db, step
from storefront.media.models import Media, Upload
from storefront.media.uploads import MEGABYTE
from storefront.works.models import Item, Work
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import hold
from tests.media.kept import keys, photo, picture, with_file
from tests.works.whole_work import CSV, make_whole_work
from tests.worlds import make_offer, make_team

NOTES = b"# Notes\n\nWritten on the boat.\n"


def send(client: Browser, work: Work, data: bytes, name: str, key: str = "ledger", **more: Any) -> Any:
    form = {"file": (io.BytesIO(data), name, more.pop("content_type", None))}
    address = f"/studio/{work.public_id}/items/{key}/file"
    return client.post(address, data=form, content_type="multipart/form-data", **more)


def content_of(work: Work, key: str = "ledger") -> dict[str, Any]:
    db.session.expire_all()
    return db.session.get_one(Item, (work.id, key)).content


def test_alice_replaces_a_file_and_gets_it_back_byte_for_byte(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)

    answer = send(client.as_person(cast.alice), work, NOTES, "notes.md")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/studio/{work.public_id}/items/ledger")
    assert content_of(work) | {"sha256": ""} == {
        "name": "notes.md", "content_type": "text/markdown", "size": len(NOTES), "sha256": "",
    }  # fmt: skip
    answer = client.get(f"/studio/{work.public_id}/files/ledger")
    assert answer.data == NOTES
    assert answer.headers["Content-Disposition"] == "attachment; filename=notes.md"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_new_item_takes_the_name_of_its_file(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    client.as_person(cast.alice).post(f"/studio/{work.public_id}/items", data={"kind": "file"})
    added = db.session.scalars(sa.select(Item).where(Item.title == "New file")).one()

    send(client, work, NOTES, "notes.md", key=added.key)

    db.session.expire_all()
    assert db.session.get_one(Item, (work.id, added.key)).title == "notes.md"


def test_what_a_file_is_its_bytes_say_not_what_came_with_it(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    client.as_person(cast.alice)

    send(client, work, picture(64, 40), "chart.txt", content_type="text/html")
    assert content_of(work)["content_type"] == "image/png"

    send(client, work, b"<script>alert(1)</script>", "page.html", content_type="image/png")
    assert content_of(work)["content_type"] == "text/html"
    answer = client.get(f"/studio/{work.public_id}/files/ledger")
    assert answer.content_type == "application/octet-stream"
    assert "<script>alert" not in client.get(f"/studio/{work.public_id}/items/ledger").text


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "empty.csv", "The file is empty."),
        (b"<html>", "photo.png", "It is called .png and holds no such picture."),
        (picture(640, 400)[:200], "half.png", "It is damaged"),
        (NOTES, "", "Choose a file first."),
    ],
)
def test_what_is_not_taken_is_said_beside_the_field(
    client: Browser, cast: Cast, data: bytes, name: str, sentence: str
) -> None:
    work = make_whole_work(cast.alice)
    kept, rows = keys(), db.session.scalar(sa.select(sa.func.count()).select_from(Media))

    answer = send(client.as_person(cast.alice), work, data, name)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert content_of(work)["size"] == len(CSV)
    assert (keys(), db.session.scalar(sa.select(sa.func.count()).select_from(Media))) == (kept, rows)


def test_a_script_is_told_in_json(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    answer = send(client.as_person(cast.alice), work, b"", "empty.csv", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["detail"]) == (422, "The file is empty. Choose another.")


def test_too_much_is_refused_before_it_is_read(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    body = io.BytesIO(b"--x\r\n")

    answer = client.as_person(cast.alice).post(
        f"/studio/{work.public_id}/items/ledger/file",
        input_stream=body,
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": "2000000000"},
    )

    assert answer.status_code == 413
    assert "32 MB is the most for one file." in answer.text
    assert body.tell() == 0


def test_a_byte_too_many_is_too_many(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    answer = send(client.as_person(cast.alice), work, bytes(32 * MEGABYTE + 1), "video.bin")
    assert answer.status_code == 422
    assert "32 MB is the most." in answer.text


def test_a_work_holds_so_many_files(app: Flask, client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    work = make_whole_work(cast.alice)
    client.as_person(cast.alice).post(f"/studio/{work.public_id}/items", data={"kind": "file"})
    waiting = db.session.scalars(sa.select(Item.key).where(Item.title == "New file")).one()
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], files_per_work=1))

    assert send(client, work, NOTES, "notes.md").status_code == 303  # in place of another
    answer = send(client, work, CSV, "more.csv", key=waiting)

    assert answer.status_code == 422
    assert "It has 1 file, and that is the most." in answer.text


def test_a_plan_has_so_much_room(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    with step():
        media = db.session.scalars(sa.select(Media)).first()
        assert media is not None
        media.size = 10_000 * MEGABYTE
        db.session.add(Upload(workspace_id=work.workspace_id, sha256=media.sha256, uploaded_at=media.kept_at))

    answer = send(client.as_person(cast.alice), work, NOTES, "notes.md")

    assert answer.status_code == 403
    assert "Studio has 10000 MB of files" in answer.text
    assert content_of(work)["size"] == len(CSV)


def test_the_same_file_counts_once(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    client.as_person(cast.alice)
    for _twice in range(2):
        send(client, work, NOTES, "notes.md")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Upload)) == 1


def test_replacing_a_file_in_a_clone_leaves_the_source_its_own(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice, items=with_file())
    license = hold(cast.bob, listing)
    clone = db.session.scalars(sa.select(Work).where(Work.origin_version_id == license.version_id)).one()
    source = db.session.get_one(Work, listing.work_id)

    send(client.as_person(cast.bob), clone, NOTES, "notes.md", key="ledger")

    assert client.get(f"/studio/{clone.public_id}/files/ledger").data == NOTES
    assert client.as_person(cast.alice).get(f"/studio/{source.public_id}/files/ledger").data == CSV


def test_mallory_and_viewers_send_nothing(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice, make_team(cast.alice, viewer=cast.bob))
    kept = keys()

    assert send(client.as_person(cast.bob), work, NOTES, "notes.md").status_code == 403
    assert send(client.as_person(cast.mallory), work, NOTES, "notes.md").status_code == 404
    assert keys() == kept


def test_a_picture_is_shown_without_what_its_camera_wrote(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    send(client.as_person(cast.alice), work, photo(orientation=6), "boat.jpg")

    page = client.get(f"/studio/{work.public_id}/items/ledger").text

    sha256 = content_of(work)["sha256"]
    assert f"/pictures/{sha256}-1280.webp 1280w" in page
    assert 'width="1000" height="1600"' in page
    shown = client.get(f"/studio/{work.public_id}/pictures/{sha256}-640.webp")
    assert shown.content_type == "image/webp"
    assert "immutable" in shown.headers["Cache-Control"]
    assert b"EXIF" not in shown.data
    assert b"Camera" not in shown.data
    again = client.get(shown.request.path, headers={"If-None-Match": shown.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.as_person(cast.mallory).get(shown.request.path).status_code == 404
