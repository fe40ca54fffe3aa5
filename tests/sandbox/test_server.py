"""The command: settings from flags and environment, sentences for what is wrong, a port of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from storefront.sandbox.server import main, start
from storefront.sandbox.settings import Settings, WrongSettings, settings_from

_ENVIRONMENT = {
    "SANDBOX_PORT": "0",
    "SANDBOX_DATABASE": "elsewhere.db",
    "SANDBOX_WEBHOOK_URL": "http://127.0.0.1:8000/webhooks/stripe",
    "STRIPE_WEBHOOK_SECRET": "whsec_1",
    "STRIPE_SECRET_KEY": "sk_test_1",
}


def test_flags_win_over_the_environment() -> None:
    settings = settings_from(["--port", "12112", "--secret-key", "sk_test_2"], _ENVIRONMENT)
    assert (settings.port, settings.secret_key) == (12112, "sk_test_2")
    assert (settings.database, settings.webhook_secret) == (Path("elsewhere.db"), "whsec_1")
    assert settings.webhook_url == "http://127.0.0.1:8000/webhooks/stripe"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"STRIPE_SECRET_KEY": "sk_live_1"}, "must start with sk_test_"),
        ({"STRIPE_SECRET_KEY": ""}, "must start with sk_test_"),
        ({"STRIPE_WEBHOOK_SECRET": "secret"}, "must start with whsec_"),
        ({"SANDBOX_WEBHOOK_URL": "127.0.0.1:8000"}, "must start with http"),
        ({"SANDBOX_PORT": "eighty"}, "must be a number"),
        ({"SANDBOX_PORT": "70000"}, "must be a number"),
    ],
)
def test_a_wrong_setting_is_a_sentence(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(WrongSettings, match=sentence):
        settings_from([], _ENVIRONMENT | changes)


def test_a_busy_port_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        flags = ["--port", port, "--secret-key", "sk_test_1", "--database", str(tmp_path / "s.db")]
        assert main([*flags, "--webhook-url", ""]) == 1
    said = capsys.readouterr().err
    assert said == f"Port {port} is in use by another program. Set SANDBOX_PORT to a free one.\n"


def test_a_closed_sandbox_gives_its_port_back(tmp_path: Path) -> None:
    first = start(Settings(database=tmp_path / "s.db", secret_key="sk_test_1", port=0))
    port = int(first.url.rsplit(":", 1)[1])
    first.close()
    second = start(Settings(database=tmp_path / "s.db", secret_key="sk_test_1", port=port))
    second.close()
    assert second.url == first.url


def test_the_command_serves_until_it_is_terminated(tmp_path: Path) -> None:
    environment = os.environ | _ENVIRONMENT | {"SANDBOX_DATABASE": str(tmp_path / "s.db"), "SANDBOX_WEBHOOK_URL": ""}
    command = [sys.executable, "-m", "storefront.sandbox"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = process.stdout.readline()
        assert said.startswith("Sandbox at http://127.0.0.1:")
        page = requests.get(said.removeprefix("Sandbox at ").strip(), timeout=10)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert page.status_code == 200
    assert "<title>Sandbox</title>" in page.text


def test_the_sandbox_imports_nothing_of_the_shop() -> None:
    root = Path(__file__).parents[2] / "storefront"
    ours = {path for path in root.rglob("*.py") if path.is_relative_to(root / "sandbox")}
    lines = [line for path in ours for line in path.read_text().splitlines()]
    imported = {line.split()[1] for line in lines if line.startswith(("from storefront", "import storefront"))}
    assert all(name.startswith("storefront.sandbox") for name in imported)
