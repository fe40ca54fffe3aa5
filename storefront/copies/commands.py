"""Commands for whoever closes the pool's months."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from storefront.copies import pool

group = AppGroup("pool", help="Share out what All-Access was paid.")


@group.command("close")
@click.option("--month", required=True, metavar="YYYY-MM", help="Which month, in UTC.")
def close(month: str) -> None:
    """Close a month that is over: credit creators, and give the platform what is left. Again, it changes nothing."""
    try:
        is_new = pool.close(month)
    except ValueError:
        raise click.BadParameter("write it as 2026-11", param_hint="--month") from None
    except (pool.MonthNotOver, pool.EarlierMonthOpen) as refusal:
        raise click.ClickException(refusal.message) from None
    click.echo(f"{month} is closed." if is_new else f"{month} was closed before.")
