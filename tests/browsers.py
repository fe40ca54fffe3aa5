"""A real Chromium for the journeys: the installed one, else Playwright's, else Debian's.

``python -m tests.browsers`` makes sure that there is one and says which.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find_chromium() -> str | None:
    """The program to start, or None if there is no Chromium here yet. ``CHROMIUM`` decides where it is set."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return wanted
    installed = next(filter(None, map(shutil.which, NAMES)), None)
    if installed or Path(MAC).exists():
        return installed or MAC
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install_chromium() -> None:
    """Get one: Playwright's own, else Debian's package where we may install packages."""
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode == 0:
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=True, env=quiet)


def main() -> int:
    if find_chromium() is None:
        install_chromium()
    found = find_chromium()
    if found is None:
        print("There is no Chromium. Install it, or set CHROMIUM to its program.", file=sys.stderr)  # noqa: T201
        return 1
    print(f"Journeys run in {found}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
