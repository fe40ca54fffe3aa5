"""The operators' page of Stripe's events: what came, how it ended, and trying again."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.kit.errors import NotFound
from storefront.kit.htmx import is_htmx, swaps
from storefront.payments import queries, webhooks
from storefront.payments.models import STATES, StripeEvent

blueprint = Blueprint("webhooks", __name__, url_prefix="/admin/webhooks")

TABS = ("kept", "handled", "failed", "parked")
ANSWERS = {
    "handled": "Handled.",
    "ignored": "Nothing in the shop listens to this kind of event.",
    "kept": "It is being handled by somebody else just now.",
    "failed": "It failed again.",
    "parked": "It is parked again.",
}


@blueprint.before_request
@auth_required()
def operators_only() -> None:
    """For everybody else these pages do not exist."""
    if not current_user.is_operator:
        raise NotFound


@blueprint.get("")
@blueprint.get("/<int:event_id>")
def index(event_id: int | None = None) -> str:
    """The queue at the left and one event at the right: the one named, else the newest."""
    state = request.args.get("state")
    page = queries.events_page(state, request.args.get("after"))
    shown = event_id or (page.rows[0].id if page.rows else None)
    return render_template(
        "payments/webhooks.html",
        page=page,
        state=state if state in STATES else None,
        tabs=TABS,
        counts=queries.counts(),
        is_chosen=event_id is not None,
        **(event_context(queries.any_event(shown)) if shown else {"event": None}),
    )


@blueprint.post("/<int:event_id>/replays")
def create_replay(event_id: int) -> Response:
    """Try an event again. Trying a handled one changes nothing."""
    queries.any_event(event_id)
    answer = ANSWERS[webhooks.replay(event_id)]
    event = queries.any_event(event_id)
    state = request.args.get("state")
    if not is_htmx():
        flash(answer)
    return swaps(
        "payments/event_replayed.swaps.html",
        otherwise=url_for("webhooks.index", event_id=event_id, state=state),
        answer=answer,
        state=state,
        is_chosen=True,
        **event_context(event),
    )


def event_context(event: StripeEvent) -> dict[str, Any]:
    """What an event's page wants."""
    return {"event": event, "payload": json.dumps(event.payload, indent=2, ensure_ascii=False)}
