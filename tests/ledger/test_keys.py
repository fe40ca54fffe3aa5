"""The shop's keys: made on purpose in earnest, rotated without losing what was signed, and for nobody else's eyes."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from storefront.config import current as settings
from storefront.ledger.keys import KeyMissing, fingerprint, keys, make_key
from tests.at_once import all_at_once


def test_a_shop_for_trying_out_makes_its_key(app: Flask) -> None:
    assert keys().id == keys().id
    assert stat.S_IMODE(Path(settings().ledger_key_file).stat().st_mode) == 0o600


def test_in_production_a_key_is_made_on_purpose(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    serious = replace(settings(), env="production", ledger_key_file=str(tmp_path / "key.pem"))
    monkeypatch.setitem(app.extensions, "settings", serious)

    with pytest.raises(KeyMissing, match="ledger key --new"):
        keys()
    answer = app.test_cli_runner().invoke(args=["ledger", "key"])
    assert (answer.exit_code, "ledger key --new" in answer.output) == (1, True)

    assert app.test_cli_runner().invoke(args=["ledger", "key", "--new"]).exit_code == 0
    assert fingerprint(keys().current).startswith(keys().id[:4])


def test_former_keys_stay_as_public_halves(app: Flask) -> None:
    signature = keys().sign(b"said")
    former = keys().id
    make_key()
    make_key()

    assert keys().id != former
    assert keys().proves(former, signature, b"said")
    assert not keys().proves(former, signature, b"said otherwise")
    assert not keys().proves(keys().id, signature, b"said")
    assert Path(settings().ledger_key_file).read_text().count("PRIVATE KEY") == 2  # its first and its last line


def test_the_command_shows_which_key_signs(app: Flask) -> None:
    former = fingerprint(keys().current)
    answer = app.test_cli_runner().invoke(args=["ledger", "key", "--new"])

    assert answer.output.splitlines() == [
        f"{fingerprint(keys().current)}  signs",
        f"{former}  signed before",
    ]


def test_those_who_make_the_first_key_at_once_make_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = replace(settings(), ledger_key_file=str(tmp_path / "key.pem"))
    monkeypatch.setitem(app.extensions, "settings", elsewhere)

    assert len(set(all_at_once(app, [lambda: keys().id] * 8))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key.pem"]
