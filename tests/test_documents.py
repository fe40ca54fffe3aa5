"""What the documents tell people to type exists, what they link to is there, and their example works."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest

from storefront.app import create_app
from storefront.cli import group
from tests.conftest import test_settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.S | re.M)
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED_FILE = re.compile(r"`(\S+)`:\n\n```(?:python|jinja)\n(.*?)^```", re.S | re.M)


def commands(program: str) -> list[tuple[str, list[str]]]:
    """``(document, arguments)`` of every command in a shell block that starts with ``program``."""
    return [(document.name, words[1:]) for document, words in typed() if words and words[0] == program]


def typed() -> Iterator[tuple[Path, list[str]]]:
    for document in DOCUMENTS:
        for block in SHELL_BLOCK.findall(document.read_text(encoding="utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                for part in re.split(r"&&|\|", line):
                    words = shlex.split(part, comments=True)
                    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                        words.pop(0)
                    yield document, words


@pytest.mark.parametrize(("document", "arguments"), commands("storefront"))
def test_a_storefront_command_exists(document: str, arguments: list[str], tmp_path: Path) -> None:
    """Down to its options and how many arguments it takes; nothing is run."""
    app = create_app(test_settings(tmp_path, database_url=f"sqlite:///{tmp_path}/empty.db"))
    found: click.Command | None = None
    offered: Mapping[str, click.Command] = {**group.commands, **app.cli.commands}
    rest = list(arguments)
    while rest and rest[0] in offered:
        found = offered[rest.pop(0)]
        offered = found.commands if isinstance(found, click.Group) else {}

    assert found is not None, f"{document}: storefront {' '.join(arguments)}"
    assert not isinstance(found, click.Group) or "--help" in rest
    if "--help" not in rest:
        found.make_context(found.name, rest)


@pytest.mark.parametrize(("document", "arguments"), commands("make"))
def test_a_make_target_exists(document: str, arguments: list[str]) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    asked = {word for word in arguments if "=" not in word}

    assert asked <= targets, document


def test_the_commands_are_found_at_all() -> None:
    assert len(commands("storefront")) > 5
    assert {"run", "test", "check"} <= {word for _document, words in commands("make") for word in words}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for link in LINK.findall(text):
        path, _, anchor = link.partition("#")
        if ":" in path:
            continue
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def anchors(document: Path) -> set[str]:
    """What its headings can be linked to as."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_and_folders_that_are_named_are_there(document: Path) -> None:
    """Every path in backticks that begins at the root of the project."""
    example = {name for name, _text in NAMED_FILE.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))}
    named = re.findall(
        r"`((?:storefront|tests|migrations|docs|assets)/[\w./-]*)`", document.read_text(encoding="utf-8")
    )

    assert [name for name in named if name not in example and not (ROOT / name).exists()] == []


def test_the_example_slice_works_as_it_is_written(tmp_path: Path) -> None:
    """Follow CONTRIBUTING in a copy of the project: files, place, migration, then its tests and the checks."""
    copy_project(tmp_path)
    write_example(tmp_path)
    take_place(tmp_path)
    database = f"sqlite:///{tmp_path}/var/example.db"

    run(tmp_path, "-m", "storefront", "db", "migration", "Keep listings for later", DATABASE_URL=database)
    run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/bookmarks", "tests/kit/test_migrations.py")
    run(tmp_path, "-m", "ruff", "check", "--no-cache", "storefront/bookmarks", "tests/bookmarks")
    run(tmp_path, "-c", "from importlinter.cli import lint_imports_command as check; check()", "--no-cache")


def copy_project(folder: Path) -> None:
    for name in ("storefront", "migrations", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "wsgi.py"):
        shutil.copy(ROOT / name, folder / name)


def write_example(folder: Path) -> None:
    files = dict(NAMED_FILE.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    assert len(files) == 8
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "tests/bookmarks/__init__.py").touch()


def take_place(folder: Path) -> None:
    """The two lines of step 7."""
    replace_in(
        folder / "storefront/slices.py",
        "\nSLICES",
        "from storefront.bookmarks.slice import SLICE as BOOKMARKS\n\nSLICES",
    )
    replace_in(folder / "storefront/slices.py", "    CATALOG,\n", "    CATALOG,\n    BOOKMARKS,\n")
    replace_in(
        folder / "pyproject.toml", '  "storefront.catalog",\n', '  "storefront.bookmarks",\n  "storefront.catalog",\n'
    )


def replace_in(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def run(folder: Path, *arguments: str, **environment: str) -> None:
    """Python in the copy, which it imports instead of this project. Shows what it said if it fails."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    answer = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env={**mine, "PYTHONPATH": str(folder), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stdout + answer.stderr
