"""What the library puts into other pages."""

from __future__ import annotations

from flask import render_template

from storefront.library.queries import newest_clone
from storefront.licenses.models import License


def license_open(license: License) -> str:
    """The ways to what a license gave: its newest copy in the studio, and the license itself."""
    return render_template("library/_open.html", license=license, clone=newest_clone(license.id))
