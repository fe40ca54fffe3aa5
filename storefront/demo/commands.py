"""The command that fills a shop with the demo."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from storefront.catalog.trending import rank
from storefront.config import current as settings
from storefront.demo.load import PASSWORD, fill
from storefront.kit.db import step


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Fill the shop with demo accounts and works, once."""
    if settings().is_production:
        raise click.ClickException("The demo's accounts have a known password; production does without it.")
    with step():
        made = fill()
    if made:
        rank()
    click.echo(f"The demo is in: {made} works." if made else "The demo is in already.")
    click.echo(f"Sign in as alice, bob, carol or mallory @example.com, password {PASSWORD}.")
