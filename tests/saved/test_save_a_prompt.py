"""Prompts kept on a list of one's own: saved in the studio, searched, copied, removed, put back and taken out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.accounts.models import Person
from storefront.accounts.plans import PlanNeeded
from storefront.kit.db import db, step
from storefront.licenses.models import License
from storefront.saved import queries
from storefront.saved.models import SavedPrompt
from storefront.saved.services import forget_removed, save_prompt
from storefront.works.models import Item, Work
from storefront.works.portable import from_markdown
from tests.at_once import twice_at_once
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold
from tests.library.updating import edit, placed, prompt, work_of
from tests.worlds import make_offer

MANY = placed(prompt(f"prompt-{n}", f"Write number {n}.") for n in range(12))


def held(cast: Cast, items: Any = MANY) -> License:
    return hold(cast.bob, make_offer(cast.alice, items=items))


def form(license: License, key: str = "prompt-0") -> dict[str, str]:
    return {"work": work_of(license).public_id, "key": key}


def save(license: License, key: str, by: Person) -> SavedPrompt:
    work = work_of(license)
    with step():
        return save_prompt(work, db.session.get_one(Item, (work.id, key)), by=by)


def count() -> int:
    kept = sa.select(sa.func.count()).select_from(SavedPrompt).where(SavedPrompt.removed_at.is_(None))
    return db.session.scalar(kept) or 0


def test_bob_saves_a_prompt_in_the_studio_and_finds_it_on_his_list(client: Browser, cast: Cast) -> None:
    license = held(cast)
    studio = f"/studio/{work_of(license).public_id}/items/prompt-3"
    assert "Save this prompt" in client.as_person(cast.bob).get(studio).text

    answer = client.post("/saved", data=form(license, "prompt-3"))

    assert answer.status_code == 303
    assert answer.location == studio
    page = client.get("/saved").text
    assert "Write number 3." in page
    assert "1 of 10 used" in page
    shown = client.get(studio).text
    assert "Save this prompt" not in shown
    assert "saved prompts</a>" in shown


def test_htmx_gets_the_place_of_the_button(client: Browser, cast: Cast) -> None:
    answer = client.as_person(cast.bob).htmx("/saved", method="POST", data=form(held(cast)))
    assert 'id="saved-save"' in answer.text
    assert "<html" not in answer.text


def test_saving_twice_saves_once(client: Browser, cast: Cast) -> None:
    license = held(cast)
    for _ in range(2):
        client.as_person(cast.bob).post("/saved", data=form(license))
    assert count() == 1


def test_the_saved_words_stay_when_the_work_changes(client: Browser, cast: Cast) -> None:
    license = held(cast)
    save(license, "prompt-0", cast.bob)
    edit(license, "prompt-0", title="Other", content={"text": "Gone.", "variables": [], "note": ""})
    assert "Write number 0." in client.as_person(cast.bob).get("/saved").text


def test_the_plan_says_how_many(client: Browser, cast: Cast) -> None:
    license = held(cast)
    for n in range(10):
        save(license, f"prompt-{n}", cast.bob)

    answer = client.as_person(cast.bob).post("/saved", data=form(license, "prompt-10"))

    assert answer.status_code == 403
    assert "Free has 10 saved prompts, and all are used. Pro has 40." in answer.text
    assert 'href="/pricing"' in answer.text
    assert client.post("/saved", data=form(license, "prompt-9")).status_code == 303
    assert count() == 10


def test_two_clicks_at_the_limit_save_one(app: Flask, cast: Cast) -> None:
    license = held(cast)
    for n in range(9):
        save(license, f"prompt-{n}", cast.bob)
    left = iter(("prompt-9", "prompt-10"))
    work_id, bob_id = work_of(license).id, cast.bob.id

    def click() -> bool:
        key = next(left)
        try:
            with step():
                work = db.session.get_one(Work, work_id)
                save_prompt(work, db.session.get_one(Item, (work_id, key)), by=db.session.get_one(Person, bob_id))
        except PlanNeeded:
            return False
        return True

    assert sorted(twice_at_once(app, click)) == [False, True]
    assert count() == 10


def test_removing_is_undone_within_a_day(client: Browser, cast: Cast, move_clock: Callable[[timedelta], None]) -> None:
    saved = save(held(cast), "prompt-0", cast.bob)
    client.as_person(cast.bob)

    answer = client.post(f"/saved/{saved.public_id}/removal")
    assert "is off your list" in client.get(answer.location).text
    assert "Write number 0." not in client.get("/saved").text
    assert "Write number 0." in client.htmx(f"/saved/{saved.public_id}/restoration", method="POST").text
    assert count() == 1

    client.post(f"/saved/{saved.public_id}/removal")
    move_clock(timedelta(hours=25))
    assert [tally.mended for tally in forget_removed()] == [1]
    assert client.post(f"/saved/{saved.public_id}/restoration").status_code == 404


def test_putting_back_keeps_the_limit_and_no_prompt_twice(client: Browser, cast: Cast) -> None:
    license = held(cast)
    first = save(license, "prompt-0", cast.bob)
    client.as_person(cast.bob).post(f"/saved/{first.public_id}/removal")
    save(license, "prompt-0", cast.bob)
    assert client.post(f"/saved/{first.public_id}/restoration").status_code == 409

    second = save(license, "prompt-1", cast.bob)
    client.post(f"/saved/{second.public_id}/removal")
    for n in range(2, 11):
        save(license, f"prompt-{n}", cast.bob)
    assert client.post(f"/saved/{second.public_id}/restoration").status_code == 403
    assert count() == 10


@pytest.mark.parametrize("search", ["übersicht", "ÜBERSICHT number", "write ÜBER"])
def test_search_finds_every_word_in_whichever_case(client: Browser, cast: Cast, search: str) -> None:
    license = held(cast, placed([prompt("one", "Write Übersicht number 1."), prompt("two", "Write 100% of it.")]))
    for key in ("one", "two"):
        save(license, key, cast.bob)
    page = client.as_person(cast.bob).htmx("/saved", query_string={"q": search}).text
    assert "Write Übersicht number 1." in page
    assert "100%" not in page
    assert "No saved prompt has" in client.htmx("/saved", query_string={"q": "0%1"}).text


def test_a_long_prompt_is_cut_on_the_list_and_whole_at_its_own_address(client: Browser, cast: Cast) -> None:
    text = "word " * 2000
    saved = save(held(cast, placed([prompt("long", text)])), "long", cast.bob)
    page = client.as_person(cast.bob).get("/saved").text
    assert "The whole text" in page
    assert len(page) < 30_000
    answer = client.get(f"/saved/{saved.public_id}.txt")
    assert answer.text == text
    assert answer.content_type == "text/plain; charset=utf-8"


def test_the_list_leaves_as_json_csv_and_markdown(client: Browser, cast: Cast) -> None:
    text = 'Say:\n```\n=1+1, "twice"\n```'
    license = held(cast, placed([prompt("one", text), prompt("two", "=SUM(A1)")]))
    for key in ("one", "two"):
        save(license, key, cast.bob)
    client.as_person(cast.bob)

    prompts = json.loads(client.get("/saved/export?as=json").text)["prompts"]
    assert [each["text"] for each in prompts] == ["=SUM(A1)", text]
    rows = list(csv.DictReader(io.StringIO(client.get("/saved/export?as=csv").text)))
    assert [row["text"] for row in rows] == ["'=SUM(A1)", text]
    answer = client.get("/saved/export?as=md")
    assert answer.headers["Content-Disposition"] == "attachment; filename=saved-prompts.md"
    read = [(row.title, row.content["text"]) for row in from_markdown(answer.text) if row.kind == "prompt"]
    assert read == [("Two", "=SUM(A1)"), ("One", text)]
    assert client.get("/saved/export?as=exe").status_code == 404


def test_only_prompts_of_works_one_may_see_are_saved(client: Browser, cast: Cast) -> None:
    license = held(
        cast, [*MANY, {"key": "p", "parent_key": None, "position": 90, "kind": "page", "title": "P", "content": {}}]
    )
    assert client.as_person(cast.bob).post("/saved", data=form(license, "p")).status_code == 404
    assert client.post("/saved", data=form(license, "nobody")).status_code == 404
    assert client.as_person(cast.mallory).post("/saved", data=form(license)).status_code == 404
    assert client.as_person(cast.bob).post("/saved", data=form(license), forged=True).status_code == 400
    assert count() == 0


def test_nothing_is_saved_from_a_frozen_copy_and_what_was_stays(client: Browser, cast: Cast) -> None:
    license = held(cast)
    save(license, "prompt-0", cast.bob)
    finish(license, "refunded")
    answer = client.as_person(cast.bob).post("/saved", data=form(license, "prompt-1"))
    assert answer.status_code == 403
    assert "This copy is frozen." in answer.text
    assert "Write number 0." in client.get("/saved").text


def test_mallory_sees_nothing_of_bobs_list(client: Browser, cast: Cast) -> None:
    saved = save(held(cast), "prompt-0", cast.bob)
    client.as_person(cast.mallory)
    assert "Write number" not in client.get("/saved").text
    for address in ("/saved?removed=", "/saved/"):
        assert client.get(f"{address}{saved.public_id}{'.txt' if address[-1] == '/' else ''}").status_code == 404
    for deed in ("removal", "restoration"):
        assert client.post(f"/saved/{saved.public_id}/{deed}").status_code == 404
    assert count() == 1


def test_the_list_takes_as_many_statements_for_many_as_for_one(
    client: Browser, cast: Cast, count_statements: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    license = held(cast)
    client.as_person(cast.bob)

    def statements() -> int:
        with count_statements() as run:
            assert client.get("/saved").status_code == 200
        return len(run)

    save(license, "prompt-0", cast.bob)
    few = statements()
    for n in range(1, 9):
        save(license, f"prompt-{n}", cast.bob)
    assert statements() == few <= 4
    monkeypatch.setattr(queries, "PAGE", 5)
    assert "Show more" in client.get("/saved").text
    after = queries.saved_by(cast.bob).next
    assert client.htmx(f"/saved?after={after}").text.count("<li ") == 4
