"""Saved prompts, for every device."""

from __future__ import annotations

from typing import Any

from flask_login import current_user

from storefront.accounts.plans import PROMPTS_API, SAVED_PROMPTS, limit, require
from storefront.api import shapes
from storefront.api.endpoint import ApiBlueprint
from storefront.api.schemas import PromptList, Prompts
from storefront.saved import services
from storefront.saved.queries import whole_list

blueprint = ApiBlueprint("api_prompts", __name__, "Saved prompts", "Your list of prompts, with Pro and up.")

ADDRESS = "/api/saved-prompts"
MARK = {"ETag": "Names the state of the list. Send it as `If-Match` when you change the list."}


@blueprint.answers("GET", ADDRESS, scope="prompts:read", gives=PromptList(), headers=MARK)
def get_prompts() -> shapes.Answer:
    """Read your saved prompts

    The whole list, each with all its text.
    """
    require(current_user, PROMPTS_API)
    return _listed()


@blueprint.answers(
    "PUT", ADDRESS, scope="prompts:write", takes=Prompts(), gives=PromptList(), seen="must", headers=MARK
)
def put_prompts(sent: dict[str, Any]) -> shapes.Answer:
    """Replace your saved prompts

    A prompt with an id is rewritten, one without is added, one that is left out comes off the list and can be put back
    for a day. If the list changed since it was read, nothing is done.
    """
    require(current_user, PROMPTS_API)
    services.wait_for_turn(current_user)
    shapes.refuse_unless_seen(shapes.prompts_mark(whole_list(current_user)), needed=True)
    services.replace_list(current_user, [services.Wanted(**each) for each in sent["prompts"]])
    return _listed()


def _listed() -> shapes.Answer:
    listed = whole_list(current_user)
    body = {"prompts": listed, "most": limit(current_user, SAVED_PROMPTS)}
    return body, 200, {"ETag": f'"{shapes.prompts_mark(listed)}"'}
