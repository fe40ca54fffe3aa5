"""Reporting a listing."""

from __future__ import annotations

from typing import Any

from flask_login import current_user
from werkzeug.datastructures import MultiDict

from storefront.api.endpoint import ApiBlueprint
from storefront.api.schemas import Complaint, Reported
from storefront.catalog.queries import listing_offered, slug_of
from storefront.kit.errors import Invalid
from storefront.moderation import services
from storefront.moderation.forms import ReportForm
from storefront.moderation.models import Report

blueprint = ApiBlueprint("api_reports", __name__, "Reports", "Telling operators what is wrong.")


@blueprint.answers(
    "POST", "/api/reports", scope="reports:write", takes=Complaint(), gives=Reported(), status=201,
    refuses=(404, 409),
)  # fmt: skip
def report_listing(sent: dict[str, Any]) -> Report:
    """Report a listing

    Once for each; again amends what you said. A copyright claim is made under penalty of perjury.
    """
    listing = listing_offered(slug_of(sent.pop("listing")))
    services.refuse_unless_may_report(listing, current_user)
    typed = {name: "y" if value is True else value for name, value in sent.items() if value not in (False, "")}
    form = ReportForm(MultiDict(typed), meta={"csrf": False})
    if not form.validate():
        raise Invalid(form.errors)
    return services.report(listing, form.claim, by=current_user)
