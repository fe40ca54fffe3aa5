"""The eighteen palettes, their moods, and which of them a subject gets."""

from typing import NamedTuple

from .random_stream import RandomStream
from .subject import Subject

MOODS = ("warm", "cool", "green", "night")
MOOD_WEIGHT = 0.6  # share of covers that follow the mood of their first tag
TAGS_BY_MOOD = {
    "warm": "writing copy email marketing social brand story food recipe travel sales music",
    "cool": "code data api sql analytics python automation support finance legal ops research",
    "green": "health wellness garden education learning kids planning notes productivity life",
    "night": "game design image video art film photo 3d ai security devops night agent",
}
MOOD_OF_TAG = {tag: mood for mood, tags in TAGS_BY_MOOD.items() for tag in tags.split()}


class Palette(NamedTuple):
    """Six roles, ``#rrggbb``: ``a`` is the ground's strong relative, ``b`` soft, ``c`` the accent.

    Every ground has an OKLCH lightness of .35 to .88, so no cover melts into a white or a
    near-black page; ink is .24 to .30, light .945 to .97.
    """

    name: str
    mood: str
    ground: str
    ink: str
    light: str
    a: str
    b: str
    c: str


PALETTES: tuple[Palette, ...] = (
    Palette("terracotta", "warm", "#e7d0b5", "#41211c", "#f9f3e6", "#d36340", "#e2a983", "#24667d"),
    Palette("apricot", "warm", "#f2bb84", "#4b1930", "#fdf2dd", "#e45e4d", "#8c395e", "#f1e5b8"),
    Palette("saffron", "warm", "#eec154", "#1e2949", "#f8f4de", "#de6129", "#3b5993", "#fadcba"),
    Palette("rosewood", "warm", "#ebb4b4", "#4d1420", "#fff0eb", "#bf3e43", "#e98a7a", "#3a816a"),
    Palette("brick", "warm", "#8f392a", "#3b1818", "#faead8", "#ea7c3d", "#ecbc96", "#74b8c0"),
    Palette("harbor", "cool", "#acd1e7", "#15284b", "#eaf5fb", "#3071c4", "#57a9d2", "#f28e42"),
    Palette("lagoon", "cool", "#86cccf", "#003140", "#e7f8f5", "#0c798d", "#baebd4", "#f1735c"),
    Palette("cobalt", "cool", "#1f53b8", "#122056", "#e7f1fc", "#579de2", "#a1ceee", "#f0bb52"),
    Palette("lilac", "cool", "#d6cbea", "#2d2053", "#f6f1fb", "#725abd", "#bd95d5", "#f39e4c"),
    Palette("iris", "cool", "#9288db", "#231d50", "#f3effc", "#5047a7", "#dfb8e5", "#e7d17a"),
    Palette("sage", "green", "#bcd6bc", "#143224", "#f2f5e8", "#397856", "#83af7e", "#e97c48"),
    Palette("moss", "green", "#395a35", "#132a1b", "#f1f0d9", "#7ca35a", "#c8cd8d", "#f19f51"),
    Palette("pistachio", "green", "#cfe0a9", "#003428", "#f6f7e4", "#288463", "#93c179", "#d85964"),
    Palette("verdigris", "green", "#6ab5a5", "#032f34", "#e7f6ef", "#086b6c", "#b3e0cb", "#f3a949"),
    Palette("midnight", "night", "#2b3666", "#161c3b", "#f3ecde", "#6775db", "#d794c8", "#f0bf61"),
    Palette("aubergine", "night", "#5d264b", "#34142e", "#f8eadf", "#da4e6a", "#f4a485", "#7bc7c6"),
    Palette("pine", "night", "#0f4644", "#032729", "#eaf2e2", "#319287", "#90d2ae", "#f89453"),
    Palette("graphite", "night", "#473e35", "#27201b", "#f4ecde", "#e27641", "#d4bd9e", "#59a5b7"),
)


def palette_with_ground(ground: str) -> Palette | None:
    """The palette of a drawing that was made long ago, known by its ground."""
    return next((palette for palette in PALETTES if palette.ground == ground), None)


def mood_of(tag: str) -> str:
    """The mood of a tag; one we don't know hashes to a mood, so that a tag page keeps one temperature."""
    known = MOOD_OF_TAG.get(tag)
    return known or RandomStream("tag", tag).pick(MOODS)


def palette_of(subject: Subject) -> Palette:
    """The seed's palette; the first tag pulls ``MOOD_WEIGHT`` of all covers into its mood."""
    random = subject.stream("palette")
    follows, position = random.chance(MOOD_WEIGHT), random.bits()
    tag = subject.tags[0].strip().casefold() if subject.tags else ""
    candidates = PALETTES
    if tag and follows:
        mood = mood_of(tag)
        candidates = tuple(palette for palette in PALETTES if palette.mood == mood)
    return candidates[position % len(candidates)]
