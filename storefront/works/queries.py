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
from storefront.works.models import Item, Version, VersionItem, Work


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
    query = (
        sa.select(Work, Membership.role)
        .join(Membership, Membership.workspace_id == Work.workspace_id)
        .where(Work.public_id == public_id, Membership.person_id == person.id)
        .options(joinedload(Work.workspace))
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    allow(row[1], to)
    work: Work = row[0]
    return work


def count_own_works(owner: Person) -> int:
    """How many works were begun, not cloned, in all workspaces that ``owner`` pays the plan of."""
    begun = sa.select(sa.func.count()).select_from(Work).join(Workspace, Workspace.id == Work.workspace_id)
    begun = begun.where(Workspace.owner_id == owner.id, Work.origin_version_id.is_(None))
    return db.session.scalars(begun).one()


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


def item_of(work: Work, key: str) -> Item:
    """An item of a work by its key. Raises NotFound."""
    item = db.session.get(Item, (work.id, key))
    if item is None:
        raise NotFound
    return item


def children_of(item: Item) -> Sequence[Item]:
    """The items right below one, in their order."""
    below = sa.select(Item).where(Item.work_id == item.work_id, Item.parent_key == item.key)
    return db.session.scalars(below.order_by(Item.position)).all()


def items_of_kind(work: Work, kind: str) -> Sequence[Item]:
    """Every item of one kind, in their order."""
    alike = sa.select(Item).where(Item.work_id == work.id, Item.kind == kind)
    return db.session.scalars(alike.order_by(Item.position)).all()
