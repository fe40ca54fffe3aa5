"""Versions of a work: publishing one, reading one, comparing two, and going back."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.kit.errors import NotFound
from storefront.kit.htmx import page_or_fragment, redirect
from storefront.works import services
from storefront.works.changes import changes_between
from storefront.works.contents import Contents, draft, published
from storefront.works.forms import NewVersion
from storefront.works.models import Version, Work
from storefront.works.outline import outline_of
from storefront.works.queries import version_of, versions_of, work_for, work_to_edit, work_with_role
from storefront.works.showing import context_of
from storefront.works.views.room import Room, blueprint, room_for
from storefront.works.views.studio import file_response, fragment_for

NOW = "now"  # the work as it stands, in an address that names versions by number
NUMBER = "<int(max=2000000000):number>"


@blueprint.get("/studio/<public_id>/versions")
@auth_required()
def versions(public_id: str) -> str:
    """Every version, the newest first, and the form for the next."""
    return _versions(public_id, NewVersion())


def _versions(public_id: str, form: NewVersion) -> str:
    room = room_for(public_id)
    published = versions_of(room.work)
    return render_template("works/versions.html", form=form, versions=published, **room.context())


@blueprint.post("/studio/<public_id>/versions")
@auth_required()
def publish(public_id: str) -> Response:
    work = work_to_edit(current_user, public_id)
    form = NewVersion()
    if not form.validate_on_submit():
        return make_response(_versions(public_id, form), 422)
    version = services.publish_version(work, form.changelog.data, by=current_user)
    flash(f"Version {version.number} is published.")
    return redirect(url_for("works.versions", public_id=public_id))


@blueprint.get(f"/studio/<public_id>/versions/{NUMBER}")
@blueprint.get(f"/studio/<public_id>/versions/{NUMBER}/items/<key>")
@auth_required()
def version(public_id: str, number: int, key: str | None = None) -> Response:
    """A version to read, with one item open: the one named, else the first."""
    work, role = work_with_role(current_user, public_id)
    room = Room(work, role, key, version_of(work, number))
    entry = room.entry
    if entry is None:
        raise NotFound("This item is not in the version.")
    item = room.contents.item(entry.page.key)
    context = room.context() | context_of(item, room.contents, room.outline, request.args)
    return page_or_fragment(f"works/{item.kind}.html", fragment_for(item), item=item, **context)


@blueprint.get(f"/studio/<public_id>/versions/{NUMBER}/files/<key>")
@auth_required()
def download_version_file(public_id: str, number: int, key: str) -> Response:
    """The file of an item as it was in a version."""
    work, role = work_with_role(current_user, public_id)
    room = Room(work, role, key, version_of(work, number))
    item = room.contents.item(key)
    if item.kind != "file" or not item.content:
        raise NotFound
    if room.origin is not None:
        room.origin.refuse_if_frozen()
    return file_response(item.content)


@blueprint.get("/studio/<public_id>/compare")
@auth_required()
def compare(public_id: str) -> str:
    """Two versions, or one and the work as it stands, item by item."""
    work = work_for(current_user, public_id)
    known = versions_of(work)
    before, after = _asked(work, known)
    found = changes_between(before[1], after[1], max(0, request.args.get("start", 0, type=int)))
    entries = outline_of(after[1]).entries
    reordered = [entries[key].title if key else "" for key in found.reordered]
    words: dict[str, Any] = {"before": before[0], "after": after[0], "changes": found, "reordered": reordered}
    return render_template("works/compare.html", versions=known, **words, **room_for(public_id).context())


def _asked(work: Work, known: Any) -> tuple[tuple[str, Contents], tuple[str, Contents]]:
    """What is compared: the versions named in the address, else the newest with the work as it stands."""
    newest = str(known[0].number) if known else NOW
    by_number: dict[str, Version] = {str(each.number): each for each in known}

    def side(name: str, default: str) -> tuple[str, Contents]:
        asked = request.args.get(name, default)
        if asked == NOW:
            return NOW, draft(work)
        if asked not in by_number:
            raise NotFound("There is no version with this number.")
        return asked, published(by_number[asked])

    return side("before", newest), side("after", NOW)


@blueprint.post(f"/studio/<public_id>/versions/{NUMBER}/restoration")
@auth_required()
def restore(public_id: str, number: int) -> Response:
    """Go back to a version; what the work held before is kept for one undo."""
    work = work_to_edit(current_user, public_id)
    undo = services.restore_version(work, version_of(work, number), by=current_user)
    return redirect(url_for("works.show", public_id=public_id, undo=undo.public_id))
