"""Reading works. Every read names who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Membership, Person, Workspace
from storefront.accounts.queries import To, allow
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.media.models import Media
from storefront.works.models import Item, Undo, Version, VersionItem, Work
from storefront.works.origins import origin_of

WORKS_SHOWN = 24


@dataclass
class Node:
    """An item with its children, for drawing the tree."""

    key: str
    kind: str
    title: str
    content: dict[str, Any]
    children: list[Node] = field(default_factory=list)

    def count(self, kind: str | None = None) -> int:
        """How many nodes of ``kind`` (any, if None) hang below this one."""
        here = sum(kind in (None, child.kind) for child in self.children)
        return here + sum(child.count(kind) for child in self.children)


def work_for(person: Person, public_id: str, to: To = "see") -> Work:
    """A work in one of ``person``'s workspaces, personal or a team's, which they may see, edit or own.

    Raises NotFound for anybody else's, OnlySeeing for a viewer who wants to edit.
    """
    return work_with_role(person, public_id, to)[0]


def work_with_role(person: Person, public_id: str, to: To = "see") -> tuple[Work, str]:
    """``work_for`` together with the role that ``person`` has in its workspace."""
    query = (
        sa.select(Work, Membership.role)
        .join(Membership, Membership.workspace_id == Work.workspace_id)
        .where(Work.public_id == public_id, Work.deleted_at.is_(None), Membership.person_id == person.id)
        .options(joinedload(Work.workspace))
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    allow(row[1], to)
    return row[0], row[1]


def work_to_edit(person: Person, public_id: str) -> Work:
    """A work that ``person`` is about to change; who else wants to waits until that is done.

    Raises NotFound, OnlySeeing for a viewer, and CopyFrozen for a copy whose license has ended.
    """
    work = work_for(person, public_id, "edit")
    db.session.refresh(work, ["updated_at", "deleted_at"], with_for_update=True)
    if work.deleted_at is not None:
        raise NotFound
    origin = origin_of(work)
    if origin is not None:
        origin.refuse_if_frozen()
    return work


def item_to_edit(work: Work, key: str) -> Item:
    """An item of a work that ``work_to_edit`` has locked. Raises NotFound."""
    item = db.session.get(Item, (work.id, key))
    if item is None:
        raise NotFound("This item is not in the work. It may have been taken out.")
    return item


def find_picture(work: Work, sha256: str) -> Media | None:
    """A file that an item of the work holds now, or held in one of its versions; None for any other."""
    now = sa.exists().where(Item.work_id == work.id, Item.file_sha256 == sha256)
    then = sa.exists().where(
        VersionItem.file_sha256 == sha256, VersionItem.version_id == Version.id, Version.work_id == work.id
    )
    return db.session.scalar(sa.select(Media).where(Media.sha256 == sha256, sa.or_(now, then)))


def works_of(person: Person, after: int | None = None) -> Sequence[Work]:
    """The works in all workspaces of ``person``, the latest first: at most a page and one, past the id ``after``."""
    query = (
        sa.select(Work)
        .join(Membership, Membership.workspace_id == Work.workspace_id)
        .where(Membership.person_id == person.id, Work.deleted_at.is_(None))
        .options(joinedload(Work.workspace))
        .order_by(Work.id.desc())
        .limit(WORKS_SHOWN + 1)
    )
    return db.session.scalars(query.where(Work.id < after) if after else query).all()


def find_undo(work: Work, public_id: str) -> Undo | None:
    """A way back of a work that nobody has gone yet."""
    mine = sa.select(Undo).where(Undo.work_id == work.id, Undo.public_id == public_id)
    return db.session.scalar(mine.where(Undo.used_at.is_(None)))


def undo_of(work: Work, public_id: str) -> Undo:
    """A way back of a work, gone or not. Raises NotFound."""
    undo = db.session.scalar(sa.select(Undo).where(Undo.work_id == work.id, Undo.public_id == public_id))
    if undo is None:
        raise NotFound("This can't be undone any more.")
    return undo


def count_own_works(owner: Person) -> int:
    """How many works were begun or came in as a file, not cloned, in all workspaces that ``owner`` pays the plan of."""
    begun = sa.select(sa.func.count()).select_from(Work).join(Workspace, Workspace.id == Work.workspace_id)
    own = sa.or_(Work.origin_version_id.is_(None), Work.brought_from.is_not(None))
    begun = begun.where(Workspace.owner_id == owner.id, own, Work.deleted_at.is_(None))
    return db.session.scalars(begun).one()


def team_needs(team: Workspace) -> str | None:
    """Why a team can't be deleted: its works. None if it never had one that is still known."""
    works = sa.select(Work.deleted_at).where(Work.workspace_id == team.id)
    rows = db.session.execute(works.order_by(Work.deleted_at.is_not(None)).limit(1)).all()
    if not rows:
        return None
    if rows[0].deleted_at is None:
        return "It still has works. Delete them first, or hand the team over; works that people hold licenses for stay."
    return "A work of it had published versions. Versions are for good, since people may hold them, and so is the team."


def find_latest_version(work_id: int) -> Version | None:
    """The newest published version of a work, with its work loaded; None if there is none."""
    query = (
        sa.select(Version)
        .where(Version.work_id == work_id)
        .order_by(Version.number.desc())
        .limit(1)
        .options(joinedload(Version.work))
    )
    return db.session.scalar(query)


def latest_version(work_id: int) -> Version:
    """The newest version of a work that is known to have one."""
    version = find_latest_version(work_id)
    if version is None:
        raise LookupError(f"work {work_id} has no version")
    return version


def version_with_work(version_id: int) -> Version:
    """A version by its row id, with its work loaded."""
    return db.session.scalars(
        sa.select(Version).where(Version.id == version_id).options(joinedload(Version.work))
    ).one()


def item_tree(work: Work) -> list[Node]:
    """The items of a work as a forest, in their order."""
    return _forest(db.session.scalars(sa.select(Item).where(Item.work_id == work.id).order_by(Item.position)).all())


def versions_of(work: Work) -> Sequence[Version]:
    """Every version of a work, the newest first."""
    return db.session.scalars(
        sa.select(Version).where(Version.work_id == work.id).order_by(Version.number.desc())
    ).all()


def version_of(work: Work, number: int) -> Version:
    """A version of a work by its number. Raises NotFound."""
    version = db.session.scalar(sa.select(Version).where(Version.work_id == work.id, Version.number == number))
    if version is None:
        raise NotFound("There is no version with this number.")
    return version


def version_tree(version_id: int) -> list[Node]:
    """The items of a version as a forest, in their order."""
    query = sa.select(VersionItem).where(VersionItem.version_id == version_id).order_by(VersionItem.position)
    return _forest(db.session.scalars(query).all())


def _forest(items: Sequence[Item | VersionItem]) -> list[Node]:
    nodes = {item.key: Node(item.key, item.kind, item.title, item.content) for item in items}
    roots: list[Node] = []
    for item in items:
        home = nodes[item.parent_key].children if item.parent_key else roots
        home.append(nodes[item.key])
    return roots
