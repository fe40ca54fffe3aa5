"""Saved prompts"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = sa.text("removed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "saved_prompts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(40), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("work_id", BIG),
        sa.Column("item_key", sa.String(60), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("work_title", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_saved_prompts_person_id")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_saved_prompts_work_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_prompts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_prompts_public_id")),
    )
    op.create_index("ix_saved_prompts_person", "saved_prompts", ["person_id", "id"])
    op.create_index(
        "uq_saved_prompts_kept",
        "saved_prompts",
        ["person_id", "work_id", "item_key"],
        unique=True,
        postgresql_where=KEPT,
        sqlite_where=KEPT,
    )


def downgrade() -> None:
    op.drop_table("saved_prompts")
