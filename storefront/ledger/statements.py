"""A workspace's statement of a month: balances before and after, and every posting between, under the shop's signature.

A statement is a file that proves itself, without the shop: ``verify`` needs nothing but its bytes. JSON signs its
canonical form; HTML and CSV sign every byte before their last line. The public key is inside, so the one question left
is whose key it is: compare the fingerprint with the one that the shop shows.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import render_template

from storefront.accounts.models import Workspace
from storefront.config import current as settings
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.money import decimal_text
from storefront.kit.spreadsheets import line, plain
from storefront.ledger.earnings import begin, next_month
from storefront.ledger.keys import fingerprint, is_signed_by, keys, raw
from storefront.ledger.models import Posting, Seal, SealedPosting
from storefront.ledger.words import effect_of, moves, words_of

FORMATS = {"html": "text/html", "csv": "text/csv", "json": "application/json"}
PARTS = ("held", "payable", "reserved", "in_transit", "paid", "spent")
HEAD = ("Posting", "Date", "Cause", "What", "Amount", "Currency", "Yours", "Seal", "Digest")
TRAILERS = {
    "html": re.compile(rb"\A(.*\n)<!-- signed ([A-Za-z0-9+/=]+) ([A-Za-z0-9+/=]+) -->\n\Z", re.S),
    "csv": re.compile(rb"\A(.*\n)Signature,([A-Za-z0-9+/=]+),([A-Za-z0-9+/=]+)\r\n\Z", re.S),
}
Content = dict[str, Any]


class NotGenuine(Exception):
    """A file is no statement, or not as it was signed; the message says why."""


@dataclass(frozen=True)
class Verified:
    """A statement that is as it was signed: the fingerprint of the key, and the content where the file tells it."""

    fingerprint: str
    content: Content | None


def statement_of(workspace: Workspace, month: date) -> Content:
    """What a statement says, of what is sealed. Amounts in minor units. Two statements read one after the other."""
    until = next_month(month)
    opening = _balances_before(workspace.id, month)
    postings = [_line(row) for row in _sealed(workspace.id, month, until)]
    seal = db.session.execute(sa.select(Seal.number, Seal.hash).order_by(Seal.number.desc()).limit(1)).first()
    return {
        "shop": settings().site_name,
        "site": settings().site_url,
        "workspace": workspace.handle,
        "name": workspace.name,
        "month": f"{month:%Y-%m}",
        "is_over": clock.now() >= begin(until),
        "made_at": clock.now().isoformat(timespec="seconds"),
        "opening": opening,
        "closing": closing_of(opening, postings),
        "postings": postings,
        "last_seal": {"number": seal.number, "hash": seal.hash} if seal else None,
    }


def closing_of(opening: dict[str, dict[str, int]], postings: list[Content]) -> dict[str, dict[str, int]]:
    """The balances after ``postings``, by currency."""
    closing = {currency: dict(parts) for currency, parts in opening.items()}
    for each in postings:
        balance = closing.setdefault(each["currency"], dict.fromkeys(PARTS, 0))
        for part, amount in moves(each["debit"], each["credit"], each["amount"]).items():
            balance[part] += amount
    return closing


def _balances_before(workspace_id: int, month: date) -> dict[str, dict[str, int]]:
    columns = (Posting.currency, Posting.debit, Posting.credit)
    query = (
        sa.select(*columns, sa.func.sum(Posting.amount).label("amount"))
        .join(SealedPosting, SealedPosting.posting_id == Posting.id)
        .where(Posting.workspace_id == workspace_id, Posting.at < begin(month))
        .group_by(*columns)
    )
    rows = [{**row, "amount": int(row["amount"])} for row in db.session.execute(query).mappings()]
    return closing_of({}, rows)


def _sealed(workspace_id: int, month: date, until: date) -> Any:
    query = (
        sa.select(Posting, SealedPosting.seal_number, SealedPosting.digest)
        .join(SealedPosting, SealedPosting.posting_id == Posting.id)
        .where(Posting.workspace_id == workspace_id, Posting.at >= begin(month), Posting.at < begin(until))
        .order_by(Posting.at, Posting.id)
    )
    return db.session.execute(query)


def _line(row: Any) -> Content:
    posting = row.Posting
    return {
        "id": posting.id,
        "at": posting.at.isoformat(),
        "cause": f"{posting.cause_kind} {posting.cause_id}",
        "kind": posting.kind,
        "what": words_of(posting.kind),
        "debit": posting.debit,
        "credit": posting.credit,
        "amount": posting.amount,
        "currency": posting.currency,
        "yours": effect_of(posting.debit, posting.credit, posting.amount),
        "seal": row.seal_number,
        "digest": row.digest,
    }


def statement_file(content: Content, format: str) -> bytes:
    """The statement as a signed file: ``html``, ``csv`` or ``json``."""
    found = keys()
    public = base64.b64encode(raw(found.current)).decode()
    if format == "json":
        signed = {"statement": content, "key": public, "signature": found.sign(_message("json", canonical(content)))}
        return json.dumps(signed, ensure_ascii=False, indent=2).encode() + b"\n"
    text = _html(content, fingerprint(found.current)) if format == "html" else _csv(content)
    body = text.encode()
    signature = found.sign(_message(format, body))
    trailer = f"<!-- signed {public} {signature} -->\n" if format == "html" else f"Signature,{public},{signature}\r\n"
    return body + trailer.encode()


def file_name(content: Content, format: str) -> str:
    return f"statement-{content['workspace']}-{content['month']}.{format}"


def canonical(content: Content) -> bytes:
    """The bytes of a JSON statement that are signed: keys in order, no spaces (as RFC 8785 for what occurs here)."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _message(format: str, body: bytes) -> bytes:
    return f"storefront statement {format}\n".encode() + body


def _html(content: Content, key: str) -> str:
    return render_template("ledger/statement.html", statement=content, parts=PARTS, key=key).rstrip("\n") + "\n"


def _csv(content: Content) -> str:
    def balance(when: str) -> list[str]:
        return [
            line((f"{when} {part.replace('_', ' ')}", "", "", "", decimal_text(amount, currency), currency))
            for currency, parts in content[when.lower()].items()
            for part, amount in parts.items()
        ]

    lines = [line(("Statement", content["month"], content["workspace"], plain(content["name"]), content["shop"]))]
    lines += [line(HEAD), *balance("Opening")]
    for each in content["postings"]:
        amounts = (decimal_text(each["amount"], each["currency"]), each["currency"])
        yours = decimal_text(each["yours"], each["currency"])
        booked = (str(each["id"]), each["at"], each["cause"], each["what"])
        lines.append(line((*booked, *amounts, yours, str(each["seal"]), each["digest"])))
    return "".join([*lines, *balance("Closing")])


def verify(data: bytes) -> Verified:
    """Prove a statement by its bytes alone. Raises NotGenuine with the reason."""
    start = data.lstrip()[:1]
    return _verify_json(data) if start == b"{" else _verify_bytes(data, "html" if start == b"<" else "csv")


def _verify_bytes(data: bytes, format: str) -> Verified:
    found = TRAILERS[format].match(data)
    if found is None:
        raise NotGenuine("Its last line is not a signature: this is no statement, or something was added after it.")
    body, public, signature = found.groups()
    return Verified(_prove(public.decode(), signature.decode(), _message(format, body)), None)


def _verify_json(data: bytes) -> Verified:
    try:
        signed = json.loads(data)
        content, public, signature = signed["statement"], signed["key"], signed["signature"]
        extra = signed.keys() - {"statement", "key", "signature"}
    except (ValueError, KeyError, TypeError) as why:
        raise NotGenuine("This is no statement.") from why
    if extra:
        raise NotGenuine("Something stands beside the statement that was not signed.")
    key = _prove(public, signature, _message("json", canonical(content)))
    if closing_of(content["opening"], content["postings"]) != content["closing"]:
        raise NotGenuine("Its postings do not lead from the opening to the closing balance.")
    return Verified(key, content)


def _prove(public: str, signature: str, message: bytes) -> str:
    """The fingerprint of the key that signed. Raises NotGenuine."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
    except (ValueError, TypeError) as why:
        raise NotGenuine("It names no key.") from why
    if not is_signed_by(key, signature, message):
        raise NotGenuine("It is not as it was signed: something in it was changed.")
    return fingerprint(key)
