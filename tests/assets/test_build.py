"""The build: the same bytes each time, small, compressed, and nothing half done."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from types import ModuleType

import brotli
import pytest

# Bytes, gzip: of what every page loads, and of what a page where people work loads in all.
CSS_BUDGET, DESK_CSS_BUDGET = 15_000, 20_000
JS_BUDGET, DESK_JS_BUDGET = 8_000, 16_000
FONT_BUDGET = 40_000


@pytest.fixture(scope="module")
def built(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("dist")
    build.write_all(build.find_node(None), folder)
    return folder


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_inputs_give_the_same_bytes(build: ModuleType, built: Path, tmp_path: Path) -> None:
    build.write_all(build.find_node(None), tmp_path)
    assert contents(tmp_path) == contents(built)


def test_the_manifest_names_files_that_are_there(built: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text())
    assert {
        "app.css",
        "desk.css",
        "htmx.js",
        "font.woff2",
        "favicon.svg",
        "js/app.js",
        "js/theme.js",
    } <= manifest.keys()
    assert all((built / path).is_file() for path in manifest.values())


def weight(folder: Path, *patterns: str) -> int:
    return sum(path.stat().st_size for pattern in patterns for path in folder.glob(pattern))


def test_what_every_page_loads_keeps_to_its_budget(built: Path) -> None:
    assert 0 < weight(built, "app-*.css.gz") <= CSS_BUDGET
    assert 0 < weight(built, "js-*/*.js.gz") <= JS_BUDGET
    assert 0 < weight(built, "*.woff2") <= FONT_BUDGET


def test_what_a_page_where_people_work_loads_keeps_to_its_budget(built: Path) -> None:
    assert 0 < weight(built, "desk-*.css.gz") <= DESK_CSS_BUDGET
    assert 0 < weight(built, "js-*/*.js.gz", "js-*/desk/*.js.gz") <= DESK_JS_BUDGET


def test_typefaces_for_pictures_come_with_a_list_of_their_signs(built: Path) -> None:
    faces = json.loads((built / "type/faces.json").read_text())
    assert next(iter(faces)) == "instrument-sans"
    assert all((built / "type" / file).is_file() for parts in faces.values() for file in parts)
    assert len(faces["noto-sans-sc"]) > 90


def test_compressed_siblings_hold_the_same_content(built: Path) -> None:
    plain = next(built.glob("app-*.css")).read_bytes()
    assert gzip.decompress(next(built.glob("app-*.css.gz")).read_bytes()) == plain
    assert brotli.decompress(next(built.glob("app-*.css.br")).read_bytes()) == plain


@pytest.mark.parametrize("sheet", ["app-*.css", "desk-*.css"])
def test_a_stylesheet_asks_for_nothing_but_the_font_beside_it(built: Path, sheet: str) -> None:
    css = next(built.glob(sheet)).read_text()
    font = json.loads((built / "manifest.json").read_text())["font.woff2"]
    assert f"url({font})" in css
    assert css.count("url(") == 1
    assert "@import" not in css


def test_a_failed_build_leaves_the_old_one(build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "dist"
    old.mkdir()
    (old / "manifest.json").write_text("{}")
    monkeypatch.setattr(build, "DIST", old)
    with pytest.raises(build.BuildError, match="Tailwind failed"):
        build.build("/bin/false", "a digest")
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]
    assert (old / "manifest.json").read_text() == "{}"


def test_a_build_of_the_same_inputs_is_known(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "DIST", tmp_path)
    digest = build.digest_of_inputs()
    assert not build.is_built(digest)
    (tmp_path / ".digest").write_text(digest)
    assert build.is_built(digest)
    assert not build.is_built("another")
