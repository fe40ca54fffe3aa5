"""Stamps that outrun kept pages"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHOWN = ("listings", "catalog_state")
RENEWED = "ON CONFLICT (subject) DO UPDATE SET stamp = excluded.stamp"


def upgrade() -> None:
    op.create_table(
        "page_stamps",
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("stamp", BIG, nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_page_stamps")),
    )
    for table in SHOWN:
        if op.get_bind().dialect.name == "sqlite":
            renew_on_sqlite(table)
        else:
            renew_on_postgresql(table)


def renew_on_sqlite(table: str) -> None:
    for verb in ("INSERT", "UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_stamp_{verb.lower()} AFTER {verb} ON {table} "
            f"BEGIN INSERT INTO page_stamps (subject, stamp) VALUES ('{table}', random()) {RENEWED}; END"
        )


def renew_on_postgresql(table: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_stamp() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN INSERT INTO page_stamps (subject, stamp) VALUES ('{table}', pg_current_xact_id()::text::bigint) "
        f"{RENEWED} WHERE page_stamps.stamp <> excluded.stamp; RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE CONSTRAINT TRIGGER {table}_stamp AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {table}_stamp()"
    )


def downgrade() -> None:
    for table in SHOWN:
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_stamp_{verb}")
        else:
            op.execute(f"DROP TRIGGER {table}_stamp ON {table}")
            op.execute(f"DROP FUNCTION {table}_stamp()")
    op.drop_table("page_stamps")
