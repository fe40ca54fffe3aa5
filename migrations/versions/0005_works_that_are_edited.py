"""Works that are edited"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KINDS = "kind IN ('prompt', 'graph', 'character', 'relationship', 'page', 'block', 'file')"


def upgrade() -> None:
    op.add_column("works", sa.Column("deleted_at", sa.DateTime(timezone=True)))
    op.create_index("ix_items_parent", "items", ["work_id", "parent_key", "position"])
    op.create_table(
        "undos",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(40), nullable=False),
        sa.Column("work_id", BIG, nullable=False),
        sa.Column("deed", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("deed IN ('deletion', 'restoration')", name=op.f("ck_undos_deed_known")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_undos_work_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undos")),
        sa.UniqueConstraint("public_id", name=op.f("uq_undos_public_id")),
    )
    op.create_index("ix_undos_work", "undos", ["work_id", "id"])
    op.create_table(
        "undo_items",
        sa.Column("undo_id", BIG, nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("parent_key", sa.String(60)),
        sa.Column("position", BIG, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_undo_items_kind_known")),
        sa.ForeignKeyConstraint(["undo_id"], ["undos.id"], name=op.f("fk_undo_items_undo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("undo_id", "key", name=op.f("pk_undo_items")),
    )


def downgrade() -> None:
    op.drop_table("undo_items")
    op.drop_table("undos")
    op.drop_index("ix_items_parent", "items")
    with op.batch_alter_table("works") as works:
        works.drop_column("deleted_at")
