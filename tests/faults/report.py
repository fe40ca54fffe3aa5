"""One run of the bench from its beginning to its end, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import sqlalchemy as sa

from storefront.kit.db import db
from tests.faults.bench import Bench, Wish, fault_bench
from tests.faults.checker import Broken
from tests.faults.killer import Killer

Tell = Callable[[str], None]
SHOWN = 20  # broken promises and surprises of a kind


@dataclass(frozen=True)
class Report:
    """What a run did, and everything about it that should not be."""

    wish: Wish
    seconds: float
    ways: Mapping[str, int]
    orders: Mapping[str, int]
    events: Mapping[str, int]
    mended: Mapping[str, int]
    kills: Mapping[str, int]
    to_stripe: Mapping[str, int]
    to_shop: Mapping[str, int]
    retries: Mapping[str, int]
    surprises: Mapping[str, int]
    broken: list[Broken]
    is_at_rest: bool

    @property
    def problems(self) -> list[str]:
        """One line for each broken promise, each kind of answer nobody should see, and a shop that never rests."""
        found = [str(each) for each in self.broken]
        found += [f"{times} times: {sentence}" for sentence, times in self.surprises.items()]
        return found if self.is_at_rest else ["Something never came to rest", *found]

    def table(self) -> str:
        """Everything in figures, then the problems."""
        rows: list[tuple[str, object]] = [
            ("seed", self.wish.seed),
            ("seconds", f"{self.seconds:.0f}"),
            ("shoppers", self.wish.shoppers),
            ("purchases", sum(self.ways.values())),
            *_counted(self.ways),
            ("orders", sum(self.orders.values())),
            *_counted(self.orders),
            ("events of Stripe", sum(self.events.values())),
            *_counted(self.events),
            ("mended by sweeps", sum(self.mended.values())),
            *_counted(self.mended),
            ("kills", sum(self.kills.values())),
            *_counted(self.kills),
            ("faults towards Stripe", sum(self.to_stripe.values())),
            *_counted(self.to_stripe),
            ("faults of webhooks", sum(self.to_shop.values())),
            *_counted(self.to_shop),
            ("retries of shoppers", sum(self.retries.values())),
            *_counted(self.retries),
            ("surprising answers", sum(self.surprises.values())),
            ("broken promises", len(self.broken)),
        ]
        lines = [f"{name:<34}{value:>8}" for name, value in rows]
        shown = self.problems[:SHOWN]
        more = len(self.problems) - len(shown)
        return "\n".join([*lines, *shown, *([f"and {more} more"] if more else [])])


def run_bench(
    folder: Path, wish: Wish, *, kill_every: float, most_kills: int | None = None, tell: Tell = lambda _line: None
) -> Report:
    """Shop through bad luck while things are killed, let it come to rest, and check what was promised.

    Something is killed about every ``kill_every`` seconds: until all is bought, or ``most_kills`` times.
    """
    with fault_bench(folder, wish) as bench:
        killer = Killer(
            web=bench.processes["web"], workers=bench.workers, database=bench.database, seed=wish.seed,
            seconds=kill_every, most=most_kills, until_up=bench.wait_until_it_answers,
        )  # fmt: skip
        with _progress(bench, killer, tell):
            try:
                bench.shop()
            finally:
                killer.finish()
        tell("Everything is bought. Letting it come to rest.")
        bench.calm()
        is_at_rest = bench.settle()
        return Report(
            wish=wish, seconds=bench.age, ways=bench.noted.ways, orders=_by(bench, "status", "orders"),
            events=_by(bench, "state", "stripe_events"), mended=_by(bench, "kind", "mendings", "SUM(mended)"),
            kills=killer.kills, to_stripe=bench.stripe.faults, to_shop=bench.webhooks.faults,
            retries=bench.noted.retries, surprises=Counter(bench.noted.surprises),
            broken=bench.broken_promises(), is_at_rest=is_at_rest,
        )  # fmt: skip


@contextmanager
def _progress(bench: Bench, killer: Killer, tell: Tell) -> Iterator[None]:
    """Tell how far it is, every ten seconds."""
    over = Event()

    def run() -> None:
        while not over.wait(10):
            faults = sum(bench.stripe.faults.values()) + sum(bench.webhooks.faults.values())
            kills = sum(killer.kills.values())
            bought = sum(bench.noted.ways.values())
            tell(f"{bench.age:5.0f} s  {bought} of {bench.wish.purchases} purchases, {kills} kills, {faults} faults")

    thread = Thread(target=run, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _by(bench: Bench, column: str, table: str, count: str = "COUNT(*)") -> dict[str, int]:
    """How many rows of a table there are, or what they add up to, by the values of a column."""
    with bench.app.app_context(), db.engine.connect() as connection:
        rows = connection.execute(sa.text(f"SELECT {column}, {count} FROM {table} GROUP BY {column}"))
        return {str(name): int(times) for name, times in rows}


def _counted(counts: Mapping[str, int]) -> list[tuple[str, object]]:
    return [(f"  {name}", times) for name, times in sorted(counts.items(), key=lambda each: -each[1])]
