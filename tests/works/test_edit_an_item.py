"""Editing: what is typed is kept, checked, and never lost to somebody quicker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from storefront.accounts.queries import personal_workspace
from storefront.kit.db import db
from storefront.library.holdings import holding_of
from storefront.works.models import Work
from storefront.works.services import revision_of
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold
from tests.works.studio import kept, save, studio
from tests.works.whole_work import make_whole_work
from tests.worlds import make_offer, make_team

RUN: dict[str, Any] = {
    "steps.0.key": "in", "steps.0.title": "Paste the scene", "steps.0.kind": "input",
    "steps.1.key": "write", "steps.1.title": "Write it", "steps.1.kind": "prompt", "steps.1.prompt": "opening",
    "steps.1.note": "Twice.",
    "edges.0.from": "in", "edges.0.to": "write", "edges.0.label": "Ready",
}  # fmt: skip
TYPED: dict[str, dict[str, Any]] = {
    "read-me": {"summary": "Begin there."},
    "opening": {"text": "Write {{story}} now.", "variables.0.name": "story", "variables.0.label": "Tale",
                "variables.0.example": "a ⛴️", "note": ""},
    "wyn": {"role": "Captain", "summary": "Has crossed.", "voice": "Shorter.", "traits": "exact\n\n  dry "},
    "wyn-osei": {"between.0": "osei", "between.1": "wyn", "summary": "Less."},
    "run": RUN,
    "advice": {"type": "text", "text": "Use it *fast*."},
    "motto": {"type": "quote", "text": "Go.", "attribution": "Osei"},
    "snippet": {"type": "code", "text": "x = 1", "language": ""},
    "try-it": {"type": "prompt", "text": "Long.", "prompt": "ending"},
    "ledger": {},
}  # fmt: skip
KEPT: dict[str, dict[str, Any]] = {
    "read-me": {"summary": "Begin there."},
    "opening": {"text": "Write {{story}} now.", "variables": [{"name": "story", "label": "Tale", "example": "a ⛴️"}],
                "note": ""},
    "wyn": {"role": "Captain", "summary": "Has crossed.", "voice": "Shorter.", "traits": ["exact", "dry"]},
    "wyn-osei": {"between": ["osei", "wyn"], "summary": "Less."},
    "run": {
        "steps": [
            {"key": "in", "title": "Paste the scene", "kind": "input"},
            {"key": "write", "title": "Write it", "kind": "prompt", "prompt": "opening", "note": "Twice."},
        ],
        "edges": [{"from": "in", "to": "write", "label": "Ready"}],
    },
    "advice": {"type": "text", "text": "Use it *fast*."},
    "motto": {"type": "quote", "text": "Go.", "attribution": "Osei"},
    "snippet": {"type": "code", "text": "x = 1"},
    "try-it": {"type": "prompt", "text": "Long.", "prompt": "ending"},
}  # fmt: skip
WRONG = [
    ("opening", {"title": "  "}, "title", "Give it a name."),
    ("opening", {"title": "\u200b"}, "title", "Give it a name."),
    ("opening", {"title": "a" * 201}, "title", "Make it shorter: it has 201 characters of at most 200."),
    ("opening", {"text": "é" * 600_000}, "text", "Make it shorter: it has 1.1 MB of at most 1."),
    ("opening", {"text": " ".join(f"{{{{v{n}}}}}" for n in range(51))}, "text", "It names 51 variables of at most 50."),
    ("wyn", {"traits": "a" * 101}, "traits", "In line 1: Make it shorter"),
    ("wyn-osei", {"between.0": "wyn", "between.1": "wyn"}, "between", "Choose two that differ."),
    ("wyn-osei", {"between.0": "wyn", "between.1": "opening"}, "between", "joins two characters"),
    ("run", {**RUN, "steps.0.title": " "}, "steps-0-title", "Say what happens in this step."),
    ("run", {**RUN, "steps.1.prompt": "gone"}, "steps-1-prompt", "This prompt is not in the work any more."),
    ("run", {**RUN, "steps.1.kind": "dance"}, "steps-1-kind", "Choose one of"),
    ("advice", {"type": "poem"}, "type", ""),
    ("try-it", {"type": "prompt", "prompt": "wyn"}, "prompt", "This prompt is not in the work."),
]  # fmt: skip


@pytest.fixture
def work(cast: Cast) -> Work:
    return make_whole_work(cast.alice)


@pytest.mark.parametrize("key", TYPED)
def test_every_kind_is_kept_as_typed(client: Browser, cast: Cast, work: Work, key: str) -> None:
    answer = save(client.as_person(cast.alice), work, key, title="Another name", **TYPED[key])

    item = kept(work, key)
    assert answer.status_code == 303
    assert item.title == "Another name"
    assert item.content == KEPT.get(key, item.content)
    assert "Saved." in client.get(answer.headers["Location"]).text


@pytest.mark.parametrize("key", TYPED)
def test_htmx_is_told_the_state_the_next_revision_and_what_it_becomes(
    client: Browser, cast: Cast, work: Work, key: str
) -> None:
    answer = save(client.as_person(cast.alice), work, key, htmx=True, **TYPED[key])

    assert answer.status_code == 200
    assert "data-saved" in answer.text
    assert f'value="{revision_of(kept(work, key))}"' in answer.text
    assert 'id="works-preview"' in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(("key", "fields", "place", "sentence"), WRONG)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(
    client: Browser, cast: Cast, work: Work, key: str, fields: dict[str, str], place: str, sentence: str, htmx: bool
) -> None:
    before = kept(work, key)
    answer = save(client.as_person(cast.alice), work, key, htmx=htmx, **fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f"i-{key}-{place}-wrong" in answer.text
    assert "Not saved" in answer.text
    assert kept(work, key).content == before.content


def test_everything_typed_is_still_there_after_a_refusal(client: Browser, cast: Cast, work: Work) -> None:
    fields: dict[str, Any] = {"title": "", "text": "Half a {{thought}}, typed.", "note": "<b>kept</b>"}
    page = save(client.as_person(cast.alice), work, "opening", **fields).text

    assert "Half a {{thought}}, typed." in page
    assert "&lt;b&gt;kept&lt;/b&gt;" in page


def test_a_megabyte_is_a_prompt(client: Browser, cast: Cast, work: Work) -> None:
    text = "é" * (512 * 1024)
    answer = save(client.as_person(cast.alice), work, "opening", text=text)

    assert answer.status_code == 303
    assert kept(work, "opening").content["text"] == text


def test_more_than_the_shop_reads_at_once_is_a_sentence(client: Browser, cast: Cast, work: Work) -> None:
    answer = save(client.as_person(cast.alice), work, "opening", text="é" * 1_000_000)

    assert answer.status_code == 413
    assert "too much at once" in answer.text


def test_line_ends_and_control_characters_are_made_plain(client: Browser, cast: Cast, work: Work) -> None:
    save(client.as_person(cast.alice), work, "opening", text="One\r\ntwo\rthree\x00\x07\tfour")

    assert kept(work, "opening").content["text"] == "One\ntwo\nthree\tfour"


def test_variables_are_those_that_the_text_names(client: Browser, cast: Cast, work: Work) -> None:
    fields: dict[str, Any] = {
        "text": "{{ place }} then {{story}} and {{story}}",
        "variables.0.name": "story", "variables.0.label": "Story", "variables.0.example": "a ferry",
        "variables.1.name": "words", "variables.1.label": "Length", "variables.1.example": "80",
    }  # fmt: skip
    answer = save(client.as_person(cast.alice), work, "opening", htmx=True, **fields)

    assert kept(work, "opening").content["variables"] == [
        {"name": "place", "label": "Place", "example": ""},
        {"name": "story", "label": "Story", "example": "a ferry"},
    ]
    assert 'name="variables.2.label" value="Length"' in answer.text  # stays in the editor, should the name come back


def test_a_flow_gains_and_loses_steps_without_script(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    save(client, work, "run", **RUN, deed="add-step")
    grown = kept(work, "run").content
    save(client, work, "run", **RUN, deed="remove:steps.0")
    shrunk = kept(work, "run").content

    assert [step["title"] for step in grown["steps"]] == ["Paste the scene", "Write it", "Step 3"]
    assert grown["edges"][-1] == {"from": "write", "to": grown["steps"][2]["key"]}
    assert [step["key"] for step in shrunk["steps"]] == ["write"]
    assert shrunk["edges"] == []


def test_a_stale_editor_shows_both_texts_and_changes_nothing(client: Browser, cast: Cast, work: Work) -> None:
    began = revision_of(kept(work, "opening"))
    client.as_person(cast.alice)
    save(client, work, "opening", text="Theirs, quick.")

    answer = save(client, work, "opening", text="Mine, slow.", revision=began)

    assert answer.status_code == 409
    for words in ("Keep mine", "Take theirs", "Edit both together", "Theirs, quick.", "Mine, slow."):
        assert words in answer.text
    assert kept(work, "opening").content["text"] == "Theirs, quick."


def test_keeping_mine_edits_from_theirs(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    began = revision_of(kept(work, "opening"))
    save(client, work, "opening", text="Theirs.")
    theirs = revision_of(kept(work, "opening"))

    answer = client.post(
        studio(work, "/items/opening"), data={"title": "Opening", "text": "Mine.", "revision": [began, theirs]}
    )

    assert answer.status_code == 303
    assert kept(work, "opening").content["text"] == "Mine."


def test_editing_both_together_loses_neither(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    began = revision_of(kept(work, "opening"))
    save(client, work, "opening", text="Shared.\nTheirs.\nEnd.")

    page = save(client, work, "opening", text="Shared.\nMine.\nEnd.", revision=began, merge="yes")

    assert page.status_code == 200
    assert "Shared.\nTheirs.\nMine.\nEnd." in page.text
    assert f'name="revision" value="{revision_of(kept(work, "opening"))}"' in page.text
    assert kept(work, "opening").content["text"] == "Shared.\nTheirs.\nEnd."


def test_saving_what_is_there_already_is_no_conflict(client: Browser, cast: Cast, work: Work) -> None:
    client.as_person(cast.alice)
    began = revision_of(kept(work, "opening"))
    for _tab in range(2):
        assert save(client, work, "opening", text="The same.", revision=began).status_code == 303


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_of_two_saves_at_once_one_gets_the_conflict(app: Flask, cast: Cast, work: Work) -> None:
    began, alice, together = revision_of(kept(work, "opening")), cast.alice, threading.Barrier(2)
    db.session.commit()

    def type_and_save(text: str) -> int:
        client = app.test_client()
        assert isinstance(client, Browser)
        client.as_person(alice)
        together.wait(30)
        fields = {"title": "Opening", "text": text, "revision": began}
        return client.post(studio(work, "/items/opening"), data=fields).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(type_and_save, ["One.", "Other."]))

    assert sorted(statuses) == [303, 409]
    assert kept(work, "opening").content["text"] == ("One." if statuses[0] == 303 else "Other.")


def test_a_refused_copy_can_be_read_and_not_edited(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    copy = holding_of(cast.bob, license.public_id).studio_id
    finish(license, "refunded")
    client.as_person(cast.bob)

    answer = client.post(f"/studio/{copy}/items/opening", data={"title": "Mine", "text": "x"})

    assert answer.status_code == 403
    assert "This copy is frozen." in answer.text
    assert "data-autosave" not in client.get(f"/studio/{copy}/items/opening").text


def test_a_viewer_may_look_and_a_stranger_finds_nothing(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice, make_team(cast.alice, "press", viewer=cast.bob))

    assert save(client.as_person(cast.bob), work, "opening", text="x").status_code == 403
    assert save(client.as_person(cast.mallory), work, "opening", text="x").status_code == 404


def test_saving_takes_few_statements(
    client: Browser, cast: Cast, work: Work, count_statements: Callable[..., Any]
) -> None:
    assert work.workspace_id == personal_workspace(cast.alice).id
    client.as_person(cast.alice)
    kept(work, "opening")
    with count_statements() as run:
        save(client, work, "opening", htmx=True, text="Few.")
    assert len(run) <= 12, run
