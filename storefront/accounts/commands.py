"""``storefront operator``: who runs the platform, and what operators do to accounts."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from storefront.accounts.models import PLANS, Person
from storefront.accounts.plans import plan_of
from storefront.accounts.queries import find_person
from storefront.accounts.services import grant_plan, make_operator
from storefront.kit.db import step

operator = AppGroup("operator", help="Decide who runs the platform, and who is on which plan.")


@operator.command()
@click.argument("email", metavar="E-MAIL")
def grant(email: str) -> None:
    """Let the person with this e-mail run the platform."""
    with step():
        person = _somebody(email)
        if person.is_operator:
            click.echo(f"{person.name} <{person.email}> runs the platform already.")
            return
        make_operator(person)
    click.echo(f"{person.name} <{person.email}> runs the platform now.")


@operator.command("plan")
@click.argument("email", metavar="E-MAIL")
@click.argument("plan", type=click.Choice(PLANS))
def put_on_plan(email: str, plan: str) -> None:
    """Give the person with this e-mail a plan. Who pays for a better one keeps that."""
    with step():
        person = _somebody(email)
        before = person.plan
        grant_plan(person, plan)
        already = "already" if person.plan == before else "now"
    click.echo(f"{person.name} <{person.email}> is on {plan_of(person).title} {already}.")


def _somebody(email: str) -> Person:
    person = find_person(email)
    if person is None:
        raise click.ClickException(f"Nobody has signed up as {email}. They must make an account first.")
    return person
