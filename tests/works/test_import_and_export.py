"""Works as text: out and in again, from Markdown, and what is refused by line and field."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import sqlalchemy as sa

from storefront.accounts.queries import personal_workspace
from storefront.events.models import Event
from storefront.kit.db import db, step
from storefront.library.holdings import holding_of
from storefront.works.models import Item, Work
from storefront.works.services import make_work
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold
from tests.works.studio import kept, keys, state, studio
from tests.works.whole_work import make_whole_work
from tests.worlds import make_offer, make_team

FILE = {"name": "x", "content_type": "text/csv", "size": 1}
MARKDOWN = """\
Before all headings.

# Opening lines

How to *begin*.
On two lines.

- a list
- of two

## Try these

```prompt First line
Write the first line of {{ story }} for {{reader}}.
```

```prompt
Now the last one.
```

> Begin late.
> Leave early.
> — An editor

```py
print("# no heading")
```

Drafts
======

| a | b |
|---|---|
| 1 | 2 |

---

<script>alert(1)</script>
"""


@pytest.fixture
def work(cast: Cast) -> Work:
    with step():
        return make_work(personal_workspace(cast.alice), "pack", "Empty so far")


def take_in(client: Browser, work: Work, text: str | bytes, name: str = "", *, status: int = 303) -> str:
    """Import a file of this name, or without one a text that is pasted; returns the page that answers."""
    data: dict[str, Any] = {"text": text}
    if name:
        data = {"file": (io.BytesIO(text.encode() if isinstance(text, str) else text), name)}
    answer = client.post(studio(work, "/import"), data=data, content_type="multipart/form-data")
    assert answer.status_code == status
    return answer.text


def document(*items: dict[str, Any], **more: Any) -> str:
    return json.dumps({"format": "storefront.work", "version": 1, "items": list(items), **more})


def item(key: str, kind: str = "page", parent: str | None = None, **more: Any) -> dict[str, Any]:
    return {"key": key, "parent": parent, "kind": kind, "title": key.title(), "content": {}, **more}


def test_markdown_becomes_pages_blocks_and_prompts(client: Browser, cast: Cast, work: Work) -> None:
    take_in(client.as_person(cast.alice), work, MARKDOWN, "notes.md")

    pages = [kept(work, key) for key in keys(work)]
    assert [page.title for page in pages] == ["notes", "Opening lines", "Drafts"]
    below = [[kept(work, key) for key in keys(work, page.key)] for page in pages]
    assert [each.content for each in below[0]] == [{"type": "text", "text": "Before all headings."}]
    text, heading, first, second, quote, code = below[1]
    assert text.content["text"] == "How to *begin*.\nOn two lines.\n\n- a list\n- of two"
    assert heading.content == {"type": "heading", "text": "Try these"}
    assert (first.kind, first.title) == ("prompt", "First line")
    assert [each["name"] for each in first.content["variables"]] == ["story", "reader"]
    assert (second.title, second.content["text"]) == ("Try these", "Now the last one.")
    assert quote.content == {"type": "quote", "text": "Begin late.\nLeave early.", "attribution": "An editor"}
    assert code.content == {"type": "code", "text": 'print("# no heading")', "language": "py"}
    assert below[2][0].content["text"].startswith("| a | b |")
    assert "<script>alert" not in client.get(studio(work, f"/items/{pages[2].key}")).text
    assert db.session.scalars(sa.select(Event.name).order_by(Event.id)).all()[-1] == "work.imported"


def test_what_is_exported_can_be_imported_again(client: Browser, cast: Cast, work: Work) -> None:
    whole = make_whole_work(cast.alice)
    text = client.as_person(cast.alice).get(studio(whole, "/export.json")).text
    take_in(client, work, text, "whole.json")

    def without_places(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [(key, parent, *rest) for key, parent, _position, *rest in rows]

    assert without_places(state(work)) == without_places(state(whole))
    assert keys(work) == keys(whole)
    assert keys(work, "read-me") == keys(whole, "read-me")


def test_keys_that_are_taken_give_way_with_all_references(client: Browser, cast: Cast) -> None:
    whole = make_whole_work(cast.alice)
    before = state(whole)
    text = client.as_person(cast.alice).get(studio(whole, "/export.json")).text
    take_in(client, whole, text)

    after = state(whole)
    assert len(after) == 2 * len(before)
    assert [row for row in after if row[0] in {key for key, *_rest in before}] == before
    run = next(row for row in after if row[4] == "The daily run" and row[0] != "run")
    prompt = run[5]["steps"][1]["prompt"]
    assert prompt != "opening"
    assert kept(whole, prompt).title == "Opening"


@pytest.mark.parametrize(
    ("text", "where", "sentence"),
    [
        ('{"format":\n oops}', "line 2", "This is not JSON"),
        ("{}", "format", "An exported work says"),
        (document(version=2), "version", "This shop reads version 1"),
        (document(), "the file", "There is nothing in it."),
        ("[" * 100_000, "the form", ""),
        (document(item("a"), "b"), "items[1]", "This should be an object."),  # type: ignore[arg-type]
        (document(item("a", title=3)), "items[0].title", "This should be text."),
        (document(item("a"), item("a")), "items[0].key", "is there 2 times"),
        (document(item("a b")), "items[0].key", "A key has letters"),
        (document(item("a", title="  ")), "items[0].title", "Give it a name."),
        (document(item("a", "poem")), "items[0].kind", "There is no kind"),
        (document(item("a", "block")), "items[0].parent", "A block belongs to a page."),
        (document(item("a", parent="b")), "items[0].parent", "There is no item b"),
        (document(item("a", parent="b"), item("b", parent="a")), "items[0].parent", "It stands inside itself"),
        (document(item("a", "prompt"), item("b", parent="a")), "items[1].parent", "Only pages hold other items."),
        (document(item("a", content={"poem": "x"})), "items[0].content.poem", "There is no such field."),
        (document(item("a", content={"summary": 3})), "items[0].content.summary", "This should be text."),
        (document(item("a", content={"summary": "\x00"})), "items[0].content.summary", "control characters"),
        (document(item("a", "prompt", content={"text": "x", "variables": {}})), "items[0].content.variables", "a list"),
        (
            document(item("a", "graph", content={"steps": [], "edges": [{"from": "x", "to": "y"}]})),
            "items[0].content.edges.0.from", "This step is not in the flow.",
        ),
        (document(item("a", "relationship", content={"between": ["a"]})), "items[0].content.between", "two characters"),
        (
            document(item("a", "file", content={**FILE, "sha256": "0" * 64})),
            "items[0].content.sha256", "Files do not travel in JSON.",
        ),
        ("# Page\n\ntext\n\n```prompt\nnever closed", "line 5", "This fence is never closed."),
        (f"# {'long ' * 60}", "line 1", "Make it shorter"),
        ("  \n ", "the form", "Choose a file"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_its_place_and_nothing_is_kept(
    client: Browser, cast: Cast, work: Work, text: str, where: str, sentence: str
) -> None:
    page = take_in(client.as_person(cast.alice), work, text, "x.json" if text[:1] == "[" else "", status=422)

    assert "Nothing was imported." in page
    assert where == "the form" or f">{where}</code>" in page
    assert sentence in page
    assert db.session.scalars(sa.select(Item)).all() == []


def test_a_file_that_is_no_text_says_on_which_line(client: Browser, cast: Cast, work: Work) -> None:
    page = take_in(client.as_person(cast.alice), work, b"# fine\n\xff\xfe", "x.md", status=422)
    assert ">line 2</code>: This is not text in UTF-8." in page


def test_a_file_that_is_too_large_is_refused(client: Browser, cast: Cast, work: Work) -> None:
    page = take_in(client.as_person(cast.alice), work, b"a" * (16 * 1024 * 1024 + 1), "x.md", status=422)
    assert "It has more than 16 MB." in page
    answer = client.post(
        studio(work, "/import"), data={"file": (io.BytesIO(b"a" * (25 * 1024 * 1024)), "x.md")},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert answer.status_code == 413


def test_a_refunded_copy_is_not_exported(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    copy = f"/studio/{holding_of(cast.bob, license.public_id).studio_id}"
    client.as_person(cast.bob)
    assert client.get(f"{copy}/export.json").status_code == 200
    finish(license, "refunded")

    assert client.get(f"{copy}/export.json").status_code == 403
    assert client.post(f"{copy}/import", data={"text": "# x"}).status_code == 403


def test_a_viewer_exports_and_does_not_import(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice, make_team(cast.alice, "press", viewer=cast.bob))

    for person, out, into in ((cast.bob, 200, 403), (cast.mallory, 404, 404)):
        client.as_person(person)
        assert client.get(studio(work, "/export.json")).status_code == out
        assert client.get(studio(work, "/import")).status_code == into
        assert client.post(studio(work, "/import"), data={"text": "# x"}).status_code == into
