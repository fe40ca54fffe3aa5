"""Works as text: what export writes, and what import reads, as rows that are checked before one is kept.

``docs/creators.md`` describes both formats.
"""

from __future__ import annotations

from storefront.works.portable.json_format import exported, from_json
from storefront.works.portable.markdown_format import from_markdown
from storefront.works.portable.rows import Row, Unreadable, checked

__all__ = ["Row", "Unreadable", "checked", "exported", "from_json", "from_markdown"]
