"""Lineage: who may be named, who is, and what came in as a file"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
RENEWED = "ON CONFLICT (subject) DO UPDATE SET stamp = excluded.stamp"


def upgrade() -> None:
    op.add_column("people", sa.Column("named_since", MOMENT))
    op.add_column("works", sa.Column("brought_from", JSON))
    op.create_table(
        "clone_names",
        sa.Column("listing_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("cloned_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_clone_names_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_clone_names_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", "person_id", name=op.f("pk_clone_names")),
    )
    op.create_index("ix_clone_names_latest", "clone_names", ["listing_id", "cloned_at"])
    op.create_index("ix_clone_names_person", "clone_names", ["person_id"])
    renew_stamps()


def renew_stamps() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("INSERT", "UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER clone_names_stamp_{verb.lower()} AFTER {verb} ON clone_names "
                f"BEGIN INSERT INTO page_stamps (subject, stamp) VALUES ('clone_names', random()) {RENEWED}; END"
            )
        return
    op.execute(
        "CREATE FUNCTION clone_names_stamp() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO page_stamps (subject, stamp) "
        f"VALUES ('clone_names', pg_current_xact_id()::text::bigint) {RENEWED} "
        "WHERE page_stamps.stamp <> excluded.stamp; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER clone_names_stamp AFTER INSERT OR UPDATE OR DELETE ON clone_names "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clone_names_stamp()"
    )


def downgrade() -> None:
    op.drop_table("clone_names")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION clone_names_stamp()")
    op.drop_column("works", "brought_from")
    op.drop_column("people", "named_since")
