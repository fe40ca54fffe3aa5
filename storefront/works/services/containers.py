"""Works that leave as a container, and come in as one: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from os import SEEK_END

from storefront.accounts.models import Person, Workspace
from storefront.accounts.plans import OWN_WORKS, require_room
from storefront.accounts.queries import owner_of
from storefront.config import current as settings
from storefront.events.services import record
from storefront.kit.slices import ask
from storefront.media.services import keep, store
from storefront.media.uploads import charge
from storefront.works.container import Opened, Refused, Sealed, sealed
from storefront.works.container.carrying import packed_work, pieces_of
from storefront.works.models import LONGEST_WORK_TITLE, WORK_KINDS, Work
from storefront.works.origins import origin_of
from storefront.works.portable.rows import Row, Unreadable, checked
from storefront.works.queries import count_own_works
from storefront.works.services.works import make_work
from storefront.works.shapes import is_blank, one_line

LONGEST_TYPE, LONGEST_ORIGIN = 100, 200


def import_work(opened: Opened, workspace: Workspace, *, by: Person) -> Work:
    """A work in ``workspace``, which remembers what the file says of its origin.

    Files go to storage first, outside any transaction, then all rows at once.

    Raises PlanNeeded if the plan of the workspace's owner has no room, Refused for what can't be a work.
    """
    owner = owner_of(workspace.id)
    require_room(owner, OWN_WORKS, count_own_works(owner), by=by)
    title = one_line(opened.title)[:LONGEST_WORK_TITLE]
    if opened.kind not in WORK_KINDS or is_blank(title):
        raise Refused("Its manifest names no kind of work that this shop knows, or no title.")
    rows = _rows(opened)
    named = {row.content["sha256"] for row in rows if row.kind == "file" and row.content}
    most = settings().files_per_work
    if sum(row.kind == "file" and bool(row.content) for row in rows) > most:
        raise Refused(f"It holds more than {most:,} files, and that is the most for a work.")
    stored = [store(opened.file(sha256), opened.files[sha256][1]) for sha256 in sorted(named)]
    for each in stored:
        keep(each)
    items = [
        {
            "key": row.key, "parent_key": row.parent, "position": position, "kind": row.kind, "title": row.title,
            "content": row.content,
        }
        for position, row in enumerate(rows)
    ]  # fmt: skip
    work = make_work(workspace, opened.kind, title, items, by=by)
    if origin := _origin(opened):
        work.brought_from = origin
        work.origin_version_id = next(filter(None, ask("works.version_named", origin)), None)
    if work.origin_version_id is None:
        charge(workspace, named, by=by)
    return work


def export_work(work: Work, *, by: Person, phrase: str = "") -> Sealed:
    """A work as it stands as a file, under a pass phrase if there is one.

    Raises CopyFrozen for a copy whose license has ended, TooLargeToCarry for what no shop would take in again.
    """
    origin = origin_of(work)
    if origin is not None:
        origin.refuse_if_frozen()
        told = {"license": origin.license, "listing": origin.listing, "version": origin.version}
    else:
        told = work.brought_from or {}
    container = packed_work(work, told)
    record("work.exported", work, by=by, workspace_id=work.workspace_id, sealed=bool(phrase))
    if phrase:
        return sealed(container, phrase)
    size = container.seek(0, SEEK_END)
    container.seek(0)
    return Sealed(pieces_of(container), size)


def _origin(opened: Opened) -> dict[str, str | int]:
    """What the manifest says of a license it was got under; nothing for a file of somebody's own work."""
    if not opened.origin.get("license"):
        return {}
    told = {name: opened.origin.get(name) for name in ("license", "listing", "version")}
    kept = {name: value[:LONGEST_ORIGIN] if isinstance(value, str) else value for name, value in told.items()}
    return {name: value for name, value in kept.items() if isinstance(value, str) or type(value) is int}


def _rows(opened: Opened) -> Sequence[Row]:
    """The items, held to the same rules as those of any other file."""
    rows = [
        Row(item.key, item.parent, item.kind, item.title, item.content, f"item {number}")
        for number, item in enumerate(opened.items, 1)
    ]
    try:
        checked(rows, {})
    except Unreadable as unreadable:
        fault = unreadable.faults[0]
        raise Refused(f"{fault.where[0].upper()}{fault.where[1:]}: {fault.sentence}") from None
    for row in rows:
        if row.kind == "file" and row.content:
            size, content_type = opened.files.get(row.content["sha256"], (-1, ""))
            if size != row.content["size"] or len(content_type) > LONGEST_TYPE:
                raise Refused(f"The file of “{row.title}” is not in it.")
    return rows
