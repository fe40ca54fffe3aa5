"""Uploads to the server as it runs in earnest, over a socket: too large, cut off, and larger than its memory."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from flask import Flask

from storefront.kit import migrations
from storefront.kit.db import db
from storefront.works.models import Item, Work
from tests.cast import PASSWORD, Cast
from tests.conftest import make_app
from tests.media.kept import files_in
from tests.processes import free_port, running, wait_until_it_answers
from tests.works.whole_work import make_whole_work

BOUNDARY = "the-line"


@dataclass
class Server:
    """A shop that runs, an app on the same database, and alice signed in with a work of hers."""

    port: int
    app: Flask
    folder: Path
    work: str
    session: requests.Session
    token: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def target(self) -> str:
        return f"/studio/{self.work}/items/ledger/file"

    def head(self, length: int) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.session.cookies.items())
        return (
            f"POST {self.target} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookies}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {length}\r\n\r\n"
        ).encode()

    def body(self) -> bytes:
        """The beginning of a form, up to the first byte of its file."""
        return (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self.token}\r\n'
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="video.bin"\r\n\r\n'
        ).encode()

    def files(self) -> list[Path]:
        return sorted(files_in(self.folder / "files"))

    def name(self) -> str:
        with self.app.app_context():
            work = db.session.scalars(sa.select(Work)).one()
            found: str = db.session.get_one(Item, (work.id, "ledger")).content["name"]
            return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("wire")
    port = free_port()
    places = {
        "database_url": f"sqlite:///{folder}/shop.db", "storage_url": str(folder / "files"),
        "mail_folder": str(folder / "mail"), "jobs_url": f"sqlite:///{folder}/jobs.db",
        "clock_file": str(folder / "clock"),
    }  # fmt: skip
    app = make_app(folder, **{**places, "site_url": f"http://127.0.0.1:{port}"})
    with app.app_context():
        migrations.upgrade(db.engine)
        alice = Cast().alice
        work = make_whole_work(alice).public_id
    environment = {name.upper(): value for name, value in places.items()}
    with running("serve", PORT=str(port), **environment) as process:
        wait_until_it_answers(port, process)
        session = requests.Session()
        login = f"http://127.0.0.1:{port}/login"
        form = {"email": alice.email, "password": PASSWORD, "csrf_token": token_in(session.get(login).text)}
        session.post(login, data=form)
        page = session.get(f"http://127.0.0.1:{port}/studio/{work}/items/ledger").text
        yield Server(port, app, folder, work, session, token_in(page))


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def test_two_gigabytes_are_refused_before_they_come(server: Server) -> None:
    before = server.files()
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(server.head(2_000_000_000) + server.body())
        answer = line.recv(65536)

    assert b" 413 " in answer.split(b"\r\n", 1)[0]
    assert (server.files(), server.name()) == (before, "ledger.csv")


def test_a_line_that_breaks_in_mid_upload_leaves_nothing(server: Server) -> None:
    before = server.files()
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(server.head(20_000_000) + server.body() + bytes(5_000_000))

    # The server has one answer after another; once this one is there, it has done with the broken one.
    for _time in range(3):
        assert server.session.get(f"{server.url}/studio/{server.work}").ok
    assert (server.files(), server.name()) == (before, "ledger.csv")


def test_a_body_without_a_length_is_counted_as_it_comes(server: Server) -> None:
    before = server.files()
    head = server.head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    piece = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        begun = server.body()
        try:
            line.sendall(head + f"{len(begun):x}\r\n".encode() + begun + b"\r\n")
            for _each in range(40_000_000 // 0x10000):
                line.sendall(piece)
            line.sendall(b"2\r\n\r\n\r\n0\r\n\r\n")
        except OSError:
            pass  # it said enough and hung up
        answer = line.recv(65536)

    assert b" 413 " in answer.split(b"\r\n", 1)[0], answer[:80]
    assert (server.files(), server.name()) == (before, "ledger.csv")


def test_thirty_megabytes_arrive_and_come_back(server: Server) -> None:
    data = bytes(range(256)) * 117_187
    form = {"csrf_token": server.token}
    answer = server.session.post(server.url + server.target, data=form, files={"file": ("video.bin", data)})

    assert answer.ok
    assert server.name() == "video.bin"
    assert server.session.get(f"{server.url}/studio/{server.work}/files/ledger").content == data
