"""Commands for whoever keeps the books."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from storefront.ledger import checking, keys, sealing

group = AppGroup("ledger", help="Look after the books.")


@group.command("seal")
def seal() -> None:
    """Seal what was booked, without waiting for the worker."""
    click.echo(f"{sealing.seal_all()} postings sealed.")


@group.command("check")
def check() -> None:
    """Prove the books: balance, seals, roll-ups, and that sales and licenses are the same.

    Leaves with status 1 and names what does not fit.
    """
    found = checking.check_books()
    for finding in found.findings:
        click.echo(finding)
    if found.findings:
        click.echo(f"{len(found.findings)} things do not fit, of {found.looked_at:,} postings.")
        raise SystemExit(1)
    click.echo(f"The books are right: {found.looked_at:,} postings.")


@group.command("key")
@click.option("--new", is_flag=True, help="Make a key that signs from now on; the one before stays to prove.")
def key(new: bool) -> None:
    """Show the shop's keys by their fingerprints, the one that signs first."""
    try:
        found = keys.make_key() if new else keys.keys()
    except keys.KeyMissing as why:
        raise click.ClickException(str(why)) from why
    for id, public in found.public.items():
        click.echo(f"{keys.fingerprint(public)}  {'signs' if id == found.id else 'signed before'}")
