"""Built assets by their plain names.

`assets/build.py` writes `static/dist/`; its `manifest.json` maps `app.css` to a name with a digest in it,
whose content never changes and may be cached for ever. Templates say `asset("app.css")` and `icon("search")`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from markupsafe import Markup, escape

URL = "/static/dist"
ICON = (
    '<svg class="{classes}" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
    ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{shapes}</svg>'
)


class AssetsMissing(RuntimeError):
    """The assets are not built, or a template asks for one that the build does not make."""


@dataclass(frozen=True)
class _Build:
    """What was read of a build, taken up whole: threads that ask while it is read see all of it or none."""

    at: int = 0
    names: dict[str, str] = field(default_factory=dict)
    icons: dict[str, str] = field(default_factory=dict)
    drawn: dict[tuple[str, str], Markup] = field(default_factory=dict)


class Assets:
    """What one build made, read at the first use; with ``watch`` also whenever it was built anew.

    Raises:
        AssetsMissing: from every method, when there is no build or the name is unknown to it.
    """

    def __init__(self, folder: Path, *, watch: bool = False) -> None:
        self.folder = folder
        self.watch = watch
        self._build = _Build()

    def address(self, name: str) -> str:
        """Return the URL of the asset with this plain name, such as `app.css` or `js/app.js`."""
        return f"{URL}/{_found(self._read().names, name, 'asset')}"

    def modules(self, *, desk: bool = False) -> list[str]:
        """Return the URLs of our script modules, for a page to load them all at once.

        Those in `js/desk/` are listed for the pages where people work only.
        """
        scripts = {name: path for name, path in self._read().names.items() if name.startswith("js/")}
        return [f"{URL}/{path}" for name, path in scripts.items() if desk or not name.startswith("js/desk/")]

    def icon(self, name: str, classes: str = "") -> Markup:
        """Return the named Lucide icon as inline SVG, decorative: the words beside it say what it means."""
        drawn = self._build.drawn.get((name, classes))
        return self._draw(name, classes) if drawn is None else drawn

    def _draw(self, name: str, classes: str) -> Markup:
        build = self._read()
        shapes = _found(build.icons, name, "icon")
        drawn = build.drawn[name, classes] = Markup(ICON.format(classes=escape(f"i {classes}".rstrip()), shapes=shapes))
        return drawn

    def _read(self) -> _Build:
        if self._build.names and not self.watch:
            return self._build
        manifest = self.folder / "manifest.json"
        try:
            at = manifest.stat().st_mtime_ns
        except FileNotFoundError:
            raise AssetsMissing("Assets are not built: run make assets") from None
        if at != self._build.at:
            icons = json.loads((self.folder / "icons.json").read_text())
            self._build = _Build(at, json.loads(manifest.read_text()), icons)
        return self._build


def _found(names: dict[str, str], name: str, noun: str) -> str:
    if name not in names:
        raise AssetsMissing(f"There is no {noun} named {name!r}.")
    return names[name]


def init_assets(app: Flask) -> None:
    """Give the templates `asset(name)`, `asset_modules()` and `icon(name, classes)`."""
    assets = Assets(Path(app.root_path) / "static/dist", watch=app.debug)
    app.jinja_env.globals.update(asset=assets.address, asset_modules=assets.modules, icon=assets.icon)
