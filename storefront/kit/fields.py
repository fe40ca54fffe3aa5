"""Form fields that more than one slice needs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wtforms import StringField

SEPARATOR = re.compile(r"[,;\n]")


class TagsField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """A list of short texts, typed as one line with commas; ``ui/tag_input.html`` makes chips of it.

    ``data`` is a list: trimmed, without empty ones and repetitions (case aside), in the order they were typed.
    """

    data: list[str]

    def process_data(self, value: Sequence[str] | None) -> None:
        self.data = list(value or ())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if valuelist:
            typed = (tag.strip() for text in valuelist for tag in SEPARATOR.split(text))
            self.data = list({tag.casefold(): tag for tag in reversed([*typed]) if tag}.values())[::-1]

    def _value(self) -> str:
        return ", ".join(self.data or ())
