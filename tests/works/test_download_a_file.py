"""Files of a work leave as they came, under their own name, and never run here."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storefront.kit.db import db, step
from storefront.library.holdings import holding_of
from storefront.licenses.models import License
from storefront.works.models import Item, Work
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold
from tests.media.kept import lose
from tests.works.whole_work import CSV, ITEMS, make_whole_work
from tests.worlds import make_offer


def file_of(work: Work) -> str:
    return f"/studio/{work.public_id}/files/ledger"


def rename(name: str, content_type: str) -> None:
    with step():
        item = db.session.scalars(sa.select(Item).where(Item.kind == "file")).one()
        item.content = {**item.content, "name": name, "content_type": content_type}


def test_alice_saves_a_file(client: Browser, cast: Cast) -> None:
    answer = client.as_person(cast.alice).get(file_of(make_whole_work(cast.alice)))

    assert answer.data == CSV
    assert answer.headers["Content-Disposition"] == "attachment; filename=ledger.csv"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content_length == len(CSV)
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/pdf", "text/javascript"])
def test_no_file_is_served_as_something_that_runs(client: Browser, cast: Cast, content_type: str) -> None:
    work = make_whole_work(cast.alice)
    rename("page.html", content_type)
    answer = client.as_person(cast.alice).get(file_of(work))
    assert answer.content_type == "application/octet-stream"


@pytest.mark.parametrize("name", ['a";x="b.csv', "Übersicht 表.csv", "a\r\nSet-Cookie: x=1.csv", "../../etc/passwd"])
def test_a_name_cannot_break_the_header(client: Browser, cast: Cast, name: str) -> None:
    work = make_whole_work(cast.alice)
    rename(name, "text/csv")
    answer = client.as_person(cast.alice).get(file_of(work))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "Set-Cookie: x" not in str(answer.headers).splitlines()


def test_an_item_that_is_no_file_has_none(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    assert client.as_person(cast.alice).get(f"/studio/{work.public_id}/files/opening").status_code == 404


def test_a_file_that_storage_lost_is_a_clean_page(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    item = db.session.scalars(sa.select(Item).where(Item.kind == "file")).one()
    lose(item.content["sha256"])

    answer = client.as_person(cast.alice).get(file_of(work))
    assert answer.status_code == 404
    assert "The file is missing." in answer.text
    assert "no preview" in client.get(f"/studio/{work.public_id}/items/ledger").text


@pytest.mark.parametrize("status", ["refunded", "disputed"])
def test_nothing_leaves_a_frozen_copy(client: Browser, cast: Cast, status: str) -> None:
    whole = make_whole_work(cast.alice)
    ledger = db.session.get_one(Item, (whole.id, "ledger"))
    file = {
        "key": "ledger", "parent_key": None, "position": len(ITEMS), "kind": "file",
        "title": ledger.title, "content": ledger.content,
    }  # fmt: skip
    license = hold(cast.bob, make_offer(cast.alice, items=[file]))
    studio = f"/studio/{holding_of(cast.bob, license.public_id).studio_id}"
    assert client.as_person(cast.bob).get(f"{studio}/files/ledger").data == CSV

    if status == "disputed":
        with step():
            db.session.execute(sa.update(License).values(status="disputed"))
    else:
        finish(license, status)
    refused = client.get(f"{studio}/files/ledger")
    assert refused.status_code == 403
    assert "This copy is frozen." in refused.text
    assert "Download" not in client.get(f"{studio}/items/ledger").text
