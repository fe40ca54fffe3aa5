"""Pages of the catalog. A stranger's page has no cookie and no token, so that caches may share it."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from storefront.accounts.models import Person
from storefront.catalog import wall, window
from storefront.catalog.browse import Results, browse
from storefront.catalog.cards import owned_among
from storefront.catalog.filters import GROUPS, Filters, facet_of, read_filters
from storefront.catalog.frozen_covers import cover_webp
from storefront.catalog.pictures import gallery_of, picture_for
from storefront.catalog.product_data import product_data
from storefront.catalog.suggestions import nearest_tag, tags_beginning
from storefront.catalog.tags import normalized
from storefront.config import current as settings
from storefront.kit import htmx
from storefront.kit.caching import shared
from storefront.kit.errors import NotFound
from storefront.media.serving import picture_response

blueprint = Blueprint("catalog", __name__)

FOR_GOOD = "public, max-age=31536000, immutable"
SUGGESTED = 3


@blueprint.get("/covers/<sha256>-<int:width>.webp")
def cover(sha256: str, width: int) -> Response:
    response = make_response(cover_webp(sha256, width))
    response.content_type = "image/webp"
    response.headers["Cache-Control"] = FOR_GOOD
    return response


@blueprint.get("/pictures/<sha256>-<int:width>.webp")
def picture(sha256: str, width: int) -> Response:
    """A picture that was uploaded for a listing."""
    media, is_public = picture_for(_person(), sha256)
    return picture_response(media, width, shared=is_public)


@blueprint.get("/")
def landing() -> Response:
    hung = wall.front_wall()
    shown = [*hung.trending, *hung.new]
    page = render_template("catalog/landing.html", wall=hung, owned=owned_among(shown), settings=settings())
    return shared(make_response(page))


@blueprint.get("/catalog")
def index() -> Response:
    results = browse(read_filters(request.args), request.args.get("after", ""))
    is_more = htmx.wants_part() and bool(request.args.get("after")) and not results.is_restart
    response = htmx.page_or_fragment(
        "catalog/index.html",
        "catalog/more.swaps.html" if is_more else "catalog/_catalog_results.html",
        results=results,
        filters=results.filters,
        owned=owned_among(results.rows),
        nearest=None if results.rows else _nearest(results),
        groups=GROUPS,
        facet_of=facet_of,
    )
    if results.is_restart and htmx.wants_part():
        response.headers.update({"HX-Retarget": "#catalog-results", "HX-Reswap": "outerHTML"})
    elif htmx.is_htmx() and not is_more:
        response.headers["HX-Push-Url"] = results.filters.url()
    return shared(response)


def _nearest(results: Results) -> str | None:
    asked = results.filters.words or results.filters.tag
    return nearest_tag(asked) if asked else None


@blueprint.get("/catalog/suggestions")
def suggestions() -> Response:
    filters = Filters(q=read_filters(request.args).q)
    found = browse(filters, limit=SUGGESTED) if filters.words else None
    tags = tags_beginning(filters.q, limit=SUGGESTED) if filters.words else []
    page = render_template("catalog/_suggestions.html", filters=filters, found=found, tags=tags)
    return shared(make_response(page))


@blueprint.get("/tags/<tag>")
def tag(tag: str) -> Response:
    """A tag's page is the catalog with that tag."""
    if not normalized(tag):
        raise NotFound
    return make_response(redirect(Filters(tag=(normalized(tag),)).url(), 301))


@blueprint.get("/listings/<slug>")
def listing(slug: str) -> Response:
    shown = window.window_for(_person(), slug)
    similar = window.similar_to(shown) if shown.listing.is_public else []
    page = render_template(
        "catalog/listing.html",
        listing=shown.listing,
        works=shown.works_words,
        gallery=gallery_of(shown.listing) if shown.pictures else [],
        picture_url=partial(picture_url, "catalog.picture"),
        entries=window.outline(shown.listing),
        versions=window.versions_of(shown.listing),
        similar=similar,
        owned=owned_among([shown.listing, *similar]),
        product=product_data(shown.listing),
    )
    return shared(make_response(page))


@blueprint.get("/@<handle>")
def creator(handle: str) -> Response:
    workspace = wall.creator(handle)
    works = wall.works_of(workspace, request.args.get("after", ""))
    next = works.next and url_for("catalog.creator", handle=handle, after=works.next)
    response = htmx.page_or_fragment(
        "catalog/creator.html", "catalog/creator_more.swaps.html",
        workspace=workspace, works=works, owned=owned_among(works.rows), next_url=next,
    )  # fmt: skip
    return shared(response)


def picture_url(endpoint: str, sha256: str, width: int) -> str:
    return url_for(endpoint, sha256=sha256, width=width)


def _person() -> Person | None:
    return current_user if current_user.is_authenticated else None
