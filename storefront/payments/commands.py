"""Commands for whoever looks after the shop's webhooks."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from storefront.payments import queries, webhooks

group = AppGroup("webhooks", help="Look after the events that Stripe sent.")


@group.command("replay")
@click.argument("event", metavar="[EVENT_ID]", required=False)
@click.option("--parked", is_flag=True, help="Every parked event, oldest first.")
@click.option("--failed", is_flag=True, help="Every failed event, oldest first.")
def replay(event: str | None, parked: bool, failed: bool) -> None:
    """Try events again: the one with Stripe's id EVENT_ID, or all that are parked or failed.

    Leaves with status 1 if one of them did not go through.
    """
    ids = _chosen(event, [state for state, wanted in (("parked", parked), ("failed", failed)) if wanted])
    states = [_replay(event_id) for event_id in ids]
    if not states:
        click.echo("There is nothing to replay.")
    if set(states) & set(queries.TROUBLE):
        raise SystemExit(1)


def _chosen(event: str | None, states: list[str]) -> list[int]:
    if bool(event) == bool(states):
        raise click.UsageError("Name one event, or say --parked or --failed.")
    if event is None:
        return queries.ids_in(*states)
    found = queries.find_event(event)
    if found is None:
        raise click.ClickException(f"There is no event {event}.")
    return [found.id]


def _replay(event_id: int) -> str:
    state = webhooks.replay(event_id)
    event = queries.any_event(event_id)
    click.echo(f"{event.stripe_id}  {event.type}  {state}{': ' + event.reason if event.reason else ''}")
    return state
