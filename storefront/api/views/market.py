"""The catalog."""

from __future__ import annotations

from typing import Any

from flask import request
from marshmallow import fields, validate
from webargs.fields import DelimitedList

from storefront.api import shapes
from storefront.api.endpoint import ApiBlueprint
from storefront.api.schemas import After, Card, Offer, Text, about, page_of
from storefront.catalog.browse import browse
from storefront.catalog.filters import GROUPS, LONGEST_QUERY, RELEVANCE, SORTS, read_filters
from storefront.catalog.queries import slug_of
from storefront.catalog.window import window_for

blueprint = ApiBlueprint("api_market", __name__, "Marketplace", "The catalog, for everybody; no token is needed.")

FILTERS: dict[str, Any] = {
    "q": Text(LONGEST_QUERY, metadata=about("Words to look for.")),
    "tag": DelimitedList(Text(), metadata=about("Tags that a listing must have.")),
    "not": DelimitedList(Text(), metadata=about("Tags that it must not have.")),
    **{
        name: DelimitedList(Text(validate=validate.OneOf(words)), metadata=about("One of these."))
        for name, words in GROUPS.items()
    },
    "sort": Text(validate=validate.OneOf([*RELEVANCE, *SORTS])),
}
COUNTED = {
    "total": fields.Integer(required=True, allow_none=True, metadata=about("How many match, where that is known.")),
    "restarted": fields.Boolean(
        required=True, metadata=about("The order was made anew meanwhile, and this is its first page.")
    ),
}


@blueprint.answers(
    "GET", "/api/marketplace", query=After.from_dict(FILTERS, name="Filters")(), gives=page_of(Card, **COUNTED)
)
def list_marketplace(asked: dict[str, Any]) -> shapes.Answer:
    """Find listings

    The filters of the catalog's page. Without `sort` a search is ordered by how well it fits, all else by what is
    trending.
    """
    found = browse(read_filters(request.args), asked.get("after", ""))
    cards = [shapes.card(row) for row in found.rows]
    return shapes.paged(cards, found.next, total=found.total, restarted=found.is_restart)


@blueprint.answers("GET", "/api/marketplace/<listing>", gives=Offer())
def get_marketplace_listing(listing: str) -> dict[str, Any]:
    """Read a listing

    By its id or its slug. Its contents are titles; what they hold comes with a license.
    """
    return shapes.offer(window_for(None, slug_of(listing)).listing)
