"""Macros that are run once for the same values."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from markupsafe import Markup

from storefront.kit.templating import remembered


def test_a_macro_runs_once_for_the_same_values() -> None:
    runs: list[str] = []

    def card(work: SimpleNamespace, owned: bool = False) -> str:
        runs.append(work.title)
        return f"{work.title} {work.price}{' yours' if owned else ''}"

    card_of = remembered(card, "title", "price")
    first = SimpleNamespace(title="Field Notes", price=1200)
    assert [card_of(first), card_of(SimpleNamespace(title="Field Notes", price=1200))] == ["Field Notes 1200"] * 2
    assert runs == ["Field Notes"]

    first.price = 900
    assert card_of(first) == "Field Notes 900"
    assert card_of(first, owned=True) == card_of(first, True) == "Field Notes 900 yours"


def test_what_it_writes_stays_safe_and_its_values_escaped(app: Flask) -> None:
    source = """{% macro name(row) %}<b>{{ row.title }}</b>{% endmacro %}{% set name = remembered(name, "title") %}
    {{- name(row) }}{{ name(row) }}"""
    template = app.jinja_env.from_string(source)
    assert template.render(row=SimpleNamespace(title="<i>")) == "<b>&lt;i&gt;</b>" * 2


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_card_is_markup_however_often_it_is_asked_for(app: Flask) -> None:
    card = app.jinja_env.get_template("ui/card.html").module.card  # type: ignore[attr-defined]
    row = SimpleNamespace(
        slug="field-notes", title="Field <Notes>", price=0, currency="USD", kind="pack", creator_name="Alice",
        all_access=False, cover=None, cover_picture=None,
    )  # fmt: skip
    first, again = card(row), card(row)
    assert isinstance(first, Markup)
    assert first == again
    assert "Field &lt;Notes&gt;" in first
    assert "Yours" not in first
    assert "Yours" in card(row, True)
