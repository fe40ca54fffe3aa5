"""Updates of clones"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "clone_updates",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(40), nullable=False),
        sa.Column("work_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("positions", JSON, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["work_id"], ["clones.work_id"], name=op.f("fk_clone_updates_work_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_clone_updates_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clone_updates")),
        sa.UniqueConstraint("public_id", name=op.f("uq_clone_updates_public_id")),
    )
    op.create_index("ix_clone_updates_work", "clone_updates", ["work_id", "id"])
    op.create_table(
        "clone_update_items",
        sa.Column("update_id", BIG, nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("parent_key", sa.String(60)),
        sa.Column("position", BIG),
        sa.Column("kind", sa.String(20)),
        sa.Column("title", sa.String(200)),
        sa.Column("content", JSON),
        sa.ForeignKeyConstraint(
            ["update_id"], ["clone_updates.id"], name=op.f("fk_clone_update_items_update_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("update_id", "key", name=op.f("pk_clone_update_items")),
    )


def downgrade() -> None:
    op.drop_table("clone_update_items")
    op.drop_table("clone_updates")
