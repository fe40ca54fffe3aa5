"""Ten thousand items: opened, searched, edited, moved and compared in few statements and pages of bounded size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.accounts.queries import personal_workspace
from storefront.kit.db import db, step
from storefront.works.models import MOST_ITEMS, Item, Work
from storefront.works.services import make_work, revision_of
from tests.browser import Browser
from tests.cast import Cast
from tests.works.studio import studio

MANY = 10_000
LARGEST_PAGE = 250_000  # bytes


def make_large_work(by: Person, kind: str, count: int) -> Work:
    """A work of blocks on one page, or of prompts half of which stand on a page: the ways in which a list gets long."""
    page: dict[str, Any] = {"key": "all", "parent_key": None, "position": 0, "kind": "page", "title": "All"}
    content = {"type": "text", "text": "Words. "} if kind == "block" else {"text": "Words. ", "variables": []}
    with step():
        work = make_work(personal_workspace(by), "project", "Large", [{**page, "content": {}}])
        number = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
        number = number.union_all(sa.select(number.c.n + 1).where(number.c.n < count - 1))
        n = number.c.n
        parent = sa.literal("all") if kind == "block" else sa.case((n % 2 == 0, "all"))
        name = sa.cast(n, sa.String)
        rows = sa.select(
            sa.literal(work.id), sa.literal("k") + name, parent, n, sa.literal(kind), sa.literal("Item ") + name,
            sa.literal(content, Item.content.type),
        )  # fmt: skip
        columns = ["work_id", "key", "parent_key", "position", "kind", "title", "content"]
        db.session.execute(sa.insert(Item).from_select(columns, rows))
    return work


@pytest.fixture(params=["prompt", "block"])
def work(cast: Cast, request: pytest.FixtureRequest) -> Work:
    return make_large_work(cast.alice, request.param, MANY - 1)  # the one that is added below makes them whole


def test_what_one_does_in_a_large_work_stays_small(
    client: Browser, cast: Cast, work: Work, count_statements: Callable[..., Any]
) -> None:
    item = db.session.get_one(Item, (work.id, "k5001"))
    revision, kind = revision_of(item), item.kind
    client.as_person(cast.alice)
    typed = {"title": "Changed", "type": "text", "text": "Other words.", "revision": revision}
    deeds: dict[str, Callable[[], Any]] = {
        "open": lambda: client.get(studio(work, "/items/all")),
        "find": lambda: client.htmx(studio(work, "/items/all?find=item")),
        "save": lambda: client.htmx(studio(work, "/items/k5001"), method="POST", data=typed),
        "move": lambda: client.post(studio(work, "/items/k5001/place"), data={"way": "up"}),
        "drop": lambda: client.post(studio(work, "/items/k5001/place"), data={"way": "before", "target": "k1"}),
        "add": lambda: client.post(studio(work, "/items"), data={"kind": kind, "beside": "all", "inside": "yes"}),
        "publish": lambda: client.post(studio(work, "/versions"), data={"changelog": "All."}),
        "compare": lambda: client.get(studio(work, "/compare")),
        "restore": lambda: client.post(studio(work, "/versions/1/restoration")),
        "duplicate": lambda: client.post(studio(work, "/items/all/copies")),
        "delete": lambda: client.post(studio(work, "/items/all/deletion")),
    }  # fmt: skip
    counts, sizes = {}, {}
    for name, deed in deeds.items():
        with count_statements() as run:
            answer = deed()
        counts[name], sizes[name] = len(run), len(answer.data)
        assert answer.status_code < 400, name
    assert max(counts.values()) <= 24, counts
    assert max(sizes.values()) <= LARGEST_PAGE, sizes


def test_a_full_work_takes_no_more(client: Browser, cast: Cast) -> None:
    work = make_large_work(cast.alice, "prompt", MOST_ITEMS)
    answer = client.as_person(cast.alice).post(studio(work, "/items"), data={"kind": "prompt"})

    assert answer.status_code == 422
    assert "A work holds at most 20,000 items." in answer.text
    assert db.session.get_one(Work, work.id).updated_at == work.updated_at
