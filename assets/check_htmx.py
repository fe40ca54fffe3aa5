"""Check how the templates and scripts use HTMX 4: what it does not know, it ignores without a word.

    python assets/check_htmx.py

Finds attributes that its own sources do not name, version 2 habits that do nothing now (implicit inheritance,
camel-case events), and what the content security policy forbids (`hx-on`, `js:` values, trigger filters).
Prints one line for each and leaves with status 1. Source of the rules: the upgrade guide and
`htmx.web-types.json` in the package htmx.org.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "node_modules/htmx.org/dist"
TEMPLATES = (ROOT / "storefront/templates", ROOT / "storefront/sandbox/templates")
SCRIPTS = ROOT / "assets/js"

NAME = re.compile(r"(?<![\w</-])(hx-[a-z-]+)((?::[\w-]+)*)(?=[=\"'\s>])")
MODIFIERS = {"", ":inherited", ":append", ":inherited:append"}
STATUS = re.compile(r":(\d{3}|\d\d[xX]|\d[xX]{2})")
OLD_EVENT = re.compile(r"htmx:[a-z]+[A-Z]\w*")
SCRIPT_VALUE = re.compile(r"""hx-[a-z-]+(?::\w+)*=["'](?:js|javascript):""")
TRIGGER_FILTER = re.compile(r"""hx-trigger=["'](?:[^"']*,\s*)?(?:every )?[\w:-]*\w\s*\[""")
JINJA_SILENT = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
JINJA_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"""<(?!hx-)[a-z][^\s>]*((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
VALUE = "\N{SECTION SIGN}"

SENDERS = {"hx-action", "hx-boost", "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "hx-query"}
OF_A_REQUEST = {
    *("hx-config", "hx-confirm", "hx-disable", "hx-encoding", "hx-headers", "hx-include", "hx-indicator"),
    *("hx-push-url", "hx-replace-url", "hx-select", "hx-select-oob", "hx-swap", "hx-sync", "hx-target"),
    *("hx-trigger", "hx-validate", "hx-vals"),
}


def main() -> int:
    """Print what is wrong. Returns the exit status."""
    if not PACKAGE.is_dir():
        sys.stderr.write("htmx: the package is missing. Run: npm ci --ignore-scripts\n")
        return 1
    known = known_attributes()
    wrong = [line for path in sources() for line in faults(path, path.read_text(), known)]
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0


def sources() -> Iterator[Path]:
    for folder in TEMPLATES:
        yield from sorted(folder.rglob("*.html"))
    yield from sorted(SCRIPTS.glob("*.js"))


def known_attributes() -> set[str]:
    """Return the attributes of HTMX itself, without those of its extensions, which we do not load."""
    described = json.loads((PACKAGE / "editors/jetbrains/htmx.web-types.json").read_text())
    names = {entry["name"] for entry in described["contributions"]["html"]["attributes"]}
    return names & set(re.findall(r"hx-[a-z-]+[a-z]", (PACKAGE / "htmx.js").read_text()))


def faults(path: Path, text: str, known: set[str]) -> Iterator[str]:
    """Yield a line for each fault of one file."""
    where = path.relative_to(ROOT)
    for number, line in enumerate(text.splitlines(), 1):
        for found in line_faults(line, known):
            yield f"{where}:{number}: {found}"
    if path.suffix == ".html":
        yield from (f"{where}: {found}" for found in inert_attributes(text))


def line_faults(line: str, known: set[str]) -> Iterator[str]:
    for name, modifier in NAME.findall(line):
        if name == "hx-on":
            yield "hx-on runs inline script, which the content security policy forbids"
        elif name not in known:
            yield f"{name} is not an attribute of HTMX 4"
        elif modifier not in MODIFIERS and not (name == "hx-status" and STATUS.fullmatch(modifier)):
            yield f"{name}{modifier} has a modifier that HTMX 4 does not know"
    yield from (f"{event} is an event of HTMX 2" for event in OLD_EVENT.findall(line))
    if SCRIPT_VALUE.search(line) or TRIGGER_FILTER.search(line):
        yield "this is evaluated as script, which the content security policy forbids"


def inert_attributes(text: str) -> Iterator[str]:
    """Yield the attributes of a request on elements that send none and do not hand them down by `:inherited`.

    An element whose attributes a template writes with an expression may send one, and is let pass.
    """
    for attributes in TAG.findall(JINJA_VALUE.sub(VALUE, JINJA_SILENT.sub(" ", text))):
        bare = QUOTED.sub("", attributes)
        names = {name for name, modifier in NAME.findall(attributes) if not modifier}
        if VALUE not in bare and not names & SENDERS:
            for name in sorted(names & OF_A_REQUEST):
                yield f"{name} does nothing here without :inherited"


if __name__ == "__main__":
    sys.exit(main())
