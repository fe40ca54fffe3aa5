"""Taking one's own work out as a ``.pmtpk`` file, and that whatever goes out comes in again."""

from __future__ import annotations

import io
import random
import sys
import tracemalloc

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from storefront.events.models import Event
from storefront.kit.db import db, step
from storefront.library.holdings import holding_of
from storefront.media.services import keep, store
from storefront.works.container import Opened, TooLargeToCarry, opened, pack, unsealed
from storefront.works.container.layout import MEGABYTE
from storefront.works.models import Work
from storefront.works.services.containers import export_work, import_work
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold
from tests.works.containers import carried
from tests.works.studio import state, studio
from tests.works.whole_work import make_whole_work
from tests.worlds import make_offer, make_pack, make_team


def take_out(client: Browser, work: Work, phrase: str = "") -> TestResponse:
    return client.post(studio(work, "/export"), data={"phrase": phrase} if phrase else {})


def read(data: bytes, phrase: str = "") -> Opened:
    out = io.BytesIO(data)
    if phrase:
        plain = io.BytesIO()
        unsealed(out, phrase, plain)
        out = plain
    return opened(out)


def work_with_files(cast: Cast, sizes: list[int], title: str = "Heavy") -> Work:
    """A work with files of these sizes, in bytes that no packing makes smaller."""
    stored = [store(random.Random(f"{title} {at}").randbytes(size), "text/plain") for at, size in enumerate(sizes)]
    with step():
        for each in stored:
            keep(each)
    items = [
        {
            "key": f"file-{at}", "parent_key": None, "position": at, "kind": "file", "title": f"File {at}",
            "content": {"name": f"{at}.txt", "content_type": "text/plain", "size": each.size, "sha256": each.sha256},
        }
        for at, each in enumerate(stored)
    ]  # fmt: skip
    return make_pack(cast.alice, title, items=items)


@pytest.mark.parametrize("phrase", ["", "quiet harbor"])
def test_alice_takes_her_work_out_and_in_again(client: Browser, cast: Cast, phrase: str) -> None:
    work = make_whole_work(cast.alice)
    client.as_person(cast.alice)
    assert "Download .pmtpk" in client.get(studio(work, "/export")).text

    answer = take_out(client, work, phrase)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Quiet Novel Kit.pmtpk"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert read(answer.data, phrase).origin == {}

    form = {"file": (io.BytesIO(answer.data), "kit.pmtpk"), "workspace": "alice", "phrase": phrase}
    assert client.post("/studio/import", data=form, content_type="multipart/form-data").status_code == 303
    again = db.session.scalars(sa.select(Work).order_by(Work.id.desc())).first()
    assert again is not None
    assert state(again) == state(work)
    assert again.brought_from is None
    sent = db.session.scalars(sa.select(Event).where(Event.name == "work.exported")).one()
    assert sent.data["sealed"] is bool(phrase)


def test_a_short_pass_phrase_is_refused_beside_the_field(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    answer = take_out(client.as_person(cast.alice), work, "short")

    assert answer.status_code == 422
    assert "Make it 8 characters or longer." in answer.text


def test_a_viewer_takes_the_teams_work_out_and_mallory_does_not_know_of_it(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice, make_team(cast.alice, "press", viewer=cast.bob))

    for person, status in ((cast.bob, 200), (cast.mallory, 404)):
        client.as_person(person)
        assert client.get(studio(work, "/export")).status_code == status
        assert take_out(client, work).status_code == status


def test_a_copy_names_its_license_and_is_frozen_with_it(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    address = f"/studio/{holding_of(cast.bob, license.public_id).studio_id}/export"
    client.as_person(cast.bob)
    named = {"license": license.number, "listing": "field-notes", "version": 1}
    assert read(client.post(address).data).origin == named

    finish(license, "refunded")
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403


def test_a_large_work_goes_out_and_comes_in_again(client: Browser, cast: Cast) -> None:
    """Larger than a form may be, and than the largest single file."""
    work = work_with_files(cast, [20 * MEGABYTE, 20 * MEGABYTE])
    client.as_person(cast.alice)
    answer = take_out(client, work)
    assert len(answer.data) > 32 * MEGABYTE

    form = {"file": (io.BytesIO(answer.data), "heavy.pmtpk"), "workspace": "alice"}
    assert client.post("/studio/import", data=form, content_type="multipart/form-data").status_code == 303


def test_what_would_not_come_in_again_does_not_go_out(client: Browser, cast: Cast) -> None:
    work = work_with_files(cast, [33 * MEGABYTE])
    answer = take_out(client.as_person(cast.alice), work)

    assert answer.status_code == 422
    assert "One of its files has more than 32 MB. Take some of it out, or split the work" in answer.text


@pytest.mark.parametrize(
    ("name", "most", "sentence"),
    [
        ("LARGEST_ITEMS", 20, "Its texts have more than"), ("LARGEST_WHOLE", 300, "All its parts together"),
        ("MOST_FILES", 1, "It has more than 1 files"), ("LARGEST_MANIFEST", 100, "The list of its files"),
        ("UNWATCHED", 10, "no shop would unpack it"),
    ],
)  # fmt: skip
def test_every_limit_is_said(monkeypatch: pytest.MonkeyPatch, name: str, most: int, sentence: str) -> None:
    module = sys.modules[pack.__module__]
    monkeypatch.setattr(module, "MOST_PACKED", 1 if name == "UNWATCHED" else 200)
    monkeypatch.setattr(module, name, most)
    with pytest.raises(TooLargeToCarry, match=sentence):
        pack(carried(files=[b"a" * 400, b"b" * 400]), io.BytesIO())


def test_more_files_take_no_more_memory(cast: Cast) -> None:
    peaks = []
    for count in (1, 2, 6):  # the first time makes what is kept for good
        work = work_with_files(cast, [4 * MEGABYTE] * count, f"Of {count}")
        tracemalloc.start()
        with step():
            sent = b"".join(export_work(work, by=cast.alice).pieces)
        tracemalloc.stop()
        container = io.BytesIO(sent)
        tracemalloc.start()
        with step():
            import_work(opened(container), cast.workspace(cast.alice), by=cast.alice)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[2] < 1.5 * peaks[1], peaks
