"""Built assets by their plain names.

`assets/build.py` writes `static/dist/`; its `manifest.json` maps `app.css` to a name with a digest in it,
whose content never changes and may be cached for ever. Templates say `asset("app.css")` and `icon("search")`.
"""

import json
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


class Assets:
    """What one build made, read at the first use; with ``watch`` also whenever it was built anew.

    Raises:
        AssetsMissing: from every method, when there is no build or the name is unknown to it.
    """

    def __init__(self, folder: Path, *, watch: bool = False) -> None:
        self.folder = folder
        self.watch = watch
        self._built_at = 0
        self._names: dict[str, str] = {}
        self._icons: dict[str, str] = {}
        self._drawn: dict[tuple[str, str], Markup] = {}

    def address(self, name: str) -> str:
        """Return the URL of the asset with this plain name, such as `app.css` or `js/app.js`."""
        self._read()
        return f"{URL}/{self._found(self._names, name, 'asset')}"

    def modules(self, *, desk: bool = False) -> list[str]:
        """Return the URLs of our script modules, for a page to load them all at once.

        Those in `js/desk/` are listed for the pages where people work only.
        """
        self._read()
        scripts = {name: path for name, path in self._names.items() if name.startswith("js/")}
        return [f"{URL}/{path}" for name, path in scripts.items() if desk or not name.startswith("js/desk/")]

    def icon(self, name: str, classes: str = "") -> Markup:
        """Return the named Lucide icon as inline SVG, decorative: the words beside it say what it means."""
        drawn = self._drawn.get((name, classes))
        return self._draw(name, classes) if drawn is None else drawn

    def _draw(self, name: str, classes: str) -> Markup:
        self._read()
        shapes = self._found(self._icons, name, "icon")
        drawn = Markup(ICON.format(classes=escape(f"i {classes}".rstrip()), shapes=shapes))
        self._drawn[name, classes] = drawn
        return drawn

    def _read(self) -> None:
        if self._names and not self.watch:
            return
        manifest = self.folder / "manifest.json"
        try:
            built_at = manifest.stat().st_mtime_ns
        except FileNotFoundError:
            raise AssetsMissing("Assets are not built: run make assets") from None
        if built_at != self._built_at:
            self._names = json.loads(manifest.read_text())
            self._icons = json.loads((self.folder / "icons.json").read_text())
            self._drawn.clear()
            self._built_at = built_at

    @staticmethod
    def _found(names: dict[str, str], name: str, noun: str) -> str:
        if name not in names:
            raise AssetsMissing(f"There is no {noun} named {name!r}.")
        return names[name]


def init_assets(app: Flask) -> None:
    """Give the templates `asset(name)`, `asset_modules()` and `icon(name, classes)`."""
    assets = Assets(Path(app.root_path) / "static/dist", watch=app.debug)
    app.jinja_env.globals.update(asset=assets.address, asset_modules=assets.modules, icon=assets.icon)
