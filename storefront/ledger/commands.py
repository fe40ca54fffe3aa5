"""Commands for whoever keeps the books."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from storefront.accounts.models import Workspace
from storefront.kit.db import db
from storefront.ledger import checking, earnings, keys, reconciling, sealing, statements
from storefront.payments.gateway import PaymentsDown

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


@group.command("reconcile")
def reconcile() -> None:
    """Compare the books with Stripe's balance transactions and list what differs.

    Leaves with status 1 if anything does. What is on its way between the two, for a minute or so, differs.
    """
    try:
        found = reconciling.reconcile()
    except PaymentsDown as why:
        raise click.ClickException("Stripe does not answer. Try again in a minute.") from why
    for finding in found.findings:
        click.echo(finding)
    if found.findings:
        raise SystemExit(1)
    click.echo(f"The books are Stripe's: {found.looked_at:,} movements.")


def _month(_context: click.Context, _param: click.Parameter, text: str) -> date:
    try:
        return earnings.month_of(text)
    except ValueError:
        raise click.BadParameter("write a month as 2026-11") from None


@group.command("statement")
@click.argument("workspace", metavar="WORKSPACE")
@click.option("--month", required=True, callback=_month, help="Such as 2026-11.")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="A folder.")
def statement(workspace: str, month: date, into: Path) -> None:
    """Write a month's statement of WORKSPACE, named by its handle, as HTML, CSV and JSON."""
    sealing.seal_all()
    found = db.session.scalar(sa.select(Workspace).where(Workspace.handle == workspace.removeprefix("@").lower()))
    if found is None:
        raise click.ClickException(f"There is no workspace @{workspace}.")
    content = statements.statement_of(found, month)
    into.mkdir(parents=True, exist_ok=True)
    for format in statements.FORMATS:
        path = into / statements.file_name(content, format)
        path.write_bytes(statements.statement_file(content, format))
        click.echo(path)


@group.command("verify", with_appcontext=False)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--fingerprint", default="", help="Refuse any key but this one, as the shop shows it.")
def verify(file: Path, fingerprint: str) -> None:
    """Prove that the statement FILE is as its shop signed it. Needs neither the shop nor its database."""
    try:
        found = statements.verify(file.read_bytes())
    except statements.NotGenuine as why:
        raise click.ClickException(f"{file.name}: {why}") from why
    except OSError as why:
        raise click.ClickException(f"{file} can't be read: {why.strerror}.") from why
    expected = fingerprint.replace(" ", "").lower()
    if expected and expected != found.fingerprint.replace(" ", ""):
        raise click.ClickException(f"{file.name} was signed by another key: {found.fingerprint}")
    click.echo(f"{file.name} is as it was signed. Key: {found.fingerprint}")
    if not expected:
        click.echo("Compare the key with the one on your earnings page.")


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
