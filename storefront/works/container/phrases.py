"""The pass phrase of a container, as people type one."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import Length, Optional

SHORTEST_PHRASE, LONGEST_PHRASE = 8, 200


def phrase_field() -> StringField:
    """Shown as it is typed: a phrase that was mistyped opens nothing ever again."""
    return StringField(
        "Pass phrase",
        description="Whoever opens the file needs it. The shop does not keep it.",
        validators=(
            Optional(),
            Length(min=SHORTEST_PHRASE, message=f"Make it {SHORTEST_PHRASE} characters or longer."),
            Length(max=LONGEST_PHRASE, message=f"Make it {LONGEST_PHRASE} characters or shorter."),
        ),
    )
