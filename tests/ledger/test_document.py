"""The document shows the verbs and accounts as the code has them."""

from __future__ import annotations

import re
from pathlib import Path

from storefront.ledger import services
from storefront.ledger.chart import CHART, AccountKind
from storefront.ledger.verbs import VERBS

DOCUMENT = (Path(__file__).parents[2] / "docs/ledger.md").read_text(encoding="utf-8")


def shown(verb: str) -> str:
    """A verb as the document shows it."""
    name, _comma, case = verb.partition(", ")
    lines = [f"| {line.kind} | `{line.debit}` | `{line.credit}` | {line.part} |" for line in VERBS[verb]]
    return "\n".join(
        [f"`{name}`{', ' + case if case else ''}:", "", "| kind | debit | credit | part |", "|---|---|---|---|", *lines]
    )


def test_every_verb_is_in_the_document() -> None:
    assert [verb for verb in VERBS if shown(verb) not in DOCUMENT] == []


def test_every_account_is_in_the_document() -> None:
    def row(kind: AccountKind) -> str:
        whose = "each workspace" if kind.is_of_workspace else "the shop"
        return f"| `{kind.name}` | {whose} | {kind.side} | {kind.sentence} |"

    assert [kind.name for kind in CHART.values() if row(kind) not in DOCUMENT] == []


def test_the_document_shows_no_verb_that_is_gone() -> None:
    named = re.findall(r"^`(book_\w+)`", DOCUMENT, re.M)

    assert set(named) == {verb.partition(", ")[0] for verb in VERBS}
    assert [name for name in named if not hasattr(services, name)] == []


def test_every_verb_of_the_services_is_a_table() -> None:
    assert {name for name in vars(services) if name.startswith("book_")} == {verb.partition(", ")[0] for verb in VERBS}
