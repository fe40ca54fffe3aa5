"""The check of HTMX: what version 4 ignores without a word, it names."""

from __future__ import annotations

from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def known(check_htmx: ModuleType) -> set[str]:
    names: set[str] = check_htmx.known_attributes()
    return names


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('<a hx-get="/x" hx-disabled-elt="this">', "hx-disabled-elt is not an attribute"),
        ('<a hx-get="/x" hx-ext="sse">', "hx-ext is not an attribute"),
        ('<div hx-preload="mouseover">', "hx-preload is not an attribute"),
        ("{{ pager(url, **{'hx-gett': url}) }}", "hx-gett is not an attribute"),
        ('<a hx-get="/x" hx-target:inherit="#y">', "hx-target:inherit has a modifier"),
        ('<p hx-on:click="go()">', "hx-on runs inline script"),
        ('<i hx-get="/x" hx-trigger="click[ctrlKey]">', "evaluated as script"),
        ('<i hx-get="/x" hx-trigger="change, keyup[key==\'Enter\']">', "evaluated as script"),
        ('<i hx-get="/x" hx-vals="js:{a: 1}">', "evaluated as script"),
        ('document.addEventListener("htmx:afterSwap", go);', "htmx:afterSwap is an event of HTMX 2"),
    ],
)
def test_a_habit_that_does_nothing_is_named(check_htmx: ModuleType, known: set[str], line: str, fault: str) -> None:
    assert [found for found in check_htmx.line_faults(line, known) if fault in found]


@pytest.mark.parametrize(
    "line",
    [
        '<form hx-post="/x" hx-target="#y" hx-swap="outerHTML" hx-status:4xx="swap:none">',
        '<body hx-headers:inherited=\'{"X-CSRFToken": "t"}\'>',
        '<i hx-get="/x" hx-trigger="change delay:200ms, submit from:#filters">',
        '<div hx-swap-oob="beforeend:#toasts">',
        'document.addEventListener("htmx:after:swap", go);',
    ],
)
def test_what_htmx_4_understands_passes(check_htmx: ModuleType, known: set[str], line: str) -> None:
    assert list(check_htmx.line_faults(line, known)) == []
    assert list(check_htmx.inert_attributes(line)) == []


def test_what_is_not_handed_down_is_named(check_htmx: ModuleType) -> None:
    text = '<div hx-target="#y"{% if a > b %} class="x"{% endif %}><a hx-get="/x">{{ icon("x") }}</a></div>'
    assert list(check_htmx.inert_attributes(text)) == ["hx-target does nothing here without :inherited"]


def test_attributes_written_by_an_expression_may_send(check_htmx: ModuleType) -> None:
    assert list(check_htmx.inert_attributes('<a hx-target="#y"{{ kwargs|xmlattr }}>')) == []


def test_our_templates_and_scripts_are_clean(check_htmx: ModuleType) -> None:
    assert check_htmx.main() == 0
