"""The fault bench at length, for ``make soak``: tells how far it is, then a table; 1 if a promise is broken."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.faults.bench import Wish
from tests.faults.report import run_bench


def main() -> int:
    """Run as large as SEED, PURCHASES, SHOPPERS and KILL_EVERY (seconds) say, on ENGINE."""
    seed = int(os.environ.get("SEED") or time.time())
    purchases = int(os.environ.get("PURCHASES") or 2000)
    shoppers = int(os.environ.get("SHOPPERS") or 50)
    kill_every = float(os.environ.get("KILL_EVERY") or 4)
    engine = os.environ.get("ENGINE") or "postgresql"
    folder = Path(tempfile.mkdtemp(prefix="storefront-soak-"))
    click.echo(f"{purchases} purchases by {shoppers} shoppers on {engine}. To run it again: make soak SEED={seed}")
    report = run_bench(folder, Wish(seed, shoppers, purchases, engine), kill_every=kill_every, tell=click.echo)
    click.echo(report.table())
    if report.problems:
        click.echo(f"What the processes said is in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
