"""What holders type."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length, Optional

SHORTEST_PHRASE, LONGEST_PHRASE = 8, 200


class DownloadForm(FlaskForm):  # type: ignore[misc]
    """The pass phrase is shown as it is typed: one that was mistyped opens nothing ever again."""

    phrase = StringField(
        "Pass phrase",
        description="Whoever opens the file needs it. The shop does not keep it.",
        validators=(
            Optional(),
            Length(min=SHORTEST_PHRASE, message=f"Make it {SHORTEST_PHRASE} characters or longer."),
            Length(max=LONGEST_PHRASE, message=f"Make it {LONGEST_PHRASE} characters or shorter."),
        ),
    )
