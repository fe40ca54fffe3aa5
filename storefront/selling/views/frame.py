"""The blueprint, and the page that every step of the editor is."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Response, make_response, render_template, url_for

from storefront.accounts.plans import SHARE_LINK, may
from storefront.catalog.suggestions import common_tags
from storefront.config import current as settings
from storefront.selling.drafts import Draft
from storefront.selling.forms import KEPT, PICTURE, picture_form
from storefront.selling.models import STEPS
from storefront.selling.queries import Place, find_share_link

blueprint = Blueprint("selling", __name__)

CHECK = "check"
TITLES = {
    "work": "Work",
    "words": "Words",
    "price": "Price and license",
    "window": "Window dressing",
    CHECK: "Check and publish",
}
ORDER = (*STEPS, CHECK)


def edit_url(listing_id: int, step: str = "work", *, field: str | None = None) -> str:
    return url_for("selling.edit", listing_id=listing_id, step=step, _anchor=field)


def step_page(place: Place, draft: Draft, step: str, *, status: int = 200, **more: Any) -> Response:
    """A step as it is typed; never kept by the browser, so that going back shows what was saved since."""
    at = ORDER.index(step)
    page = render_template(
        f"selling/{step}.html",
        **context(draft),
        place=place,
        step=step,
        at=at + 1,
        titles=TITLES,
        order=ORDER,
        before=ORDER[at - 1] if at else None,
        after=ORDER[at + 1] if step != CHECK else None,
        form=draft.forms.get(step),
        link=find_share_link(draft.listing) if step == CHECK else None,
        may_share=may(draft.listing.workspace.owner, SHARE_LINK),
        suggestions=common_tags() if step == "words" else [],
        done_steps=_done(draft, step),
        **more,
    )
    return unkept(make_response(page, status))


def _done(draft: Draft, step: str) -> list[int]:
    """The places of the steps in which nothing is missing or wrong; the last is done once it is published."""
    open_steps = {each.step for each in draft.findings()} | {step}
    if not draft.listing.is_public or draft.is_pending:
        open_steps.add(CHECK)
    return [at for at, name in enumerate(ORDER, 1) if name not in open_steps]


def context(draft: Draft) -> dict[str, Any]:
    """What the parts of a step's page show that change as one types."""
    return {
        "draft": draft,
        "listing": draft.listing,
        "shown": draft.as_listing(),
        "findings": draft.findings(),
        "shares": draft.shares(basis_points=settings().platform_fee_bps),
        "settings": settings(),
        "arts": draft.arts,
        "art_url": lambda art: art_url(draft, art),
        "draft_picture": partial(draft_picture_url, draft.listing.id),
        "picture_form": picture_form,
    }


def art_url(draft: Draft, art: str) -> str:
    """Where a cover lies: the one that is kept among the pictures, a drawing under the editor's own address."""
    if art == PICTURE and draft.cover_picture:
        sha256 = draft.cover_picture.sha256
        return url_for("selling.picture", listing_id=draft.listing.id, sha256=sha256, width=640)
    if art == KEPT:
        return url_for("catalog.cover", sha256=draft.listing.cover, width=640)
    subject = draft.subject(art)
    mark = f"{len(subject.title.split())}-{next(iter(subject.tags), '')}"  # what the drawing depends on
    return url_for("selling.art", listing_id=draft.listing.id, number=art, v=mark)


def draft_picture_url(listing_id: int, sha256: str, width: int) -> str:
    return url_for("selling.picture", listing_id=listing_id, sha256=sha256, width=width)


def unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
