"""What the library puts into other pages."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template
from flask_login import current_user

from storefront.catalog.models import Listing
from storefront.library.lineage import lineage_in_studio, lineage_of
from storefront.library.queries import counts_of, newest_clone, origin_of_clone
from storefront.licenses.models import License
from storefront.works.models import Work
from storefront.works.origins import Origin


def tabs() -> str:
    """The library's sections, over a section that another slice adds."""
    return render_template("library/_tabs.html", counts=counts_of(current_user))


def license_open(license: License) -> str:
    """The ways to what a license gave: its newest copy in the studio, and the license itself."""
    return render_template("library/_open.html", license=license, clone=newest_clone(license))


def origin(work: Work) -> Origin | None:
    """Where a clone came from. The way to its license is for who holds it, not for the rest of a team."""
    found = origin_of_clone(work)
    if found is None or (current_user and current_user.is_authenticated and current_user.id == found.holder_id):
        return found
    return replace(found, license_url="")


def listing_lineage(listing: Listing) -> str:
    """What a listed work was cloned from, and how often it was cloned."""
    return render_template("library/_lineage.html", lineage=lineage_of(listing))


def work_lineage(work: Work) -> str:
    """The same as facts beside a work in the studio."""
    return render_template("library/_lineage_facts.html", lineage=lineage_in_studio(work))
