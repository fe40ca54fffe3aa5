"""The operators' page of Stripe's events: what came, how it ended, and trying again."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for

from storefront.accounts.operators import operators_only
from storefront.kit.htmx import is_htmx, swaps
from storefront.payments import queries, webhooks
from storefront.payments.models import STATES

blueprint = Blueprint("webhooks", __name__, url_prefix="/admin/webhooks")
blueprint.before_request(operators_only)

ROW = f"int(max={2**63 - 1})"  # no row has a greater id, and no engine can be asked for one
TABS = ("kept", "handled", "failed", "parked")
ANSWERS = {
    "handled": "Handled.",
    "ignored": "Nothing in the shop listens to this kind of event.",
    "kept": "It is being handled by somebody else just now.",
    "failed": "It failed again.",
    "parked": "It is parked again.",
}


@blueprint.get("")
@blueprint.get(f"/<{ROW}:event_id>")
def index(event_id: int | None = None) -> str:
    """The queue at the left and one event at the right: the one named, else the newest."""
    queue = queue_context()
    rows = queue["page"].rows
    shown = event_id or (rows[0].id if rows else None)
    opened = event_context(shown) if shown else {"event": None}
    return render_template("payments/webhooks.html", is_chosen=event_id is not None, **queue, **opened)


@blueprint.post(f"/<{ROW}:event_id>/replays")
def create_replay(event_id: int) -> Response:
    """Try an event again. Trying a handled one changes nothing."""
    queries.any_event(event_id)
    answer = ANSWERS[webhooks.replay(event_id)]
    if not is_htmx():
        flash(answer)
    queue = queue_context()
    return swaps(
        "payments/event_replayed.swaps.html",
        otherwise=url_for("webhooks.index", event_id=event_id, state=queue["state"]),
        answer=answer,
        is_chosen=True,
        **queue,
        **event_context(event_id),
    )


def queue_context() -> dict[str, Any]:
    """What the queue wants: a page of events in the state that the address names, and the counts."""
    state = request.args.get("state")
    return {
        "page": queries.events_page(state, request.args.get("after")),
        "state": state if state in STATES else None,
        "tabs": TABS,
        "counts": queries.counts(),
    }


def event_context(event_id: int) -> dict[str, Any]:
    """What an event's page wants. Raises NotFound."""
    event = queries.any_event(event_id)
    return {"event": event, "payload": json.dumps(event.payload, indent=2, ensure_ascii=False)}
