"""Assets: plain names become addresses that may be cached for ever."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from storefront.kit.assets import Assets, AssetsMissing


def write_build(folder: Path, *, css: str = "app-000000000001.css") -> None:
    scripts = ("app.js", "menus.js", "desk/desk.js")
    names = {"app.css": css, **{f"js/{name}": f"js-000000000002/{name}" for name in scripts}}
    (folder / "manifest.json").write_text(json.dumps(names))
    (folder / "icons.json").write_text(json.dumps({"search": '<circle cx="11" cy="11" r="8"/>'}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_build(tmp_path)
    return tmp_path


def test_a_name_becomes_its_hashed_address(folder: Path) -> None:
    assert Assets(folder).address("app.css") == "/static/dist/app-000000000001.css"


def test_script_modules_are_listed_and_those_of_the_desk_only_where_people_work(folder: Path) -> None:
    found = Assets(folder).modules()
    assert found == ["/static/dist/js-000000000002/app.js", "/static/dist/js-000000000002/menus.js"]
    assert Assets(folder).modules(desk=True) == [*found, "/static/dist/js-000000000002/desk/desk.js"]


def test_an_icon_is_inline_and_hidden_from_screen_readers(folder: Path) -> None:
    drawn = Assets(folder).icon("search", "size-4")
    assert drawn.startswith('<svg class="i size-4" width="20" height="20"')
    assert 'aria-hidden="true"><circle cx="11" cy="11" r="8"/></svg>' in drawn


def test_classes_of_an_icon_are_escaped(folder: Path) -> None:
    assert '"><script>' not in Assets(folder).icon("search", '"><script>')


@pytest.mark.parametrize("kind", ["address", "icon"])
def test_an_unknown_name_is_said(folder: Path, kind: str) -> None:
    with pytest.raises(AssetsMissing, match="named 'nothing'"):
        getattr(Assets(folder), kind)("nothing")


def test_without_a_build_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing, match="Assets are not built: run make assets"):
        Assets(tmp_path).address("app.css")


def test_who_asks_while_a_build_is_read_is_answered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assets, read, others = Assets(folder), Path.read_text, []

    def read_beside_another_thread(path: Path) -> str:
        if path.name not in others:
            others.append(path.name)
            assert "<circle" in assets.icon("search")
        return read(path)

    monkeypatch.setattr(Path, "read_text", read_beside_another_thread)

    assert "<circle" in assets.icon("search", "size-4")
    assert len(others) == 2


def test_a_new_build_shows_only_where_it_is_watched(folder: Path) -> None:
    fixed, watched = Assets(folder), Assets(folder, watch=True)
    assert fixed.address("app.css") == watched.address("app.css")
    write_build(folder, css="app-000000000009.css")
    os.utime(folder / "manifest.json", ns=(1, 1))
    assert fixed.address("app.css").endswith("app-000000000001.css")
    assert watched.address("app.css").endswith("app-000000000009.css")
