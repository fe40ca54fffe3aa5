"""A letter reaches a real SMTP server, or a folder where there is none."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from storefront.kit import clock, mail
from storefront.kit.db import db, step
from storefront.kit.jobs import AnnouncedJob, announce, run_due_jobs


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Inbox(Message):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[EmailMessage] = []

    def prepare_message(self, _session: object, envelope: object) -> EmailMessage:
        content: bytes = envelope.content  # type: ignore[attr-defined]
        return BytesParser(policy=policy.default).parsebytes(content)

    def handle_message(self, message: EmailMessage) -> None:  # type: ignore[override]
        self.received.append(message)


class Server:
    """A mail server on a free port of this machine."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.logins: list[tuple[bytes, bytes]] = []
        self.port = free_port()
        self.controller = Controller(
            self.inbox, hostname="127.0.0.1", port=self.port, authenticator=self.check, auth_require_tls=False
        )

    def check(self, _server: object, _session: object, _envelope: object, _how: str, data: object) -> AuthResult:
        self.logins.append((data.login, data.password))  # type: ignore[attr-defined]
        return AuthResult(success=True)


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    running.controller.start()
    yield running
    running.controller.stop()


def send(**changed: Any) -> None:
    letter: dict[str, Any] = {
        "to": "bob@example.com",
        "subject": "Grüße",
        "text": "Hällo.\n",
        "html": "<p>Hällo.</p>\n",
        "key": "a1",
    }
    with step():
        announce("mail.deliver", **{**letter, **changed})
    run_due_jobs()


def jobs() -> list[AnnouncedJob]:
    return list(db.session.scalars(sa.select(AnnouncedJob).execution_options(populate_existing=True)))


def test_a_letter_is_carried_by_smtp(app: Flask, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{server.port}")
    send()
    (letter,) = server.inbox.received
    assert (letter["To"], letter["Subject"]) == ("bob@example.com", "Grüße")
    assert letter["From"] == app.config["MAIL_FROM"]
    assert letter["Message-ID"].endswith("@shop.test>")
    plain, html = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == ["Hällo."]
    assert html.get_content().splitlines() == ["<p>Hällo.</p>"]
    assert not Path(app.config["MAIL_FOLDER"]).exists()


def test_a_letter_sent_again_after_a_crash_is_the_same_letter(
    app: Flask, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that died before it noted what it did leaves the job to another."""
    for _worker in range(2):
        send(key="one")
    send(key="another")
    assert len(list(Path(app.config["MAIL_FOLDER"]).glob("*.eml"))) == 2

    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{server.port}")
    for _worker in range(2):
        send(key="one")
    assert [letter["Message-ID"] for letter in server.inbox.received] == ["<one@shop.test>"] * 2


def test_name_and_password_come_from_the_address(app: Flask, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://shop%40x:p%2Fw@127.0.0.1:{server.port}")
    send()
    assert server.logins == [(b"shop@x", b"p/w")]
    assert len(server.inbox.received) == 1


def test_what_was_said_is_forgotten_once_it_is_sent(app: Flask) -> None:
    send()
    (job,) = jobs()
    assert job.done_at is not None
    assert job.arguments == {}
    assert len(list(Path(app.config["MAIL_FOLDER"]).glob("*.eml"))) == 1


def test_a_server_that_is_down_is_tried_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch, move_clock: Callable[[timedelta], None]
) -> None:
    port = free_port()
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{port}")
    send()
    (job,) = jobs()
    assert job.done_at is None
    assert job.error is not None
    assert "ConnectionRefusedError" in job.error

    monkeypatch.setitem(app.config, "SMTP_URL", "")
    move_clock(timedelta(minutes=5))
    run_due_jobs()
    (job,) = jobs()
    assert job.done_at is not None


def test_no_transaction_waits_for_the_mail_server(app: Flask, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    class Watched(smtplib.SMTP):
        def send_message(self, *args: Any, **kwargs: Any) -> Any:
            seen.append(db.session.in_transaction())
            return super().send_message(*args, **kwargs)

    monkeypatch.setattr(smtplib, "SMTP", Watched)
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{server.port}")
    send()
    assert seen == [False]


def test_a_certificate_nobody_vouches_for_is_refused(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(self_signed(tmp_path))
    port = free_port()
    controller = Controller(Inbox(), hostname="127.0.0.1", port=port, tls_context=context)
    controller.start()
    try:
        monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{port}")
        with pytest.raises(ssl.SSLCertVerificationError):
            mail.deliver("bob@example.com", "Hi", "Hello.", "<p>Hello.</p>", "a1")
    finally:
        controller.stop()


def test_a_line_break_in_a_subject_adds_no_header(app: Flask) -> None:
    send(subject="It is yours:\r\nBcc: mallory@example.com")
    (path,) = Path(app.config["MAIL_FOLDER"]).glob("*.eml")
    letter = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert letter["Subject"] == "It is yours: Bcc: mallory@example.com"
    assert letter["Bcc"] is None


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that only itself vouches for, with its key, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = clock.now()
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    certificate = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(certificate.public_bytes(pem) + key.private_bytes(pem, *plain))
    return path
