"""What a slice declares of itself, and how the shop is put together from the list of slices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import click
from flask import Blueprint, Flask, current_app, request, url_for
from markupsafe import Markup

from storefront.kit.jobs import Job, init_jobs
from storefront.kit.periodic import Periodic

Reaction = Callable[[Any], None]
EXTENSION = "slices"


@dataclass(frozen=True)
class MenuEntry:
    """One entry of a menu: ``main``, ``account``, ``operator``, or ``footer:<heading>``.

    ``values`` go into the address; ``when`` decides for the person who looks. The entry is also the current one
    on the pages ``within`` it, and on those of the menu ``under`` it. Entries stand in their slices' order; one with a
    lower ``place`` stands before.
    """

    menu: str
    label: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    when: Callable[[Any], bool] = lambda _person: True
    badge: Callable[[], int] | None = None
    within: Sequence[str] = ()
    under: str = ""
    place: int = 0

    @property
    def url(self) -> str:
        return _address(request.root_path, self.endpoint, *self.values.items())

    @property
    def current(self) -> bool:
        is_here = request.endpoint == self.endpoint and all(
            request.args.get(key) == value for key, value in self.values.items()
        )
        return is_here or request.endpoint in self.within or any(entry.current for entry in _entries(self.under))

    @property
    def tab(self) -> tuple[str, str, None, bool]:
        """The entry as one of ``ui/tabs.html``."""
        return self.label, self.url, None, self.current

    @property
    def count(self) -> int:
        """What waits behind the entry, for operators; 0 shows nothing."""
        return self.badge() if self.badge else 0


@lru_cache
def _address(_root: str, endpoint: str, *values: tuple[str, Any]) -> str:
    """Every page shows these few addresses."""
    return url_for(endpoint, **dict(values))


@dataclass(frozen=True)
class Slice:
    """One subject, whole. ``records`` are the events it may announce, ``reactions`` what it does on others'.

    ``panels`` put a part into another slice's page by name, ``answers`` answer another slice's question;
    so the page never knows who adds to it. ``webhooks`` are Stripe's events about the shop's own money,
    ``connect_webhooks`` those about connected accounts, by their types.
    """

    name: str
    blueprints: Sequence[Blueprint] = ()
    records: Sequence[str] = ()
    reactions: Mapping[str, Reaction] = field(default_factory=dict)
    webhooks: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    connect_webhooks: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    jobs: Sequence[Job] = ()
    periodic: Sequence[Periodic] = ()
    panels: Mapping[str, Callable[..., str]] = field(default_factory=dict)
    answers: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    menu: Sequence[MenuEntry] = ()
    commands: Sequence[click.Command] = ()
    init: Callable[[Flask], None] | None = None


@dataclass
class Installed:
    """The slices of one app, indexed by what they declare."""

    slices: Sequence[Slice]
    reactions: dict[str, list[Reaction]]

    def parts(self, kind: str, name: str) -> list[Callable[..., Any]]:
        return [getattr(one, kind)[name] for one in self.slices if name in getattr(one, kind)]


def install(app: Flask, slices: Sequence[Slice]) -> None:
    """Put the slices into ``app`` in their order. Refuses a reaction to an event that nobody records."""
    recorded = {name for one in slices for name in one.records}
    reactions: dict[str, list[Reaction]] = {}
    for one in slices:
        for name, reaction in one.reactions.items():
            if name not in recorded:
                raise ValueError(f"{one.name} reacts to {name!r}, which no slice records")
            reactions.setdefault(name, []).append(reaction)
    app.extensions[EXTENSION] = Installed(slices, reactions)
    for one in slices:
        for blueprint in one.blueprints:
            app.register_blueprint(blueprint)
        for command in one.commands:
            app.cli.add_command(command)
        if one.init:
            one.init(app)
    init_jobs(app, [job for one in slices for job in one.jobs], [each for one in slices for each in one.periodic])
    app.jinja_env.globals.update(menu=menu, panel=panel)


def installed() -> Installed:
    found: Installed = current_app.extensions[EXTENSION]
    return found


def panel(name: str, **context: Any) -> Markup:
    """Everything the slices put into the place called ``name``, in their order."""
    return Markup("").join(Markup(part(**context)) for part in installed().parts("panels", name))


def ask(name: str, *arguments: Any) -> list[Any]:
    """The answers of the slices that know something about ``name``."""
    return [answer(*arguments) for answer in installed().parts("answers", name)]


def menu(name: str, person: Any = None) -> list[MenuEntry]:
    """The entries of one menu that ``person`` may see, by their places and then in the slices' order."""
    return sorted((entry for entry in _entries(name) if entry.when(person)), key=lambda entry: entry.place)


def _entries(name: str) -> Iterator[MenuEntry]:
    return (entry for one in installed().slices for entry in one.menu if entry.menu == name)
