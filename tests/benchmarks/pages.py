"""What pages cost: a stranger's, at a size of the shop, beside the floor's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.benchmarks.floor import make_floor
from tests.benchmarks.measure import by_turns, call, environ, in_turn
from tests.benchmarks.shops import BenchShop

TAGS = ("writing", "planning", "research", "creative", "work", "teaching")
WORDS = ("draft", "plan", "letter", "review", "notes", "interview")


def pages(shop: BenchShop, folder: Path, rounds: int) -> dict[str, float]:
    """Median microseconds of each page, all by turns. Names with ``floor`` are the floor's."""
    floor = make_floor(folder, shop.file)
    listings = [f"/listings/{slug}" for slug in shop.slugs(40)]
    tags = [f"/catalog?tag={tag}" for tag in TAGS]
    tag = call(shop.keeping, "/catalog")[1]["ETag"]
    return by_turns(
        {
            "floor hello": in_turn(floor, [environ("/hello")]),
            "floor catalog": in_turn(floor, [environ("/catalog")]),
            "floor listing": in_turn(floor, map(environ, listings)),
            "landing": in_turn(shop.plain, [environ("/")]),
            "catalog": in_turn(shop.plain, map(environ, deeper(shop.plain, "/catalog"))),
            "tag": in_turn(shop.plain, map(environ, tags)),
            "newest": in_turn(shop.plain, map(environ, deeper(shop.plain, "/catalog?sort=newest"))),
            "search": in_turn(shop.plain, (environ(f"/catalog?q={word}") for word in WORDS)),
            "listing": in_turn(shop.plain, map(environ, listings)),
            "landing, kept": in_turn(shop.keeping, [environ("/")]),
            "catalog, kept": in_turn(shop.keeping, [environ("/catalog")]),
            "tag, kept": in_turn(shop.keeping, [environ(tags[0])]),
            "listing, kept": in_turn(shop.keeping, [environ(listings[0])]),
            "catalog, 304": in_turn(shop.keeping, [environ("/catalog", If_None_Match=tag)], 304),
        },
        rounds,
    )


def deeper(app: Any, address: str, many: int = 6) -> list[str]:
    """The first pages of a list, by following its own links."""
    found = [address]
    while len(found) < many:
        page = call(app, found[-1])[2].decode()
        before, mark, _after = page.partition('rel="next"')
        if not mark:
            break
        link = before.rpartition('href="')[2].partition('"')[0]
        found.append(link.replace("&amp;", "&"))
    return found
