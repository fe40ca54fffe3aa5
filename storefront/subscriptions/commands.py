"""Commands for whoever connects the shop to Stripe."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from storefront.payments.gateway import PaymentRefused, PaymentsDown, livemode
from storefront.subscriptions.setup import set_up

group = AppGroup("stripe", help="Look after the Stripe account.")


@group.command("setup")
@click.option("--dry-run", is_flag=True, help="Say what is missing, and make nothing.")
@click.option("--prices-only", is_flag=True, help="Leave the webhook endpoints alone.")
def setup(dry_run: bool, prices_only: bool) -> None:
    """Make products, prices and both webhook endpoints in the Stripe account, unless they are there.

    Run it again after each release and whenever a price changes: what is right stays as it is.
    """
    click.echo(f"In {'live' if livemode() else 'test'} mode{', without making anything' if dry_run else ''}:")
    said = 0
    try:
        for sentence in set_up(dry_run=dry_run, endpoints=not prices_only):
            click.echo(sentence)
            said += 1
    except PaymentRefused as refusal:
        raise click.ClickException(
            f"Stripe refused: {refusal.reason or refusal.code or 'no reason given'}"
        ) from refusal
    except PaymentsDown as error:
        raise click.ClickException("Stripe does not answer. Run it again; what was made stays.") from error
    if not said:
        click.echo("Everything is there.")
