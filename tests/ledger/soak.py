"""The market at length, for ``make soak``: tells how far it is, then how often what happened."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import click

from storefront.sandbox.server import start
from storefront.sandbox.settings import Settings as SandboxSettings
from tests.conftest import Shop, make_app
from tests.ledger.market import play
from tests.stripe import SECRET_KEY, Stripe


def main() -> int:
    """Play STEPS steps from SEED on, on SQLite."""
    steps, seed = int(os.environ.get("STEPS") or 50_000), int(os.environ.get("SEED") or time.time())
    click.echo(f"{steps} steps of buyers, creators, banks and Stripe. To play them again: make soak SEED={seed}")
    with tempfile.TemporaryDirectory(prefix="storefront-market-") as name:
        folder = Path(name)
        running = start(SandboxSettings(database=folder / "sandbox.db", secret_key=SECRET_KEY, port=0))
        app = make_app(folder, database_url=f"sqlite:///{folder}/shop.db", stripe_api_base=running.url)
        counted = play(
            Shop(app, folder), Stripe(running.url), steps, start=seed, tell=lambda made: click.echo(f"{made} steps")
        )
        running.close()
    for what, times in sorted(counted.items()):
        click.echo(f"{times:>8}  {what}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
