"""E-mail: written from a template pair, announced as a job, carried by SMTP or left in a folder."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template

from storefront.kit import clock
from storefront.kit.db import outside
from storefront.kit.ids import token
from storefront.kit.jobs import announce

SMTP_SECONDS = 20


def send_mail(to: str, subject: str, template: str, **context: Any) -> None:
    """Announce an e-mail made from ``<template>.txt`` and ``.html``; it goes if the transaction commits."""
    text = render_template(f"{template}.txt", **context)
    html = render_template(f"{template}.html", subject=subject, **context)
    announce("mail.deliver", to=to, subject=subject, text=text, html=html, key=token(20).lower())


def deliver(to: str, subject: str, text: str, html: str, key: str) -> None:
    """Send one e-mail now: by SMTP where ``SMTP_URL`` is set, else as a file in ``MAIL_FOLDER``.

    A job that died on its way to noting so sends it again, under the same ``key``: there is one file of it, and
    mail programs show one letter of two with the same id. Raises smtplib's and ssl's errors, and OSError.
    """
    message = compose(to, subject, text, html, key=key)
    url = current_app.config["SMTP_URL"]
    if url:
        with outside():
            _by_smtp(url, message)
    else:
        _to_folder(Path(current_app.config["MAIL_FOLDER"]), message, key)


def compose(to: str, subject: str, text: str, html: str, *, key: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = to
    message["Subject"] = " ".join(subject.split())  # a title in it may have come with a line break
    message["Date"] = formatdate(clock.now().timestamp())
    site = urlsplit(current_app.config["SITE_URL"]).hostname
    message["Message-ID"] = f"<{key}@{site or 'localhost'}>"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def _by_smtp(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    # smtplib's own contexts, old ones for old servers, believe any certificate.
    trusted = ssl.create_default_context()
    host, port = parts.hostname or "localhost", parts.port or 0
    with (
        smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=trusted)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=SMTP_SECONDS)
    ) as smtp:
        smtp.ehlo()
        if parts.scheme == "smtp" and smtp.has_extn("starttls"):
            smtp.starttls(context=trusted)
        if parts.username:
            smtp.login(unquote(parts.username), unquote(parts.password or ""))
        smtp.send_message(message)


def _to_folder(folder: Path, message: EmailMessage, key: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.glob(f"[0-9]*-{key}.eml")):
        return
    name = f"{clock.now():%Y%m%dT%H%M%S%f}-{key}.eml"
    # Written beside and moved, so that nobody reads half a letter.
    unfinished = folder / f".{name}"
    unfinished.write_bytes(message.as_bytes())
    unfinished.rename(folder / name)
