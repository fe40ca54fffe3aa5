"""A cover is the same bytes everywhere, for as long as its listing lives."""

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from itertools import product
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops

from storefront.catalog.covers import Subject, cover_body, cover_svg, palette_of
from storefront.catalog.covers.families import EVERY, FAMILIES, family_of
from storefront.catalog.covers.palettes import PALETTES, Palette, mood_of, palette_with_ground
from storefront.catalog.covers.random_stream import RandomStream
from storefront.catalog.covers.raster import webps
from storefront.catalog.queries import listing_offered
from storefront.catalog.services import publish, unpublish
from storefront.kit.db import step
from tests.browser import Browser
from tests.cast import Cast
from tests.worlds import make_offer

KINDS = ("pack", "flow", "project", "a kind to come")
TITLES = (
    "",
    "Field notes",
    "Starter prompts for a quiet Monday",
    "A flow for all that a team hears in a week",
)
HOSTILE = '</title><script>alert("x")</script>\x00\x1b\u202e & <!-- \'" ' + "long " * 60
SVG = "{http://www.w3.org/2000/svg}"
WEIGHTS = {320: 9_000, 640: 18_000, 1280: 40_000}  # bytes, the heaviest WebP of each width
PAPER, INK = "#f5f5f2", "#131417"  # the walls that covers hang on

FROZEN = {
    Subject("a1", "pack", "Field notes", ("research",)): (
        "d7b5e82b116b0bbd0b0b27905bf1163e1afde6efc2e53be58244a22959ae5ce5"
    ),
    Subject("b2", "pack", "Starter prompts for a quiet Monday", ("writing",)): (
        "e5a85f9d6b77d2663e95fa0b6cdc9c6841f3a8a2297aa7bb3935f43e250adc81"
    ),
    Subject("c3", "flow", "Inbox triage", ("email", "ops")): (
        "df839268d146ecacbb69d86a7e79eb0bfb7a9967badee59dc1c345bfc2ef560b"
    ),
    Subject("d2", "flow", "A flow that sorts what a support team hears all week", ("support",)): (
        "b274e92b4b6e3504e94d21852ecb6e37fcd571205e3490e300192284fd063911"
    ),
    Subject("e5", "project", "Quiet novel kit", ("story",)): (
        "d9e30a88374ed0b6e544ce519006451d5dbea92797e971ef67b16f926abc1198"
    ),
    Subject("f3", "project", "House plans", ("garden",)): (
        "d08e61e137e3f442d65d49143e9aa22d6034871566389b314f4a5af592a4976d"
    ),
    Subject("g7", "something else", "", ()): ("62f46c19cc240aed6dbe7c9d87f2e7ae134b0a88a297ba4da08e94cb3adf9a8e"),
}


def many_subjects(count: int) -> list[Subject]:
    """Subjects of every kind and length of title, ``count`` of each."""
    return [Subject(f"seed-{i}", kind, title, ("writing",)) for kind, title, i in product(KINDS, TITLES, range(count))]


def digest(subject: Subject) -> str:
    return hashlib.sha256(cover_svg(subject).encode()).hexdigest()


@pytest.mark.parametrize(("subject", "expected"), FROZEN.items(), ids=lambda value: getattr(value, "seed", ""))
def test_a_subject_keeps_its_bytes(subject: Subject, expected: str) -> None:
    assert digest(subject) == expected


def test_the_frozen_covers_show_every_family() -> None:
    assert {family_of(subject) for subject in FROZEN} == set(EVERY)


def test_bytes_do_not_depend_on_the_hash_seed_of_the_process() -> None:
    subject = next(iter(FROZEN))
    code = (
        "import hashlib; from storefront.catalog.covers import Subject, cover_svg; "
        f"print(hashlib.sha256(cover_svg({subject!r}).encode()).hexdigest())"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        assert run.stdout.decode().strip() == FROZEN[subject]


def test_the_random_stream_is_splitmix64() -> None:
    stream = RandomStream()
    stream._state = 1234567  # the state of the published test vector
    assert [stream.bits() for _ in range(3)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


@pytest.mark.parametrize("kind", FAMILIES)
def test_a_kind_draws_from_its_own_families_only(kind: str) -> None:
    drawn = {family_of(Subject(f"seed-{i}", kind)) for i in range(60)}
    assert drawn == set(FAMILIES[kind])


def test_an_unknown_kind_draws_from_all_families() -> None:
    assert {family_of(Subject(f"seed-{i}", "a kind to come")) for i in range(200)} == set(EVERY)


def test_every_cover_is_well_formed_small_and_without_script() -> None:
    for subject in many_subjects(12):
        svg = cover_svg(subject)
        root = ElementTree.fromstring(svg)
        names = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert root.attrib["viewBox"] == "0 0 1280 800"
        assert names <= {"svg", "title", "g", "path", "rect", "circle", "clipPath"}
        assert len(svg.encode()) < 12_000


def test_a_hostile_title_stays_text() -> None:
    svg = cover_svg(Subject("seed", "pack", HOSTILE))
    root = ElementTree.fromstring(svg)
    title = root.findtext(f"{SVG}title")
    assert title is not None
    assert title.startswith('</title><script>alert("x")</script> & <!--')
    assert len(title) <= 120
    assert not list(root.iter(f"{SVG}script"))


def test_a_title_of_nothing_printable_is_left_out() -> None:
    assert "<title>" not in cover_svg(Subject("seed", "flow", "\x00\u200b\u202e"))


def test_correcting_a_title_keeps_the_drawing_and_more_words_fill_it() -> None:
    typo, corrected = Subject("seed", "pack", "Feild notes"), Subject("seed", "pack", "Field notes")
    longer = Subject("seed", "pack", "Field notes for people who walk all day")
    assert cover_body(typo) == cover_body(corrected)
    assert (corrected.density, longer.density) == (0, 2)
    assert cover_body(longer) != cover_body(corrected)


def test_ids_are_prefixed_by_the_seed_so_that_covers_may_share_a_page() -> None:
    subjects = [Subject(f"seed-{i}", "pack") for i in range(80)]
    ids = []
    for subject in subjects:
        found = [e.attrib["id"] for e in ElementTree.fromstring(cover_svg(subject)).iter() if "id" in e.attrib]
        assert all(name.startswith(subject.id_prefix) for name in found)
        ids += found
    assert ids
    assert len(ids) == len(set(ids))


def test_the_first_tag_pulls_most_covers_to_its_mood() -> None:
    moods = [palette_of(Subject(f"seed-{i}", "pack", tags=("Writing ", "code"))).mood for i in range(500)]
    follow_and_chance = 0.6 + 0.4 * 5 / 18
    assert moods.count("warm") / 500 == pytest.approx(follow_and_chance, abs=0.06)


def test_a_tag_nobody_listed_still_has_one_mood() -> None:
    assert mood_of("beekeeping") == mood_of("beekeeping")
    assert {mood_of(f"tag-{i}") for i in range(40)} == {palette.mood for palette in PALETTES}


def test_without_a_tag_every_palette_is_used() -> None:
    assert {palette_of(Subject(f"seed-{i}", "flow")) for i in range(400)} == set(PALETTES)


@pytest.mark.parametrize("kind", FAMILIES)
def test_pictures_come_in_three_widths(kind: str) -> None:
    pictures = webps(cover_svg(Subject("seed", kind, "Quiet novel kit", ("story",))))
    assert list(pictures) == [320, 640, 1280]
    for width, content in pictures.items():
        picture = Image.open(BytesIO(content))
        assert (picture.format, picture.size) == ("WEBP", (width, width * 5 // 8))
        assert not picture.getexif()
        assert len(content) < WEIGHTS[width]


def test_a_picture_shows_the_ground_of_its_palette() -> None:
    subject = Subject("seed-3", "flow", "Inbox triage", ("email",))
    picture = Image.open(BytesIO(webps(cover_svg(subject))[640])).convert("RGB")
    ground = Image.new("RGB", picture.size, palette_of(subject).ground)
    differences = ImageChops.difference(picture, ground).convert("L").histogram()
    assert sum(differences[:8]) > 640 * 400 / 10


def luminance(color: str) -> float:
    """Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_a_palette_stands_out_from_both_walls_and_carries_words(palette: Palette) -> None:
    assert min(contrast(palette.ground, wall) for wall in (PAPER, INK)) > 1.25
    assert max(contrast(palette.ground, color) for color in palette[3:]) > 4.5
    assert contrast(palette.ink, palette.light) > 7
    assert palette_with_ground(palette.ground) == palette


def test_a_cover_stays_as_it_was_at_first_publication(cast: Cast, client: Browser) -> None:
    listing = make_offer(cast.alice, "Field Notes", tags=["research"])
    first, picture = listing.cover, client.get(f"/covers/{listing.cover}-640.webp").data
    with step():
        unpublish(listing, by=cast.alice)
        listing.title = "Field notes for people who walk all day and write at night"
        listing.tags = ["game", "night"]
        publish(listing, by=cast.alice)

    assert listing_offered(listing.slug).cover == first
    assert client.get(f"/covers/{first}-640.webp").data == picture
    redrawn = Subject(listing.slug, listing.kind, listing.title, tuple(listing.tags))
    assert digest(redrawn) != first
