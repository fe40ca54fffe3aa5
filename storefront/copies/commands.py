"""Commands for whoever closes the pool's months."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from storefront.copies import pool
from storefront.copies.months import end_of
from storefront.copies.preview import preview

group = AppGroup("pool", help="Share out what All-Access was paid.")


@group.command("close")
@click.option("--month", required=True, metavar="YYYY-MM", help="Which month, in UTC.")
@click.option("--dry-run", is_flag=True, help="Say what it would do, and do nothing.")
def close(month: str, dry_run: bool) -> None:
    """Close a month that is over: credit creators, and give the platform what is left. Again, it changes nothing."""
    try:
        if dry_run:
            _say(month)
            return
        is_new = pool.close(month)
    except ValueError:
        raise click.BadParameter("write it as 2026-11", param_hint="--month") from None
    except (pool.MonthNotOver, pool.EarlierMonthOpen) as refusal:
        raise click.ClickException(refusal.message) from None
    click.echo(f"{month} is closed." if is_new else f"{month} was closed before.")


def _say(month: str) -> None:
    end_of(month)  # refuses what is no month
    if pool.is_closed(month):
        click.echo(f"{month} is closed.")
        return
    for each in preview(month):
        click.echo(
            f"{month} credits {each.credit} to {each.workspaces} workspaces for {each.copies} copies; {each.back} goes "
            f"back with payments; the shop gets {each.rest}."
        )
    click.echo("Nothing was written.")
