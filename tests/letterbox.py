"""Reading the mail that the shop sent, as the person it is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from storefront.kit.jobs import run_due_jobs


@dataclass(frozen=True)
class Received:
    subject: str
    text: str
    html: str

    @property
    def link(self) -> str:
        """The first link, as a path with its query."""
        found = re.search(r"https?://\S+", self.text)
        assert found, self.text
        parts = urlsplit(found[0])
        return f"{parts.path}?{parts.query}".rstrip("?")


def letters_to(email: str) -> list[Received]:
    """Let the jobs run, then read everything sent to ``email``, oldest first."""
    run_due_jobs()
    parsed = (
        BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        for path in sorted(Path(current_app.config["MAIL_FOLDER"]).glob("*.eml"))
    )
    return [
        Received(
            str(message["Subject"]),
            message.get_body(("plain",)).get_content(),  # type: ignore[union-attr]
            message.get_body(("html",)).get_content(),  # type: ignore[union-attr]
        )
        for message in parsed
        if message["To"] == email
    ]


def last_letter(email: str) -> Received:
    letters = letters_to(email)
    assert letters, f"no letter to {email}"
    return letters[-1]
