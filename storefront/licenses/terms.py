"""What the three licenses allow, in plain words and as a text that is frozen on each license."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Terms:
    """One kind of license. ``line`` is one sentence for the buy card, ``allowed`` rows for the table."""

    name: str
    line: str
    consequence: str
    forbidden: str
    allowed: tuple[tuple[str, bool], ...]


QUESTIONS = (
    "Use it for yourself",
    "Use it in work you are paid for",
    "Change it and keep your changes",
    "Share it inside a team",
    "Sell it, or a copy of it",
)


def _answers(*answers: bool) -> tuple[tuple[str, bool], ...]:
    return tuple(zip(QUESTIONS, answers, strict=True))


TERMS = {
    "personal": Terms(
        "Personal",
        "Use it for yourself.",
        "Personal license, one person.",
        "Not for paid work, not for resale.",
        _answers(True, False, True, False, False),
    ),
    "commercial": Terms(
        "Commercial",
        "Use it in paid work.",
        "Commercial license, one person.",
        "Not for resale as a pack or template.",
        _answers(True, True, True, False, False),
    ),
    "team": Terms(
        "Team",
        "Use it in paid work, together.",
        "Team license, one workspace.",
        "Not for resale as a pack or template.",
        _answers(True, True, True, True, False),
    ),
}

SELLABLE = tuple(name for name, kind in TERMS.items() if dict(kind.allowed)[QUESTIONS[-1]])  # today none


def terms_text(terms: str, *, title: str, creator: str, clone_mode: str) -> str:
    """The license's whole text, to be frozen on it."""
    kind = TERMS[terms]
    rows = "\n".join(f"- {question}: {'yes' if yes else 'no'}." for question, yes in kind.allowed)
    versions = (
        "It covers every later version the creator publishes."
        if clone_mode == "indefinite"
        else "It covers the version that was current on the day it was got, and no other."
    )
    return (
        f"{kind.name} license for “{title}” by {creator}.\n\n"
        f"The creator keeps all rights and allows the holder the following, without limit of time:\n\n{rows}\n\n"
        f"{versions} What the holder makes with the work is the holder's. "
        "The license ends if the price is paid back; copies made before then may be kept but not changed or shared."
    )
