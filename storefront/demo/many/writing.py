"""What the listing with a number says: drawn from word lists, the same for the same seed and number."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from storefront.catalog.models import LONGEST_TAGLINE, LONGEST_TITLE, MODELS, TERMS
from storefront.demo.many.items import Speak, items_of

NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")
PRICES = (300, 500, 700, 900, 1200, 1400, 1900, 2400, 2900, 3900, 4900)  # minor units
PER_CREATOR = 40  # a new creator joins for so many listings
SMALL_WORDS = ("a", "of", "on", "one", "who", "with", "without")
VARIATIONS = 8  # covers of one kind and mood
YEARS = 2 * 365  # days over which the listings were published
IN_SEASON = 8  # one in so many was got lately


@dataclass(frozen=True)
class Creator:
    """Somebody who makes listings. They have no password, so nobody signs in as them."""

    handle: str
    name: str
    role_line: str


@dataclass(frozen=True)
class Offer:
    """A listing, its work and how it has fared. ``window`` holds fields by the names of their columns."""

    creator: int
    window: dict[str, Any]
    items: list[dict[str, Any]]
    cover_seed: str
    published_ago: int
    lately: list[int]
    """Seconds since publication, and since each get of the last days."""


@cache
def words() -> dict[str, Any]:
    with (Path(__file__).parent / "words.toml").open("rb") as file:
        return tomllib.load(file)


def creator(seed: int, number: int) -> Creator:
    draw = Random(f"creator {seed} {number}")
    name = f"{draw.choice(words()['first_names'])} {draw.choice(words()['last_names'])}"
    speak = _speaker(draw, draw.choice(words()["subjects"]))
    return Creator(f"{slugged(name)[:18]}-{seed}-{number}", name, speak(draw.choice(words()["roles"])))


def offer(seed: int, number: int) -> Offer:
    """Listing ``number`` of ``seed``. Texts keep to the lengths that a person may type."""
    draw = Random(f"listing {seed} {number}")
    kind = draw.choice(("pack", "pack", "flow", "project"))
    subject = draw.choice(words()["subjects"])
    speak = _speaker(draw, subject)
    title = _title(draw, kind, speak)
    items = items_of(draw, kind, title, speak, words()["stages"])
    window = {
        "slug": f"{slugged(title)}-{seed}-{number}",
        "kind": kind,
        "title": title,
        "tagline": _fitting(draw, speak, "taglines", LONGEST_TAGLINE),
        "description": _description(draw, speak),
        "tags": draw.sample(subject["tags"], draw.randint(1, len(subject["tags"]))),
        "models": sorted(draw.sample(MODELS, draw.randint(1, 4)), key=MODELS.index),
        "bullets": [capital(speak(text)) for text in draw.sample(words()["bullets"], draw.randint(0, 3))],
        "clone_mode": draw.choice(("indefinite", "indefinite", "version_only")),
        "all_access": draw.random() < 0.3,
        "terms": draw.choice(TERMS),
        **_example(draw, speak, items),
        **_trade(draw),
    }
    ago = draw.randrange(3600, YEARS * 24 * 3600)
    return Offer(
        creator=draw.randrange(number // PER_CREATOR + 1),
        window=window,
        items=items,
        cover_seed=f"{kind} {subject['tags'][0]} {draw.randrange(VARIATIONS)}",
        published_ago=ago,
        lately=_lately(draw, window["gets"], ago),
    )


def _speaker(draw: Random, subject: dict[str, Any]) -> Speak:
    """Puts one thing, its readers, an input and an outcome of the subject into texts, the same into each."""
    thing = draw.choice(subject["things"])
    article = "an" if thing[0] in "aeiou" else "a"
    said = {
        "a <thing>": f"{article} {thing}",
        "A <thing>": f"{article.capitalize()} {thing}",
        "<thing>": thing,
        "<input>": draw.choice(subject["inputs"]),
        "<outcome>": draw.choice(subject["outcomes"]),
        "<readers>": draw.choice(subject["readers"]),
    }

    def speak(text: str) -> str:
        for name, word in said.items():
            text = text.replace(name, word)
        return text

    return speak


def _title(draw: Random, kind: str, speak: Speak) -> str:
    thing = " ".join(capital(word) for word in speak("<thing>").split())
    form = draw.choice(words()["forms"][kind])
    readers = " ".join(word if word in SMALL_WORDS else capital(word) for word in speak("<readers>").split())
    titles = (
        f"{draw.choice(words()['qualities'])} {thing} {form}",
        f"{draw.choice(words()['qualities'])} {thing} {form}",
        f"{thing} {form} for {readers}",
        f"The {thing} {form}",
        f"{thing}, {draw.choice(words()['manners'])}",
    )
    return draw.choice(titles)[:LONGEST_TITLE]


def _fitting(draw: Random, speak: Speak, name: str, longest: int) -> str:
    texts = [capital(speak(text)) for text in words()[name]]
    return draw.choice([text for text in texts if len(text) <= longest])


def _description(draw: Random, speak: Speak) -> str:
    opening, closing = draw.choice(words()["openings"]), draw.choice(words()["closings"])
    return speak("\n\n".join((opening, " ".join(draw.sample(words()["middles"], 2)), closing)))


def _example(draw: Random, speak: Speak, items: list[dict[str, Any]]) -> dict[str, str]:
    """What somebody gave to a prompt of the work, and what they got."""
    prompt = draw.choice([item for item in items if item["kind"] == "prompt"])
    given = speak("I have <input>. It should become a <thing> for <readers>.")
    got = speak("Known: what it is for, and who reads it.\nAssumed: that they read all of it.\nMissing: the date. "
                "With that answered you are two steps from <outcome>.")  # fmt: skip
    return {"example_item": prompt["title"], "example_input": given, "example_output": got}


def _trade(draw: Random) -> dict[str, Any]:
    """Price and what was sold of it: many hardly at all, a few very often."""
    price = 0 if draw.random() < 0.25 else draw.choice(PRICES)
    gets = min(int(draw.paretovariate(0.9)) * draw.randint(0, 5), 20_000)
    return {"pricing": "paid" if price else "free", "price": price, "gets": gets, "sales": gets if price else 0}


def _lately(draw: Random, gets: int, published_ago: int) -> list[int]:
    if draw.randrange(IN_SEASON):
        return []
    return sorted(draw.randrange(min(published_ago, 29 * 24 * 3600)) for _get in range(min(gets, 12)))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def slugged(text: str) -> str:
    return NOT_IN_SLUGS.sub("-", text.lower()).strip("-")
