"""Full-text search over published listings, as each engine does it best.

SQLite: an FTS5 table with external content, kept by triggers (https://www.sqlite.org/fts5.html#external_content_tables).
PostgreSQL: a generated ``tsvector`` column with a GIN index. No extension is needed on either.
"""

from __future__ import annotations

COLUMNS = ("title", "tagline", "search_text")
LISTED = ", ".join(COLUMNS)


def _values(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in COLUMNS)


def _insert(row: str) -> str:
    return f"INSERT INTO listings_fts(rowid, {LISTED}) SELECT {row}.id, {_values(row)} WHERE {row}.state = 'published';"


def _delete(row: str) -> str:
    return (
        f"INSERT INTO listings_fts(listings_fts, rowid, {LISTED}) "
        f"SELECT 'delete', {row}.id, {_values(row)} WHERE {row}.state = 'published';"
    )


CHANGED = ", ".join((*COLUMNS, "state"))

SQLITE = [
    f"CREATE VIRTUAL TABLE listings_fts USING fts5({LISTED}, content='listings', content_rowid='id', "
    "prefix='2 3', tokenize='unicode61 remove_diacritics 2')",
    f"CREATE TRIGGER listings_fts_insert AFTER INSERT ON listings BEGIN {_insert('new')} END",
    f"CREATE TRIGGER listings_fts_update AFTER UPDATE OF {CHANGED} ON listings "
    f"BEGIN {_delete('old')} {_insert('new')} END",
    f"CREATE TRIGGER listings_fts_delete AFTER DELETE ON listings BEGIN {_delete('old')} END",
]

POSTGRESQL = [
    "ALTER TABLE listings ADD COLUMN search_vector tsvector GENERATED ALWAYS AS ("
    "CASE WHEN state = 'published' THEN "
    "setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', search_text), 'B') || "
    "setweight(to_tsvector('simple', tagline), 'C') END) STORED",
    "CREATE INDEX ix_listings_search_vector ON listings USING gin (search_vector)",
]

DDL = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
