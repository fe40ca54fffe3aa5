"""Every page as people see it: desktop, phone and dark, written to ``docs/screenshots/``.

``python -m tests.screenshots`` starts the shop with its demo on ports of its own, and stops it afterwards.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Literal

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browsers import find_chromium
from tests.cast import PASSWORD
from tests.conftest import make_app
from tests.journeys.places import (
    CREATOR,
    HOLDER,
    OPERATOR,
    POOLED,
    STRANGER,
    TROUBLED,
    Place,
    places_of,
    things_of,
)
from tests.journeys.pool import WHO, make_pool
from tests.journeys.trouble import make_trouble
from tests.processes import ROOT, free_port, running, wait_until_it_answers

FOLDER = ROOT / "docs" / "screenshots"
IMAGES = ROOT / "docs" / "images"
PICTURES = {("landing", "desktop"), ("listing", "desktop"), ("catalog", "dark")}  # what the README shows
Theme = Literal["light", "dark"]
PEOPLE = {STRANGER: "", HOLDER: "bob", CREATOR: "alice", OPERATOR: "carol", **WHO}
FORMS: dict[str, tuple[int, Theme]] = {"desktop": (1440, "light"), "phone": (390, "light"), "dark": (1440, "dark")}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        port, sandbox_port = free_port(), free_port()
        environment = {
            "DATABASE_URL": f"sqlite:///{folder}/shop.db",
            "JOBS_URL": f"sqlite:///{folder}/jobs.db",
            "STORAGE_URL": f"{folder}/files",
            "MAIL_FOLDER": f"{folder}/mail",
            "LEDGER_KEY_FILE": f"{folder}/ledger-key.pem",
            "SANDBOX_DATABASE": f"{folder}/sandbox.db",
            "PORT": str(port),
            "SANDBOX_PORT": str(sandbox_port),
        }
        with running("run", **environment) as process:
            wait_until_it_answers(sandbox_port, process)
            wait_until_it_answers(port, process)
            arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
            things: dict[str, str] = {}
            for form, (width, theme) in FORMS.items():
                take_all(browser, f"http://127.0.0.1:{port}", form, width, theme, things)
            with app_beside(Path(folder)).app_context():
                make_trouble("Night")
                things |= {**make_pool(), **dict.fromkeys(WHO, "done")}
            for form, (width, theme) in FORMS.items():
                take_places(browser, f"http://127.0.0.1:{port}", form, width, theme, OPERATOR, TROUBLED, things)
                for who in WHO:
                    places = [place for place in POOLED if place.who == who]
                    take_places(browser, f"http://127.0.0.1:{port}", form, width, theme, who, places, things)


def app_beside(folder: Path) -> Flask:
    """An app on the running shop's database and files, to set scenes with."""
    files = {"storage_url": f"{folder}/files", "mail_folder": f"{folder}/mail"}
    return make_app(folder, database_url=f"sqlite:///{folder}/shop.db", **files)


def take_all(browser: Browser, site: str, form: str, width: int, theme: Theme, things: dict[str, str]) -> None:
    """Every page in one form, each looked at by somebody who may see it. What they had to do is done once."""
    for who in PEOPLE:
        take_places(browser, site, form, width, theme, who, places_of(who), things)


def take_places(
    browser: Browser, site: str, form: str, width: int, theme: Theme, who: str, places: Sequence[Place],
    things: dict[str, str],
) -> None:  # fmt: skip
    """Pages that one person looks at."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    if PEOPLE[who]:
        sign_in(page, site, PEOPLE[who])
    if who not in things:
        things |= {who: "done", **things_of(who, page, site)}
    for place in places:
        page.goto(site + place.address(things), wait_until="networkidle")
        take(page, FOLDER / f"{place.name}-{form}.webp")
        if (place.name, form) in PICTURES:
            take(page, IMAGES / f"{place.name}.webp", whole=False)
    context.close()


def sign_in(page: Page, site: str, who: str) -> None:
    page.goto(f"{site}/login")
    page.get_by_label("E-mail").fill(f"{who}@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{site}/library")


def take(page: Page, file: Path, *, whole: bool = True) -> None:
    """One picture as WebP, with every lazy image loaded first."""
    page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach((image) => (image.loading = 'eager'))")
    page.evaluate("Promise.all([...document.images].map((image) => image.decode().catch(() => null)))")
    file.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(BytesIO(page.screenshot(full_page=whole)))
    picture.convert("RGB").save(file, "WEBP", quality=80, method=4)


if __name__ == "__main__":
    main()
