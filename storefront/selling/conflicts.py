"""Two people, or two windows, typed in the same step: what differs, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wtforms import Field, Form

from storefront.selling.drafts import Draft, Typed
from storefront.selling.forms import PICTURE


@dataclass(frozen=True)
class Difference:
    """One field with what was saved and what was about to be."""

    name: str
    theirs: str
    mine: str


def differences(draft: Draft, step: str, typed: Typed) -> list[Difference]:
    """The fields of a step in which ``typed`` is not what was saved."""
    saved, mine = draft.forms[step], draft.form_of(step, typed)
    pairs = ((each.label.text, _words(saved, each.name), _words(mine, each.name)) for each in saved)
    return [Difference(*pair) for pair in pairs if pair[1] != pair[2]]


def _words(form: Form, name: str) -> str:
    """What a field holds, as it reads on the page."""
    field: Field = form[name]
    value: Any = field._value() if hasattr(field, "_value") else field.data
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if name == "art" and value == PICTURE:
        return "Your own picture"
    if name == "art":
        return f"Drawing {int(value) + 1}" if str(value).isdecimal() else "The one in the catalog"
    chosen = value if isinstance(value, list) else [value]
    labels = {each.data: each.label.text for each in field} if hasattr(field, "iter_choices") else {}
    return ", ".join(str(labels.get(each, each)) for each in chosen if each)
