"""Taking away files that nothing refers to any more.

Who refers to a file says so by a foreign key to ``media``; all of them are read from the schema, so none can be
forgotten, and the database itself refuses to let go of a row that is referred to. A row goes first, in a transaction
that locks it and looks again, and leaves a removal; the bytes go after that. A process may die in between: the next
sweep ends what was begun. What comes again meanwhile lies under another mark, where no removal reaches it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from storefront.kit import clock
from storefront.kit.db import Model, db, outside, step
from storefront.kit.periodic import Periodic, Tally
from storefront.kit.storage import current_storage
from storefront.media.models import Media, Removal

GRACE = timedelta(hours=24)  # for what was stored and is not referred to yet: a request that takes longer is dead
AT_ONCE = 500  # files of one round of a sweep
MOST_ROUNDS = 20  # of one sweep, so that a worker has time for other things


def references() -> list[sa.Column[str]]:
    """Every column that refers to a file. One that goes with its file (``ON DELETE CASCADE``) only notes something."""
    target = Media.__table__.c.sha256
    return [
        key.parent
        for table in Model.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is target and key.ondelete != "CASCADE"
    ]


def sweep() -> list[Tally]:
    """Remove what nothing refers to. Raises StorageAway; what was begun then waits for the next sweep."""
    left = _removals()
    for removal in left:
        _remove(removal)
    found = removed = 0
    after = ""
    for _round in range(MOST_ROUNDS):
        unneeded = _unneeded(after)
        for sha256 in unneeded:
            found += 1
            removed += _let_go(sha256)
        for removal in _removals():
            _remove(removal)
        if len(unneeded) < AT_ONCE:
            break
        after = unneeded[-1]
    return [
        Tally("files that nothing refers to", found, removed),
        Tally("removals of files that had been cut short", len(left), len(left)),
    ]


def _unneeded(after: str) -> Sequence[str]:
    """Hashes of files to look at, in their order, past ``after``."""
    query = sa.select(Media.sha256).where(Media.sha256 > after, *_is_unneeded()).order_by(Media.sha256)
    return db.session.scalars(query.limit(AT_ONCE)).all()


def _is_unneeded() -> list[sa.ColumnElement[bool]]:
    limit: datetime = clock.now() - GRACE
    nobody = [~sa.exists().where(column == Media.sha256) for column in references()]
    return [Media.kept_at < limit, *nobody]


def _let_go(sha256: str) -> bool:
    """Take out the row if still nothing refers to it: whoever is about to holds it locked, and is waited for."""
    with step():
        locked = sa.select(Media).where(Media.sha256 == sha256).with_for_update()
        media = db.session.scalar(locked, execution_options={"populate_existing": True})
        # Asked again with the lock held: what was referred to while this waited is seen only by a new statement.
        if (
            media is None
            or db.session.scalar(sa.select(Media.sha256).where(Media.sha256 == sha256, *_is_unneeded())) is None
        ):
            return False
        db.session.add(Removal(sha256=sha256, mark=media.mark, widths=media.widths, began_at=clock.now()))
        db.session.delete(media)
    return True


def _removals() -> Sequence[Removal]:
    return db.session.scalars(sa.select(Removal).order_by(Removal.id)).all()


def _remove(removal: Removal) -> None:
    """Take the bytes away, then the note that they are to go. Twice, or by two at once, it is the same."""
    with outside():
        for key in removal.keys:
            current_storage().delete(key)
    with step():
        db.session.execute(sa.delete(Removal).where(Removal.id == removal.id))


SWEEP = Periodic("media.sweep", sweep, minutes=30, does="Removes files that nothing refers to any more")
