"""What saved prompts put into other pages."""

from __future__ import annotations

from flask import render_template
from flask_login import current_user

from storefront.saved.queries import find_saved
from storefront.works.models import Item, VersionItem, Work


def item_deeds(work: Work, item: Item | VersionItem) -> str:
    """The button beside a prompt as it stands in a work; nothing beside other items."""
    if item.kind != "prompt" or not isinstance(item, Item):
        return ""
    saved = find_saved(current_user, work.id, item.key)
    return render_template("saved/_save.html", work=work, key=item.key, saved=saved)
