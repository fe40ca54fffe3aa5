"""What a person types into a search box, made safe and exact for each engine's full-text search."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MOST_TERMS = 8
LONGEST_TERM = 40
WORD = re.compile(r"\w+", re.UNICODE)


def terms(text: str) -> list[str]:
    """The words to look for: folded, at most eight. Punctuation and control characters vanish."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\x00", " ").replace("_", " ")
    return [word[:LONGEST_TERM] for word in WORD.findall(folded)[:MOST_TERMS]]


def fts5(words: Sequence[str], *, column: str | None = None, whole: bool = False) -> str:
    """An FTS5 query: every word, each as a prefix unless ``whole``. Quoted, so nothing in them is syntax.

    No words match nothing.

    Source: https://www.sqlite.org/fts5.html#full_text_query_syntax
    """
    query = " AND ".join(f'"{word}"' if whole else f'"{word}"*' for word in words) or '""'
    return f"{{{column}}} : ({query})" if column else query


def tsquery(words: Sequence[str], *, weight: str = "", whole: bool = False) -> str:
    """A PostgreSQL ``to_tsquery`` text: every word, each a prefix unless ``whole``. No words match nothing.

    ``weight`` (``A`` to ``D``) keeps to the part of the document that was given it.

    Source: https://www.postgresql.org/docs/current/textsearch-controls.html
    """
    ending = weight if whole else f"*{weight}"
    return " & ".join(f"'{word}':{ending}" if ending else f"'{word}'" for word in words)
