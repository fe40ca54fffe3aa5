"""Fields that several forms share."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from storefront.kit.fields import TagsField


class Window(Form):  # type: ignore[misc]  # WTForms ships no types
    tags = TagsField("Tags")


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("research, interviews", ["research", "interviews"]),
        (" research ,, Research;notes\nmore ", ["research", "notes", "more"]),
        ("", []),
        (" , ", []),
    ],
)
def test_a_line_with_commas_is_a_list(typed: str, tags: list[str]) -> None:
    assert Window(MultiDict({"tags": typed})).tags.data == tags


def test_a_list_is_shown_as_a_line_and_kept_when_the_form_is_refused() -> None:
    assert 'value="research, field-work"' in Window(data={"tags": ["research", "field-work"]}).tags()
    assert 'value="&#34;&gt;, b"' in Window(MultiDict({"tags": '">, b'})).tags()


def test_a_form_that_did_not_ask_changes_nothing() -> None:
    assert Window(MultiDict({"other": "x"}), data={"tags": ["research"]}).tags.data == ["research"]
