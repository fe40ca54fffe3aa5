"""Saved prompts over the API: one list on every device, and no device's change is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.accounts.plans import SAVED_PROMPTS, limit
from storefront.accounts.services import grant_plan
from storefront.kit.db import db, step
from storefront.saved.models import SavedPrompt
from tests.api.programs import Program
from tests.at_once import all_at_once
from tests.browser import Browser
from tests.cast import Cast

ADDRESS = "/api/saved-prompts"
ONE = {"title": "Opening", "text": "Write the first line.", "note": ""}


@pytest.fixture
def phone(app: Flask, cast: Cast) -> Program:
    with step():
        grant_plan(cast.bob, "pro")
    return Program(app, cast.bob, "prompts:read", "prompts:write")


def read(program: Program) -> tuple[list[dict[str, Any]], str]:
    answer = program.ask("GET", ADDRESS)
    assert answer.status_code == 200
    return answer.get_json()["prompts"], answer.headers["ETag"]


def write(program: Program, prompts: Sequence[dict[str, Any]], mark: str) -> Any:
    kept = [{name: each[name] for name in ("id", "title", "text", "note") if name in each} for each in prompts]
    return program.ask("PUT", ADDRESS, {"prompts": kept}, If_Match=mark)


def test_what_one_device_writes_the_other_reads(client: Browser, cast: Cast, phone: Program) -> None:
    assert write(phone, [ONE, {**ONE, "title": "Closing"}], read(phone)[1]).status_code == 200

    prompts, mark = read(phone)
    assert [each["title"] for each in prompts] == ["Opening", "Closing"]
    closing = {**prompts[1], "text": "Write the last line."}
    answer = write(phone, [closing], mark)

    assert [(each["id"], each["text"]) for each in answer.json["prompts"]] == [(closing["id"], "Write the last line.")]
    page = client.as_person(cast.bob).get("/saved?q=last").text
    assert "Write the last line." in page
    assert "Your own" in page
    removed = db.session.scalars(sa.select(SavedPrompt).where(SavedPrompt.removed_at.is_not(None))).one()
    assert removed.title == "Opening"


def test_a_device_that_did_not_see_the_last_change_is_refused(phone: Program) -> None:
    _prompts, before = read(phone)
    write(phone, [ONE], before)

    assert write(phone, [], before).status_code == 412
    assert phone.ask("PUT", ADDRESS, {"prompts": []}).status_code == 428
    assert len(read(phone)[0]) == 1


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_of_two_devices_at_once_one_is_refused(app: Flask, phone: Program) -> None:
    _prompts, mark = read(phone)

    answers = all_at_once(app, [lambda: write(phone, [ONE], mark), lambda: write(phone, [{**ONE, "note": "2"}], mark)])

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert len(read(phone)[0]) == 1


def test_the_plan_has_room_for_so_many(cast: Cast, phone: Program) -> None:
    most = limit(cast.bob, SAVED_PROMPTS) or 0
    assert write(phone, [ONE] * (most + 1), read(phone)[1]).status_code == 403
    assert write(phone, [ONE] * most, read(phone)[1]).status_code == 200


def test_it_needs_pro(app: Flask, cast: Cast) -> None:
    answer = Program(app, cast.mallory, "prompts:read").ask("GET", ADDRESS)

    assert answer.status_code == 403
    assert answer.json["action"]["url"] == "/pricing?plan=pro"  # type: ignore[index]


def test_mallory_rewrites_nothing_of_bobs(app: Flask, cast: Cast, phone: Program) -> None:
    write(phone, [ONE], read(phone)[1])
    bobs = read(phone)[0]
    with step():
        grant_plan(cast.mallory, "pro")
    mallory = Program(app, cast.mallory, "prompts:read", "prompts:write")

    assert write(mallory, bobs, read(mallory)[1]).status_code == 422
    assert write(phone, [*bobs, *bobs], read(phone)[1]).status_code == 422
    assert read(phone)[0] == bobs


def test_what_no_database_holds_is_refused_by_field(phone: Program) -> None:
    answer = write(phone, [{"title": "", "text": "a\x00b"}], read(phone)[1])

    assert answer.status_code == 422
    assert answer.json["errors"]["prompts"]["0"].keys() == {"title", "text"}
