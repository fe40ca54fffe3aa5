"""``make bench``: a table of what pages and purchases cost beside the floor, and whether the targets are met."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.closing import closing
from tests.benchmarks.fulfilment import fulfilment
from tests.benchmarks.pages import pages
from tests.benchmarks.payouts import payouts
from tests.benchmarks.shops import make_shop

Times = dict[str, float]


@dataclass(frozen=True)
class Target:
    """``page`` shall answer at least ``least`` times as often as ``floor`` does."""

    page: str
    floor: str
    least: float


TARGETS = (
    Target("landing", "floor catalog", 0.5),
    Target("catalog", "floor catalog", 0.5),
    Target("tag", "floor catalog", 0.5),
    Target("search", "newest", 0.5),
    Target("listing", "floor listing", 0.5),
    Target("landing, kept", "floor catalog", 2),
    Target("catalog, kept", "floor catalog", 2),
    Target("tag, kept", "floor catalog", 2),
    Target("listing, kept", "floor listing", 0.5),
    Target("catalog, 304", "floor catalog", 2),
    Target("webhook", "bare", 0.6),
)
GROWN = ("landing", "catalog", "tag", "newest", "search", "listing", "webhook")
MOST_LOST = 0.10
MOST_BESIDE_BARE = 2  # times the bare sum that finding what is due, or closing a month, may take


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 100_000], help="listings of each shop")
    parser.add_argument("--rounds", type=int, default=100, help="turns of each page")
    parser.add_argument("--orders", type=int, default=300, help="purchases in each shop")
    parser.add_argument("--postings", type=int, default=1_000_000, help="of 10,000 creators; 0 leaves payouts out")
    parser.add_argument("--copies", type=int, default=1_000_000, help="a creator has 1,000; 0 leaves closing out")
    parser.add_argument("--shops", type=Path, help="a folder in which the shops stay, to be used again")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="storefront-bench-") as name:
        shops = [make_shop(asked.shops or Path(name), size) for size in asked.sizes]
        found = {shop.listings: pages(shop, Path(name), asked.rounds) for shop in shops}
        for shop in shops:
            found[shop.listings] |= fulfilment(shop, Path(name), asked.orders)
        due = payouts(Path(name), 10_000, asked.postings) if asked.postings else {}
        closed = closing(Path(name), max(10, asked.copies // 1_000), asked.copies) if asked.copies else {}
    for size, times in found.items():
        print_targets(size, times)
    if len(found) > 1:
        print_growth(found)
    print_payouts(due, asked.postings)
    print_closing(closed, asked.copies)


def print_targets(size: int, times: Times) -> None:
    print(f"\n| {size:,} listings | µs | beside | µs | ratio | target | |\n|---|---|---|---|---|---|---|")
    for target in TARGETS:
        page, floor = times[target.page], times[target.floor]
        verdict = "met" if floor / page >= target.least else "missed"
        print(
            f"| {target.page} | {page:,.0f} | {target.floor} | {floor:,.0f} "
            f"| {floor / page:.2f} | {target.least:g} | {verdict} |"
        )


def print_growth(found: dict[int, Times]) -> None:
    small, large = min(found), max(found)
    print(f"\n| {small:,} to {large:,} listings | µs | µs | slower by | target | |\n|---|---|---|---|---|---|")
    for page in GROWN:
        before, after = found[small][page], found[large][page]
        lost = 1 - before / after
        verdict = "met" if lost <= MOST_LOST else "missed"
        print(f"| {page} | {before:,.0f} | {after:,.0f} | {lost:.0%} | {MOST_LOST:.0%} | {verdict} |")


def print_payouts(due: dict[str, Times], postings: int) -> None:
    if due:
        print(f"\n| what is due, {postings:,} postings | ms | bare sum | sealed in, s | ratio | at most | |")
        print("|---|---|---|---|---|---|---|")
    for engine, times in due.items():
        ratio = times["one pass"] / times["bare"]
        verdict = "met" if ratio <= MOST_BESIDE_BARE else "missed"
        print(
            f"| {engine} | {times['one pass']:,.0f} | {times['bare']:,.0f} | {times['sealed']:,.0f} "
            f"| {ratio:.2f} | {MOST_BESIDE_BARE} | {verdict} |"
        )


def print_closing(closed: dict[str, Times], copies: int) -> None:
    if closed:
        print(
            f"\n| closing a month, {copies:,} copies | ms | bare sum | ratio | at most | |\n|---|---|---|---|---|---|"
        )
    for engine, times in closed.items():
        took, bare = times["close"], times["bare"]
        verdict = "met" if took / bare <= MOST_BESIDE_BARE else "missed"
        print(f"| {engine} | {took:,.0f} | {bare:,.0f} | {took / bare:.2f} | {MOST_BESIDE_BARE} | {verdict} |")


if __name__ == "__main__":
    main()
