"""The walking storefront"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

APPEND_ONLY = ("events", "versions", "version_items")


def late_keys() -> bool:
    """Whether the engine adds foreign keys later: works and versions refer to each other."""
    return op.get_bind().dialect.name == "postgresql"


def keep_append_only(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )


def make_search() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE_SEARCH:
            op.execute(statement)
        return
    op.execute(
        "ALTER TABLE listings ADD COLUMN search_vector tsvector GENERATED ALWAYS AS ("
        "CASE WHEN state = 'published' THEN "
        "setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', search_text), 'B') || "
        "setweight(to_tsvector('simple', tagline), 'C') END) STORED"
    )
    op.execute("CREATE INDEX ix_listings_search_vector ON listings USING gin (search_vector)")


SQLITE_SEARCH = (
    "CREATE VIRTUAL TABLE listings_fts USING fts5(title, tagline, search_text, content='listings', "
    "content_rowid='id', prefix='2 3', tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER listings_fts_insert AFTER INSERT ON listings BEGIN "
    "INSERT INTO listings_fts(rowid, title, tagline, search_text) "
    "SELECT new.id, new.title, new.tagline, new.search_text WHERE new.state = 'published'; END",
    "CREATE TRIGGER listings_fts_update AFTER UPDATE OF title, tagline, search_text, state ON listings BEGIN "
    "INSERT INTO listings_fts(listings_fts, rowid, title, tagline, search_text) "
    "SELECT 'delete', old.id, old.title, old.tagline, old.search_text WHERE old.state = 'published'; "
    "INSERT INTO listings_fts(rowid, title, tagline, search_text) "
    "SELECT new.id, new.title, new.tagline, new.search_text WHERE new.state = 'published'; END",
    "CREATE TRIGGER listings_fts_delete AFTER DELETE ON listings BEGIN "
    "INSERT INTO listings_fts(listings_fts, rowid, title, tagline, search_text) "
    "SELECT 'delete', old.id, old.title, old.tagline, old.search_text WHERE old.state = 'published'; END",
)


def upgrade() -> None:
    op.create_table(
        "catalog_state",
        sa.Column("id", BIG, nullable=False),
        sa.Column("generation", BIG, nullable=False),
        sa.Column("ranked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ranking_since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalog_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_state")),
    )
    op.create_table(
        "covers",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("svg", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_covers")),
    )
    op.create_table(
        "events",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("actor_id", BIG, nullable=True),
        sa.Column("workspace_id", BIG, nullable=True),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_name", ["name"], unique=False)
        batch_op.create_index("ix_events_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "facet_counts",
        sa.Column("facet", sa.String(length=60), nullable=False),
        sa.Column("listings", BIG, nullable=False),
        sa.CheckConstraint("listings >= 0", name=op.f("ck_facet_counts_listings_positive")),
        sa.PrimaryKeyConstraint("facet", name=op.f("pk_facet_counts")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("arguments", JSON, nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_jobs_waiting",
            ["run_at"],
            unique=False,
            postgresql_where=sa.text("done_at IS NULL"),
            sqlite_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "media",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_media_size_positive")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_media")),
    )
    op.create_table(
        "people",
        sa.Column("id", BIG, nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.String(length=10), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("plan IN ('free', 'pro', 'studio')", name=op.f("ck_people_plan_known")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_people_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_people_fs_uniquifier")),
    )
    op.create_table(
        "stripe_events",
        sa.Column("id", BIG, nullable=False),
        sa.Column("stripe_id", sa.String(length=80), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=True),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('kept', 'handled', 'ignored', 'failed', 'parked')",
            name=op.f("ck_stripe_events_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_events")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_stripe_events_stripe_id")),
    )
    with op.batch_alter_table("stripe_events", schema=None) as batch_op:
        batch_op.create_index("ix_stripe_events_state", ["state", "id"], unique=False)

    op.create_table(
        "workspaces",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("handle", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role_line", sa.String(length=120), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('personal', 'team')", name=op.f("ck_workspaces_kind_known")),
        sa.CheckConstraint("handle = lower(handle)", name=op.f("ck_workspaces_handle_lower")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_workspaces_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
        sa.UniqueConstraint("handle", name=op.f("uq_workspaces_handle")),
    )
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.create_index(
            "uq_workspaces_personal",
            ["owner_id"],
            unique=True,
            postgresql_where=sa.text("kind = 'personal'"),
            sqlite_where=sa.text("kind = 'personal'"),
        )

    op.create_table(
        "memberships",
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'editor', 'viewer')", name=op.f("ck_memberships_role_known")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_memberships_person_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_memberships_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("person_id", "workspace_id", name=op.f("uq_memberships_person_id_workspace_id")),
    )
    op.create_table(
        "works",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("origin_version_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('project', 'pack', 'flow')", name=op.f("ck_works_kind_known")),
        *(
            []
            if late_keys()
            else [
                sa.ForeignKeyConstraint(["origin_version_id"], ["versions.id"], name=op.f("fk_works_origin_version_id"))
            ]
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_works_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_works")),
        sa.UniqueConstraint("public_id", name=op.f("uq_works_public_id")),
    )
    with op.batch_alter_table("works", schema=None) as batch_op:
        batch_op.create_index("ix_works_workspace", ["workspace_id", "id"], unique=False)

    op.create_table(
        "items",
        sa.Column("work_id", BIG, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("parent_key", sa.String(length=60), nullable=True),
        sa.Column("position", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.CheckConstraint(
            "kind IN ('prompt', 'graph', 'character', 'relationship', 'page', 'block', 'file')",
            name=op.f("ck_items_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["work_id", "parent_key"],
            ["items.work_id", "items.key"],
            name=op.f("fk_items_work_id_parent_key"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_items_work_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("work_id", "key", name=op.f("pk_items")),
    )
    op.create_table(
        "versions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("work_id", BIG, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("changelog", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("item_counts", JSON, nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_versions_number_positive")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_versions_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("work_id", "number", name=op.f("uq_versions_work_id_number")),
    )
    op.create_table(
        "listings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("work_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("suspended_reason", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("tagline", sa.String(length=140), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("models", JSON, nullable=False),
        sa.Column("bullets", JSON, nullable=False),
        sa.Column("example_item", sa.String(length=200), nullable=False),
        sa.Column("example_input", sa.Text(), nullable=False),
        sa.Column("example_output", sa.Text(), nullable=False),
        sa.Column("pricing", sa.String(length=10), nullable=False),
        sa.Column("price", BIG, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("terms", sa.String(length=10), nullable=False),
        sa.Column("clone_mode", sa.String(length=20), nullable=False),
        sa.Column("all_access", sa.Boolean(), nullable=False),
        sa.Column("cover", sa.String(length=64), nullable=True),
        sa.Column("featured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gets", BIG, nullable=False),
        sa.Column("sales", BIG, nullable=False),
        sa.Column("clones", BIG, nullable=False),
        sa.Column("copies", BIG, nullable=False),
        sa.Column("reports", BIG, nullable=False),
        sa.Column("newest", BIG, nullable=False),
        sa.Column("trending_even", BIG, nullable=False),
        sa.Column("trending_odd", BIG, nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint("(pricing = 'free') = (price = 0) AND price >= 0", name=op.f("ck_listings_price_fits")),
        sa.CheckConstraint("clone_mode IN ('indefinite', 'version_only')", name=op.f("ck_listings_clone_mode_known")),
        sa.CheckConstraint("pricing IN ('free', 'paid')", name=op.f("ck_listings_pricing_known")),
        sa.CheckConstraint(
            "state <> 'published' OR version_id IS NOT NULL", name=op.f("ck_listings_published_has_version")
        ),
        sa.CheckConstraint(
            "state <> 'suspended' OR suspended_reason <> ''", name=op.f("ck_listings_suspended_has_reason")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'suspended', 'retired')", name=op.f("ck_listings_state_known")
        ),
        sa.CheckConstraint("terms IN ('personal', 'commercial', 'team')", name=op.f("ck_listings_terms_known")),
        sa.ForeignKeyConstraint(["cover"], ["covers.sha256"], name=op.f("fk_listings_cover")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_listings_version_id")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_listings_work_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_listings_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listings")),
        sa.UniqueConstraint("slug", name=op.f("uq_listings_slug")),
    )
    with op.batch_alter_table("listings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_listings_featured",
            ["featured_at"],
            unique=False,
            postgresql_where=sa.text("featured_at IS NOT NULL"),
            sqlite_where=sa.text("featured_at IS NOT NULL"),
        )
        batch_op.create_index("ix_listings_workspace", ["workspace_id", "id"], unique=False)

    op.create_table(
        "version_items",
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("parent_key", sa.String(length=60), nullable=True),
        sa.Column("position", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.CheckConstraint(
            "kind IN ('prompt', 'graph', 'character', 'relationship', 'page', 'block', 'file')",
            name=op.f("ck_version_items_kind_known"),
        ),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_version_items_version_id")),
        sa.PrimaryKeyConstraint("version_id", "key", name=op.f("pk_version_items")),
    )
    op.create_table(
        "licenses",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("listing_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("terms", sa.String(length=10), nullable=False),
        sa.Column("terms_text", sa.Text(), nullable=False),
        sa.Column("clone_mode", sa.String(length=20), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("fee", BIG, nullable=False),
        sa.Column("share", BIG, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("payment_intent", sa.String(length=80), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refundable_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("clone_mode IN ('indefinite', 'version_only')", name=op.f("ck_licenses_clone_mode_known")),
        sa.CheckConstraint("status <> 'free' OR amount = 0", name=op.f("ck_licenses_free_costs_nothing")),
        sa.CheckConstraint(
            "status IN ('completed', 'free', 'disputed', 'refunded', 'revoked')",
            name=op.f("ck_licenses_status_known"),
        ),
        sa.CheckConstraint("terms IN ('personal', 'commercial', 'team')", name=op.f("ck_licenses_terms_known")),
        sa.CheckConstraint("amount >= 0 AND fee >= 0 AND share >= 0", name=op.f("ck_licenses_amounts_positive")),
        sa.CheckConstraint("fee + share = amount", name=op.f("ck_licenses_shares_add_up")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_licenses_listing_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_licenses_person_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_licenses_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licenses")),
        sa.UniqueConstraint("number", name=op.f("uq_licenses_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_licenses_public_id")),
    )
    with op.batch_alter_table("licenses", schema=None) as batch_op:
        batch_op.create_index("ix_licenses_person", ["person_id", "id"], unique=False)
        batch_op.create_index(
            "uq_licenses_live",
            ["person_id", "listing_id"],
            unique=True,
            postgresql_where=sa.text("status IN ('completed', 'free', 'disputed')"),
            sqlite_where=sa.text("status IN ('completed', 'free', 'disputed')"),
        )

    op.create_table(
        "listing_facets",
        sa.Column("listing_id", BIG, nullable=False),
        sa.Column("facet", sa.String(length=60), nullable=False),
        sa.Column("trending_even", BIG, nullable=False),
        sa.Column("trending_odd", BIG, nullable=False),
        sa.Column("newest", BIG, nullable=False),
        sa.Column("price", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_facets_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", "facet", name=op.f("pk_listing_facets")),
    )
    with op.batch_alter_table("listing_facets", schema=None) as batch_op:
        batch_op.create_index("ix_listing_facets_newest", ["facet", "newest", "listing_id"], unique=False)
        batch_op.create_index("ix_listing_facets_price", ["facet", "price", "listing_id"], unique=False)
        batch_op.create_index("ix_listing_facets_trending_even", ["facet", "trending_even", "listing_id"], unique=False)
        batch_op.create_index("ix_listing_facets_trending_odd", ["facet", "trending_odd", "listing_id"], unique=False)

    op.create_table(
        "clones",
        sa.Column("work_id", BIG, nullable=False),
        sa.Column("license_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["license_id"], ["licenses.id"], name=op.f("fk_clones_license_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_clones_version_id")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_clones_work_id")),
        sa.PrimaryKeyConstraint("work_id", name=op.f("pk_clones")),
    )
    with op.batch_alter_table("clones", schema=None) as batch_op:
        batch_op.create_index("ix_clones_license", ["license_id"], unique=False)
        batch_op.create_index(
            "uq_clones_first",
            ["license_id"],
            unique=True,
            postgresql_where=sa.text("is_first"),
            sqlite_where=sa.text("is_first = 1"),
        )

    op.create_table(
        "orders",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("buyer_id", BIG, nullable=False),
        sa.Column("listing_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("price", BIG, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("terms", sa.String(length=10), nullable=False),
        sa.Column("clone_mode", sa.String(length=20), nullable=False),
        sa.Column("settlement", sa.String(length=12), nullable=False),
        sa.Column("fee_bps", BIG, nullable=False),
        sa.Column("attempt", BIG, nullable=False),
        sa.Column("session_id", sa.String(length=120), nullable=True),
        sa.Column("session_url", sa.Text(), nullable=True),
        sa.Column("session_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("subtotal", BIG, nullable=True),
        sa.Column("tax", BIG, nullable=True),
        sa.Column("amount", BIG, nullable=True),
        sa.Column("fee", BIG, nullable=True),
        sa.Column("share", BIG, nullable=True),
        sa.Column("payment_intent", sa.String(length=80), nullable=True),
        sa.Column("charge", sa.String(length=80), nullable=True),
        sa.Column("stripe_fee", BIG, nullable=True),
        sa.Column("card", sa.String(length=60), nullable=True),
        sa.Column("receipt_url", sa.Text(), nullable=True),
        sa.Column("refund", sa.String(length=80), nullable=True),
        sa.Column("license_id", BIG, nullable=True),
        sa.Column("flag", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("clone_mode IN ('indefinite', 'version_only')", name=op.f("ck_orders_clone_mode_known")),
        sa.CheckConstraint("settlement IN ('held', 'destination')", name=op.f("ck_orders_settlement_known")),
        sa.CheckConstraint("status <> 'paid' OR license_id IS NOT NULL", name=op.f("ck_orders_paid_has_license")),
        sa.CheckConstraint(
            "status IN ('open', 'paid', 'expired', 'unwanted', 'refunded')",
            name=op.f("ck_orders_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('paid', 'unwanted') OR amount IS NOT NULL", name=op.f("ck_orders_paid_has_amount")
        ),
        sa.CheckConstraint("terms IN ('personal', 'commercial', 'team')", name=op.f("ck_orders_terms_known")),
        sa.CheckConstraint(
            "coalesce(amount = fee + share + tax, amount IS NULL)", name=op.f("ck_orders_shares_add_up")
        ),
        sa.CheckConstraint("price > 0", name=op.f("ck_orders_price_positive")),
        sa.ForeignKeyConstraint(["buyer_id"], ["people.id"], name=op.f("fk_orders_buyer_id")),
        sa.ForeignKeyConstraint(["license_id"], ["licenses.id"], name=op.f("fk_orders_license_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_orders_listing_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_orders_version_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_orders_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("license_id", name=op.f("uq_orders_license_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_orders_public_id")),
        sa.UniqueConstraint("session_id", name=op.f("uq_orders_session_id")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index("ix_orders_buyer", ["buyer_id", "id"], unique=False)
        batch_op.create_index("ix_orders_status", ["status", "opened_at"], unique=False)
        batch_op.create_index(
            "uq_orders_open",
            ["buyer_id", "listing_id"],
            unique=True,
            postgresql_where=sa.text("status = 'open'"),
            sqlite_where=sa.text("status = 'open'"),
        )

    if late_keys():
        op.create_foreign_key("fk_works_origin_version_id", "works", "versions", ["origin_version_id"], ["id"])
    for table in APPEND_ONLY:
        keep_append_only(table)
    make_search()
    op.execute("INSERT INTO catalog_state (id, generation) VALUES (1, 0)")


def downgrade() -> None:
    if late_keys():
        op.drop_constraint("fk_works_origin_version_id", "works", type_="foreignkey")
    else:
        op.execute("DROP TABLE listings_fts")
    op.drop_table("orders")
    op.drop_table("clones")
    op.drop_table("listing_facets")
    op.drop_table("licenses")
    op.drop_table("version_items")
    op.drop_table("listings")
    op.drop_table("versions")
    op.drop_table("items")
    op.drop_table("works")
    op.drop_table("memberships")
    op.drop_table("workspaces")
    op.drop_table("stripe_events")
    op.drop_table("people")
    op.drop_table("media")
    op.drop_table("jobs")
    op.drop_table("facet_counts")
    op.drop_table("events")
    op.drop_table("covers")
    op.drop_table("catalog_state")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_append_only()")
