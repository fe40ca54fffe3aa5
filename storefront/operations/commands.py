"""Doing by hand what the worker does every few minutes."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from storefront.kit.jobs import registry
from storefront.kit.periodic import run_periodic


@click.command()
@with_appcontext
def sweep() -> None:
    """Do all periodic work once, now, and say what was found and mended.

    Leaves with status 1 if something found could not be mended, or some of the work failed.
    """
    is_well = True
    for work in registry().periodic:
        try:
            tallies = run_periodic(work)
        except Exception as error:
            click.echo(f"{work.name}: failed. {type(error).__name__}: {error}")
            is_well = False
            continue
        for tally in tallies:
            click.echo(f"{work.name}: {tally.kind}: {tally.found} found, {tally.mended} mended")
            is_well &= tally.found == tally.mended
    if not is_well:
        raise SystemExit(1)
