"""Commands for whoever pays creators."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from storefront.kit import clock
from storefront.payouts import payout_queries, runs, words

group = AppGroup("payouts", help="Pay creators.")


@group.command("run")
@click.option("--dry-run", is_flag=True, help="Say who would be paid, and write nothing.")
def run(dry_run: bool) -> None:
    """Run this month's payouts now. A workspace is paid once a month, however often this is run; the worker sends."""
    now = clock.now()
    month = runs.month_of(now)
    verdicts = runs.preview(month, now)
    handles = payout_queries.handles([each.workspace_id for each in verdicts])
    for each in verdicts:
        why = f"skipped: {words.SKIPPED[each.reason]}" if each.reason else "paid"
        click.echo(f"@{handles[each.workspace_id]}  {each.money}  {why}")
    if dry_run:
        click.echo(f"{sum(not each.reason for each in verdicts)} would be paid in {month}.")
        return
    click.echo(f"{len(runs.prepare(month, now))} payouts of {month} are on their way.")
