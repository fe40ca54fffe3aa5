"""What the sandbox is told when it starts: each value by a flag, else the environment, else its default."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BUILT_ASSETS = Path(__file__).parents[1] / "static" / "dist"


class WrongSettings(ValueError):
    """A setting that can't be used; the message is a sentence for the person who starts the sandbox."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where the sandbox listens, what it keeps, and whom it tells. Port 0 takes any free one."""

    database: Path
    secret_key: str
    webhook_url: str = ""
    webhook_secret: str = ""
    connect_webhook_url: str = ""
    connect_webhook_secret: str = ""
    host: str = "127.0.0.1"
    port: int = 12111
    business: str = "Storefront"
    assets: Path = BUILT_ASSETS

    def __post_init__(self) -> None:
        if not self.secret_key.startswith("sk_test_"):
            raise WrongSettings("STRIPE_SECRET_KEY must start with sk_test_: the sandbox knows no other keys.")
        if self.webhook_url and not self.webhook_secret.startswith("whsec_"):
            raise WrongSettings("STRIPE_WEBHOOK_SECRET must start with whsec_ to sign webhooks.")
        if self.webhook_url and not self.webhook_url.startswith(("http://", "https://")):
            raise WrongSettings("SANDBOX_WEBHOOK_URL must start with http:// or https://.")
        if self.connect_webhook_url and not self.connect_webhook_secret.startswith("whsec_"):
            raise WrongSettings("STRIPE_CONNECT_WEBHOOK_SECRET must start with whsec_ to sign webhooks.")
        if self.connect_webhook_url and not self.connect_webhook_url.startswith(("http://", "https://")):
            raise WrongSettings("SANDBOX_CONNECT_WEBHOOK_URL must start with http:// or https://.")
        if not 0 <= self.port <= 65535:
            raise WrongSettings("SANDBOX_PORT must be a number from 0 to 65535.")


def settings_from(arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings that flags and environment ask for. Raises `WrongSettings`."""
    given = _parser(environ).parse_args(arguments)
    if not str(given.port).isdecimal():
        raise WrongSettings("SANDBOX_PORT must be a number from 0 to 65535.")
    return Settings(
        host=given.host,
        port=int(given.port),
        database=Path(given.database),
        webhook_url=given.webhook_url,
        webhook_secret=given.webhook_secret,
        connect_webhook_url=given.connect_webhook_url,
        connect_webhook_secret=given.connect_webhook_secret,
        secret_key=given.secret_key,
        business=given.business,
    )


def _parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="storefront sandbox", description="Stand in for Stripe on this machine.")

    def option(flag: str, variable: str, default: str, text: str) -> None:
        parser.add_argument(flag, default=environ.get(variable, default), help=f"{text} ({variable})")

    option("--host", "SANDBOX_HOST", "127.0.0.1", "address to listen on")
    option("--port", "SANDBOX_PORT", "12111", "port to listen on")
    option("--database", "SANDBOX_DATABASE", "var/sandbox.db", "SQLite file")
    option("--webhook-url", "SANDBOX_WEBHOOK_URL", "", "where events are sent")
    option("--webhook-secret", "STRIPE_WEBHOOK_SECRET", "", "signs the events, whsec_...")
    option("--connect-webhook-url", "SANDBOX_CONNECT_WEBHOOK_URL", "", "where events of connected accounts are sent")
    option("--connect-webhook-secret", "STRIPE_CONNECT_WEBHOOK_SECRET", "", "signs those events, whsec_...")
    option("--secret-key", "STRIPE_SECRET_KEY", "", "the key the shop must present, sk_test_...")
    option("--business", "SANDBOX_BUSINESS", "Storefront", "the name on the payment page")
    return parser
