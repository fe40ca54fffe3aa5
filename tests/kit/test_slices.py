"""How the shop is put together from what its slices declare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
import pytest
from flask import Blueprint, Flask

from storefront.kit.jobs import Job, registry
from storefront.kit.slices import MenuEntry, Slice, ask, install, installed, menu, panel

Put = Callable[..., Flask]


@pytest.fixture
def put() -> Put:
    """Make an app of some slices."""

    def put(*slices: Slice) -> Flask:
        app = Flask(__name__)
        app.config["JOBS_URL"] = "memory://"
        install(app, slices)
        return app

    return put


def test_a_reaction_to_what_nobody_records_is_refused(put: Put) -> None:
    with pytest.raises(ValueError, match=r"library reacts to 'order\.payed'"):
        put(Slice("checkout", records=("order.paid",)), Slice("library", reactions={"order.payed": print}))


def test_reactions_come_in_the_slices_order_whoever_records(put: Put) -> None:
    def first(_happening: Any) -> None: ...

    def second(_happening: Any) -> None: ...

    app = put(
        Slice("early", reactions={"order.paid": first}),
        Slice("checkout", records=("order.paid",)),
        Slice("late", reactions={"order.paid": second}),
    )

    with app.app_context():
        assert installed().reactions == {"order.paid": [first, second]}


def test_panels_stand_in_the_slices_order(put: Put) -> None:
    app = put(
        Slice("one", panels={"listing.offer": lambda price: f"<b>{price}</b>"}),
        Slice("two", panels={"another.place": lambda: "never"}),
        Slice("three", panels={"listing.offer": lambda price: f"<i>{price}</i>"}),
    )

    with app.app_context():
        assert panel("listing.offer", price=12) == "<b>12</b><i>12</i>"
        assert panel("nobody.adds.here") == ""


def test_a_panel_is_drawn_by_a_template_unescaped_and_its_context_escaped(put: Put) -> None:
    app = put(Slice("one", panels={"place": lambda: "<b>part</b>"}))

    with app.app_context():
        drawn = app.jinja_env.from_string("{{ panel('place') }}{{ text }}").render(text="<i>")

    assert drawn == "<b>part</b>&lt;i&gt;"


def test_every_slice_that_knows_answers(put: Put) -> None:
    app = put(
        Slice("one", answers={"owned": lambda ids: ids[:1]}),
        Slice("two", answers={"owned": lambda ids: ids[1:]}),
    )

    with app.app_context():
        assert ask("owned", [7, 8, 9]) == [[7], [8, 9]]
        assert ask("nobody.knows") == []


def test_a_menu_shows_what_the_person_may_see_in_order(put: Put) -> None:
    def is_operator(person: str) -> bool:
        return person == "carol"

    app = put(
        Slice("one", menu=(MenuEntry("main", "Browse", "x"), MenuEntry("footer:Help", "Mailbox", "x"))),
        Slice("two", menu=(MenuEntry("main", "Admin", "x", when=is_operator),)),
        Slice("three", menu=(MenuEntry("main", "Library", "x"),)),
    )

    with app.app_context():
        assert [entry.label for entry in menu("main", "carol")] == ["Browse", "Admin", "Library"]
        assert [entry.label for entry in menu("main", "bob")] == ["Browse", "Library"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/shelf", ["All"]),
        ("/shelf?sort=new", ["All", "New"]),
        ("/shelf?sort=old", ["All"]),
        ("/book", ["All"]),
        ("/door", []),
    ],
)
def test_an_entry_knows_that_one_stands_there(put: Put, path: str, current: list[str]) -> None:
    shelf = Blueprint("shelf", __name__)
    for rule in ("/shelf", "/book", "/door"):
        shelf.add_url_rule(rule, rule.strip("/"), lambda: "")
    entries = (
        MenuEntry("main", "All", "shelf.shelf", within=("shelf.book",)),
        MenuEntry("main", "New", "shelf.shelf", {"sort": "new"}),
    )
    app = put(Slice("shelf", blueprints=(shelf,), menu=entries))

    with app.test_request_context(path):
        assert [entry.label for entry in menu("main") if entry.current] == current
        assert menu("main")[1].url == "/shelf?sort=new"


def test_a_badge_is_counted_when_it_is_shown(put: Put) -> None:
    waiting = [1, 2]
    app = put(Slice("one", menu=(MenuEntry("main", "Queue", "x", badge=lambda: len(waiting)),)))

    with app.app_context():
        (entry,) = menu("main")
        waiting.append(3)

    assert entry.count == 3
    assert MenuEntry("main", "Plain", "x").count == 0


def test_commands_jobs_and_set_up_are_the_slices_own(put: Put) -> None:
    seen: list[str] = []

    @click.command("replay")
    def replay() -> None:
        """Try again."""

    app = put(
        Slice("one", commands=(replay,), jobs=(Job("one.do", print),), init=lambda app: seen.append(app.name)),
        Slice("two", jobs=(Job("two.do", print),)),
    )

    assert app.cli.commands["replay"] is replay
    assert seen == [app.name]
    with app.app_context():
        assert set(registry().jobs) == {"one.do", "two.do"}


def test_the_shops_own_slices_bear_different_names(app: Flask) -> None:
    names = [one.name for one in installed().slices]
    jobs = [job.name for one in installed().slices for job in one.jobs]

    assert len(names) == len(set(names)) >= 10
    assert len(jobs) == len(set(jobs))
