"""Cloning a work of ten thousand items and two hundred files: few statements, nothing read, memory that stays level."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storefront.catalog.models import Listing
from storefront.kit.db import db, step
from storefront.library.models import Clone
from storefront.licenses.models import License
from storefront.licenses.queries import live_license
from storefront.media.models import Media
from storefront.media.services import keep, store
from storefront.works.models import Item, VersionItem
from storefront.works.shapes import MEGABYTE
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import hold
from tests.works.test_clone import same_item
from tests.worlds import make_offer

FILES = 200
TEXT = "Some words. " * 80  # a kilobyte an item: ten thousand would be seen at once
MOST_STATEMENTS = 24


def offer_of(cast: Cast, count: int, title: str) -> Listing:
    """A free listing of ``count`` items: pages of prompts, a flow and a block for every ten, and the files."""
    stored = [store(f"{title} {number}".encode(), "text/plain") for number in range(FILES)]
    with step():
        for each in stored:
            keep(each)
    rows: list[dict[str, Any]] = []
    for number in range(count - FILES):
        page, last = f"k{number // 10 * 10}", f"k{number - 1}"
        kinds: dict[int, tuple[str, dict[str, Any], str | None]] = {
            0: ("page", {"summary": TEXT}, None),
            8: ("block", {"type": "prompt", "text": TEXT, "prompt": last}, page),
            9: ("graph", {"steps": [{"key": "s", "title": TEXT, "kind": "prompt", "prompt": f"{page[:-1]}1"}]}, page),
        }
        kind, content, parent = kinds.get(number % 10, ("prompt", {"text": TEXT, "variables": []}, page))
        rows.append(item(f"k{number}", parent, number, kind, content))
    for number, each in enumerate(stored):
        named = {"name": f"{number}.txt", "content_type": "text/plain", "size": each.size, "sha256": each.sha256}
        rows.append(item(f"f{number}", None, count + number, "file", named))
    return make_offer(cast.alice, title, price=0, items=rows)


def item(key: str, parent: str | None, position: int, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": key, "parent_key": parent, "position": position, "kind": kind, "title": f"Item {key}",
        "content": content,
    }  # fmt: skip


def clone_again(client: Browser, license: License) -> None:
    assert client.post(f"/licenses/{license.public_id}/clones").status_code == 303


def reads_contents(statement: str) -> bool:
    """Whether a statement brings contents to Python; what stays in the database does not."""
    comes_back = not statement.startswith(("INSERT", "UPDATE", "DELETE")) or "RETURNING" in statement
    return comes_back and bool(re.search(r"\bcontent\b|\*", statement.rpartition("RETURNING")[2]))


def kept_files(client: Browser) -> list[Path]:
    return sorted(Path(client.application.config["STORAGE_URL"]).rglob("*"))


def test_a_large_work_is_got_and_cloned_again_in_few_statements(
    client: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    listing = offer_of(cast, 10_000, "Large")
    client.as_person(cast.bob)
    files, media = kept_files(client), count(Media)
    assert len(files) > media == FILES

    runs = []
    with count_statements() as run:
        client.post(f"/listings/{listing.slug}/orders", data={"price": 0, "currency": "USD"})
    runs.append(run)
    license = live_license(cast.bob, listing.id)
    assert license is not None
    with count_statements() as run:
        clone_again(client, license)
    runs.append(run)

    assert max(map(len, runs)) <= MOST_STATEMENTS, [len(run) for run in runs]
    assert [statement for run in runs for statement in run if reads_contents(statement)] == []
    assert (kept_files(client), count(Media)) == (files, media)
    for work_id in db.session.scalars(sa.select(Clone.work_id)):
        alike = sa.select(sa.func.count()).select_from(Item).join(VersionItem, same_item(listing.version_id or 0))
        assert db.session.scalar(alike.where(Item.work_id == work_id, Item.key == VersionItem.key)) == 10_000


def count(table: Any) -> int:
    return db.session.scalars(sa.select(sa.func.count()).select_from(table)).one()


def test_ten_times_the_items_take_no_more_memory(client: Browser, cast: Cast) -> None:
    small = hold(cast.bob, offer_of(cast, 1_000, "Small"))
    large = hold(cast.bob, offer_of(cast, 10_000, "Large"))
    client.as_person(cast.bob)
    clone_again(client, small)  # whatever is made once and kept is made by now

    peaks = []
    for license in (small, large):
        db.session.expire_all()
        tracemalloc.start()
        clone_again(client, license)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 1.5 * peaks[0], peaks
    assert len(TEXT) * 10_000 > 4 * MEGABYTE > 2 * peaks[1], peaks
