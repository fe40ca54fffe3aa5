"""Journeys: the whole shop as `storefront run` starts it, and real browsers that walk through it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize, expect
from werkzeug.serving import make_server

from storefront.accounts.models import Person
from tests.browsers import find_chromium
from tests.cast import PASSWORD, Cast
from tests.conftest import make_app
from tests.conversation.listener import LISTENING, Listener, passed_on_to
from tests.processes import free_port, running, wait_until_it_answers
from tests.stripe import SECRET_KEY

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
Theme = Literal["light", "dark"]
PHONE: ViewportSize = {"width": 390, "height": 844}

expect.set_options(timeout=10_000)


@dataclass
class Street:
    """The running shop's address, and an app here on the same database to set scenes with."""

    url: str
    sandbox: str
    app: Flask
    people: int = 0

    def person(self, **more: Any) -> Person:
        """Somebody new, signed up and verified."""
        self.people += 1
        with self.app.app_context():
            return Cast().person(f"Walker{self.people}", **more)


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("street")
    port, sandbox_port = free_port(), free_port()
    files = {"database_url": f"sqlite:///{folder}/shop.db", "storage_url": str(folder / "files")}
    files |= {"mail_folder": str(folder / "mail"), "clock_file": str(folder / "clock")}
    places = {
        **files,
        "jobs_url": f"sqlite:///{folder}/jobs.db",
        "sandbox_database": str(folder / "sandbox.db"),
    }
    environment = {name.upper(): value for name, value in places.items()}
    environment |= {"PORT": str(port), "SANDBOX_PORT": str(sandbox_port), "VIEWS_SECONDS": "1"}
    with (
        overheard(f"http://127.0.0.1:{sandbox_port}") as sandbox,
        running("run", **environment, STRIPE_API_BASE=sandbox) as process,
    ):
        wait_until_it_answers(sandbox_port, process)
        wait_until_it_answers(port, process)
        url = f"http://127.0.0.1:{port}"
        app = make_app(folder, site_url=url, **files)
        yield Street(url, sandbox, app)


@contextmanager
def overheard(sandbox: str) -> Iterator[str]:
    """The address of whoever passes everything on to the sandbox, and hears it."""
    heard = Listener(passed_on_to(sandbox), key=SECRET_KEY)
    server = make_server("127.0.0.1", 0, heard, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    LISTENING.append(heard)
    yield f"http://127.0.0.1:{server.port}"
    LISTENING.remove(heard)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": [*arguments, *quiet]}


@dataclass
class Walker:
    """A person at a browser, with everything the page asked for and complained about."""

    page: Page
    street: Street
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.street.url}{path}")

    def sign_in(self, person: Person | str) -> None:
        """Through the form, as anybody would."""
        email = person if isinstance(person, str) else person.email
        self.go("/login")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page).to_have_url(f"{self.street.url}/library")

    def pay(self, card: str = "4242 4242 4242 4242") -> None:
        """Fill in the hosted Checkout page and press the button."""
        self.page.get_by_label("Card number").fill(card)
        self.page.get_by_label("Expiry").fill("12 / 34")
        self.page.get_by_label("CVC").fill("123")
        self.page.get_by_role("button", name="Pay").click()

    @property
    def by_htmx(self) -> list[str]:
        """Paths that HTMX asked for, in order."""
        return [
            request.url.removeprefix(self.street.url)
            for request in self.requests
            if request.headers.get("hx-request") == "true"
        ]

    @property
    def visits(self) -> list[str]:
        """Pages the browser navigated to in full."""
        return [request.url for request in self.requests if request.is_navigation_request()]


@pytest.fixture
def walk(browser: Browser, street: Street) -> Iterator[Callable[..., Walker]]:
    """Make walkers; afterwards no page of theirs may have complained or called another host."""
    contexts: list[BrowserContext] = []
    walkers: list[Walker] = []

    def start(*, script: bool = True, size: ViewportSize = DESKTOP, theme: Theme = "light") -> Walker:
        context = browser.new_context(
            java_script_enabled=script,
            viewport=size,
            color_scheme=theme,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        walker = Walker(context.new_page(), street)
        walker.page.on("request", lambda request: walker.requests.append(request))
        walker.page.on("console", lambda message: _hear(walker, message))
        walker.page.on("pageerror", lambda error: walker.complaints.append(str(error)))
        contexts.append(context)
        walkers.append(walker)
        return walker

    yield start
    for context in contexts:
        context.close()
    ours = (street.url, street.sandbox, "data:", "blob:", "about:")
    for walker in walkers:
        assert walker.complaints == []
        assert [request.url for request in walker.requests if not request.url.startswith(ours)] == []


def _hear(walker: Walker, message: ConsoleMessage) -> None:
    """Errors and warnings count; the browser's own note on an answer that was a refusal does not."""
    if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
        walker.complaints.append(message.text)


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request: pytest.FixtureRequest) -> bool:
    """Each journey is walked with JavaScript and without."""
    found: bool = request.param
    return found
