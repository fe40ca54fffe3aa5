"""``/dev/mail``: the mailbox of a shop that sends no mail. Not there unless ``DEV_MAIL`` is on."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from storefront.config import current as settings
from storefront.kit.errors import NotFound
from storefront.kit.htmx import page_or_fragment
from storefront.notifications import mailbox

blueprint = Blueprint("notifications", __name__, url_prefix="/dev/mail")

# A letter brings its own style, and nothing else: no script, no picture, no form, and it is no page of ours.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@blueprint.before_request
def refuse_unless_on() -> None:
    if not settings().dev_mail:
        raise NotFound


@blueprint.get("")
def letters() -> Response:
    page, part = "notifications/letters.html", "notifications/_letters.html"
    return page_or_fragment(page, part, letters=mailbox.newest_letters())


@blueprint.get("/<name>")
def letter(name: str) -> str:
    return render_template("notifications/letter.html", letter=mailbox.letter_named(name))


@blueprint.get("/<name>/html")
def letter_html(name: str) -> Response:
    """The letter as a mail program shows it."""
    response = make_response(mailbox.letter_named(name).html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


def mailbox_link() -> str:
    """Beside what says that a letter was sent: where it lies, as nobody gets it otherwise."""
    return render_template("notifications/_mailbox_link.html") if settings().dev_mail else ""
