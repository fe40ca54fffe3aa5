"""``storefront operator``: who runs the platform."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from storefront.accounts.queries import find_person
from storefront.accounts.services import make_operator
from storefront.kit.db import step

operator = AppGroup("operator", help="Decide who runs the platform.")


@operator.command()
@click.argument("email", metavar="E-MAIL")
def grant(email: str) -> None:
    """Let the person with this e-mail run the platform."""
    with step():
        person = find_person(email)
        if person is None:
            raise click.ClickException(f"Nobody has signed up as {email}. They must make an account first.")
        if person.is_operator:
            click.echo(f"{person.name} <{person.email}> runs the platform already.")
            return
        make_operator(person)
    click.echo(f"{person.name} <{person.email}> runs the platform now.")
