"""The commands in docs/api.md are run as they stand, against a shop that listens."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.serving import make_server

from storefront.accounts.services import grant_plan
from storefront.api.scopes import SCOPES
from storefront.kit.db import db, settle_reads, step
from storefront.licenses.models import License
from tests.api.programs import make_token
from tests.cast import Cast
from tests.worlds import make_offer, make_pack

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"^curl .*?(?=^curl |\Z)", re.S | re.M)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


def commands() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE, re.S | re.M)
    return [command for block in blocks for command in COMMAND.findall(block)]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_command_works_as_it_is_written(app: Flask, address: str, cast: Cast, tmp_path: Path) -> None:
    make_offer(cast.alice, "Field Notes", price=0)
    with step():
        grant_plan(cast.bob, "studio")
    work = make_pack(cast.bob, "Harbor Notes")
    told = {"SHOP": address, "TOKEN": make_token(cast.bob, "*")[1], "WORK": work.public_id}
    settle_reads()
    ran = commands()

    for command in ran:
        answer = run(command, told, tmp_path)
        if isinstance(answer, dict) and answer.get("license"):
            told["LICENSE"] = db.session.scalars(sa.select(License.public_id)).one()
            settle_reads()
        if isinstance(answer, dict) and "findings" in answer:
            told["LISTING"] = str(answer["id"])
        if "headers.txt" in command:
            told["ETAG"] = re.findall(r"(?i)etag: (.*)", (tmp_path / "headers.txt").read_text())[0]

    assert len(ran) > 10


def run(command: str, told: dict[str, str], folder: Path) -> Any:
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env={**os.environ, **told}, capture_output=True, text=True, timeout=20,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stderr}"
    return json.loads(done.stdout) if done.stdout else None


def test_the_guide_has_every_scope() -> None:
    assert dict(re.findall(r"^\| `(\w+:\w+)` \| (.*) \|$", GUIDE, re.M)) == SCOPES
