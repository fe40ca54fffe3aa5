"""Every page in every form: axe finds nothing, it is light, nothing is inline, and it stays inside its window."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from storefront.kit.assets import URL as BUILT
from tests.journeys.conftest import DESKTOP, PHONE, Street, Theme, Walker
from tests.journeys.places import CREATOR, HOLDER, OPERATOR, STRANGER, Place, places_of, things_of
from tests.processes import ROOT

Walk = Callable[..., Walker]

# Only colors differ between the themes, so the second look is at them. What is right need not be told.
FAULTS = {"resultTypes": ["violations"]}
THEMES: dict[Theme, dict[str, list[str]]] = {"light": FAULTS, "dark": {**FAULTS, "runOnly": ["color-contrast"]}}
ROLES = (STRANGER, HOLDER, CREATOR, OPERATOR)
STATIC = ROOT / "storefront/static"
READY = "document.fonts.ready.then(() => null)"
SETTLED = "Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null)))"

# Bytes, gzip. Where people work a page may carry more than one that a stranger waits for.
HTML, FONT = 30_000, 40_000
CSS = {"app": 15_000, "desk": 20_000}
SCRIPTS = {"app": 8_000, "desk": 16_000}
FREE_OF_LIMITS = {"pieces"}  # every piece in every state, shown to nobody but those who build pages


@pytest.fixture(scope="session")
def emails(street: Street) -> dict[str, str]:
    return {
        STRANGER: "", HOLDER: street.person().email, CREATOR: "alice@example.com", OPERATOR: "carol@example.com"
    }  # fmt: skip


@pytest.fixture(scope="session")
def things(browser: Browser, street: Street, emails: dict[str, str]) -> dict[str, str]:
    """What was done once, so that every page is there."""
    found: dict[str, str] = {}
    for who in ROLES:
        page = browser.new_context().new_page()
        if emails[who]:
            Walker(page, street).sign_in(emails[who])
        found |= things_of(who, page, street.url)
        page.context.close()
    return found


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_and_nothing_leaves_the_window(
    walk: Walk, things: dict[str, str], emails: dict[str, str], who: str, size: object
) -> None:
    walker = walk(size=size)
    if emails[who]:
        walker.sign_in(emails[who])

    assert [fault for place in places_of(who) for fault in looks_wrong(walker, place, things)] == []


def looks_wrong(walker: Walker, place: Place, things: dict[str, str]) -> Iterator[str]:
    for theme, rules in THEMES.items():
        walker.page.emulate_media(color_scheme=theme)
        walker.go(place.address(things))
        walker.page.evaluate(SETTLED)
        for rule in Axe().run(walker.page, options=rules).response["violations"]:
            yield f"{place.name}, {theme}: {rule['id']}, {[node['target'] for node in rule['nodes'][:3]]}"
    if walker.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield f"{place.name}: scrolls sideways"


@pytest.mark.parametrize("who", ROLES)
def test_pages_are_light_and_hold_nothing_inline(
    walk: Walk, things: dict[str, str], emails: dict[str, str], who: str
) -> None:
    walker = walk()
    if emails[who]:
        walker.sign_in(emails[who])

    assert [fault for place in places_of(who) for fault in weighs_wrong(walker, place, things)] == []


def weighs_wrong(walker: Walker, place: Place, things: dict[str, str]) -> Iterator[str]:
    walker.requests.clear()
    answer = walker.page.goto(walker.street.url + place.address(things))
    assert answer is not None
    walker.page.evaluate(READY)
    policy = answer.headers.get("content-security-policy", "")
    if "default-src 'self'" not in policy or "unsafe" in policy:
        yield f"{place.name}: the content security policy is {policy!r}"
    html = len(gzip.compress(answer.body(), 9))
    if html > HTML and place.name not in FREE_OF_LIMITS:
        yield f"{place.name}: its HTML weighs {html}"
    files = {urlsplit(request.url).path for request in walker.requests if BUILT in request.url}
    sheet = "desk" if any("/desk-" in file for file in files) else "app"
    for limit, pattern in ((CSS[sheet], r"\.css$"), (SCRIPTS[sheet], r"/js-.*\.js$"), (FONT, r"\.woff2$")):
        found = [weight(file) for file in files if re.search(pattern, file)]
        assert found, f"{place.name} was weighed before it was there"
        if sum(found) > limit:
            yield f"{place.name}: {pattern} weighs {sum(found)}"
    yield from (f"{place.name}: {name} is not styled here" for name in unstyled(walker))


def weight(file: str) -> int:
    content = (STATIC / file.removeprefix("/static/")).read_bytes()
    return len(content) if file.endswith(".woff2") else len(gzip.compress(content, 9))


def classes_of(sheet: str) -> set[str]:
    names = json.loads((STATIC / "dist/manifest.json").read_text())
    css = (STATIC / "dist" / names[sheet]).read_text()
    return {re.sub(r"\\(.)", r"\1", name) for name in re.findall(r"\.((?:[\w-]|\\.)+)", css)}


def unstyled(walker: Walker) -> set[str]:
    """Classes of a page that only the other stylesheet knows: a piece of the desk on a page of the shop."""
    sheet = walker.page.locator("link[rel=stylesheet]").first.get_attribute("href") or ""
    if "/desk-" in sheet:
        return set()
    used = walker.page.evaluate("[...document.querySelectorAll('[class]')].flatMap((each) => [...each.classList])")
    return set(used) & (classes_of("desk.css") - classes_of("app.css"))
