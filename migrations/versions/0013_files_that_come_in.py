"""Files that come in"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
FILE = "CASE WHEN kind = 'file' THEN content ->> 'sha256' END"
KINDS = "kind IN ('prompt', 'graph', 'character', 'relationship', 'page', 'block', 'file')"
TABLES = ("items", "version_items", "undo_items", "clone_update_items")
COLUMNS = "key, parent_key, position, kind, title, content"
HAS_FILE = sa.text("file_sha256 IS NOT NULL")


def upgrade() -> None:
    op.add_column("media", sa.Column("mark", sa.String(20), nullable=False, server_default=""))
    op.add_column("media", sa.Column("width", BIG))
    op.add_column("media", sa.Column("height", BIG))
    op.add_column("media", sa.Column("widths", JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("media") as media:
        media.alter_column("mark", server_default=None)
        media.alter_column("widths", server_default=None)
        media.create_check_constraint(op.f("ck_media_picture_has_both_sides"), "(width IS NULL) = (height IS NULL)")
    op.create_table(
        "uploads",
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_uploads_workspace_id")),
        sa.ForeignKeyConstraint(["sha256"], ["media.sha256"], name=op.f("fk_uploads_sha256"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace_id", "sha256", name=op.f("pk_uploads")),
    )
    op.create_table(
        "removals",
        sa.Column("id", BIG, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("mark", sa.String(20), nullable=False),
        sa.Column("widths", JSON, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removals")),
    )
    for table in TABLES:
        name_lost_files(table)
        add_file(table)


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_file", table)
        if is_sqlite():
            remake(table, with_file=False)
        else:
            op.drop_column(table, "file_sha256")
    op.drop_table("removals")
    op.drop_table("uploads")
    with op.batch_alter_table("media") as media:
        media.drop_constraint(op.f("ck_media_picture_has_both_sides"), type_="check")
        for name in ("widths", "height", "width", "mark"):
            media.drop_column(name)


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def name_lost_files(table: str) -> None:
    """A file that an item names and no row of ``media`` does gets one, so that the key holds."""
    op.execute(
        f"""
        INSERT INTO media (sha256, mark, content_type, size, widths, kept_at)
        SELECT content ->> 'sha256', '', 'application/octet-stream', 0, '[]', CURRENT_TIMESTAMP FROM {table}
        WHERE kind = 'file' AND content ->> 'sha256' IS NOT NULL
        ON CONFLICT (sha256) DO NOTHING
        """
    )


def add_file(table: str) -> None:
    if is_sqlite():
        remake(table, with_file=True)
    else:
        op.execute(f"ALTER TABLE {table} ADD COLUMN file_sha256 VARCHAR(64) GENERATED ALWAYS AS ({FILE}) STORED")
        op.create_foreign_key(op.f(f"fk_{table}_file_sha256"), table, "media", ["file_sha256"], ["sha256"])
    op.create_index(f"ix_{table}_file", table, ["file_sha256"], postgresql_where=HAS_FILE, sqlite_where=HAS_FILE)


def remake(table: str, *, with_file: bool) -> None:
    """SQLite adds no key to a table that is there. No other table refers to any of these, so they are made anew."""
    owner = {"items": "work_id", "version_items": "version_id", "undo_items": "undo_id"}.get(table, "update_id, taken")
    op.execute(f"CREATE TABLE {table}_before AS SELECT * FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.create_table(table, *MADE[table](), *(file_parts(table) if with_file else ()))
    op.execute(f"INSERT INTO {table} ({owner}, {COLUMNS}) SELECT {owner}, {COLUMNS} FROM {table}_before")
    op.execute(f"DROP TABLE {table}_before")
    if table == "items":
        op.create_index("ix_items_parent", "items", ["work_id", "parent_key", "position"])
    if table == "version_items":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def file_parts(table: str) -> tuple[sa.Column[Any], sa.ForeignKeyConstraint]:
    return (
        sa.Column("file_sha256", sa.String(64), sa.Computed(FILE, persisted=False)),
        sa.ForeignKeyConstraint(["file_sha256"], ["media.sha256"], name=op.f(f"fk_{table}_file_sha256")),
    )


def columns(*, optional: bool = False) -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("parent_key", sa.String(60)),
        sa.Column("position", BIG, nullable=optional),
        sa.Column("kind", sa.String(20), nullable=optional),
        sa.Column("title", sa.String(200), nullable=optional),
        sa.Column("content", JSON, nullable=optional),
    )


def owner(table: str, column: str, target: str, ondelete: str | None = "CASCADE") -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column(column, BIG, nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete),
        sa.PrimaryKeyConstraint(column, "key", name=op.f(f"pk_{table}")),
    )


def known(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(KINDS, name=op.f(f"ck_{table}_kind_known"))


MADE = {
    "items": lambda: (
        *owner("items", "work_id", "works.id"),
        *columns(),
        known("items"),
        sa.ForeignKeyConstraint(
            ["work_id", "parent_key"],
            ["items.work_id", "items.key"],
            name=op.f("fk_items_work_id_parent_key"),
            initially="DEFERRED",
            deferrable=True,
        ),
    ),
    "version_items": lambda: (
        *owner("version_items", "version_id", "versions.id", None),
        *columns(),
        known("version_items"),
    ),
    "undo_items": lambda: (*owner("undo_items", "undo_id", "undos.id"), *columns(), known("undo_items")),
    "clone_update_items": lambda: (
        *owner("clone_update_items", "update_id", "clone_updates.id"),
        *columns(optional=True),
        sa.Column("taken", sa.Boolean(), nullable=False),
    ),
}
