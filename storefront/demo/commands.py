"""The command that fills a shop with the demo."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from storefront.catalog.trending import rank
from storefront.config import current as settings
from storefront.demo.load import PASSWORD, fill
from storefront.demo.many.loading import MOST_SEED, fill_many


@click.command("demo")
@click.option("--listings", type=click.IntRange(min=0), default=0, help="So many generated listings more.")
@click.option(
    "--seed", type=click.IntRange(0, MOST_SEED), default=1, show_default=True, help="Which ones: the same for the same."
)
@with_appcontext
def demo(listings: int, seed: int) -> None:
    """Fill the shop with demo accounts and works, once; and with any number of generated listings."""
    if settings().is_production:
        raise click.ClickException("The demo's accounts have a known password; production does without it.")
    made = fill()
    click.echo(f"The demo is in: {made} works." if made else "The demo is in already.")
    for done in fill_many(listings, seed):
        click.echo(f"{done:,} of {listings:,} generated listings are in.")
    if made or listings:
        rank()
    click.echo(f"Sign in as alice, bob, carol or mallory @example.com, password {PASSWORD}.")
