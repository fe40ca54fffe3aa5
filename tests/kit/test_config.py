"""Settings come from the environment, and a wrong one stops the start with a sentence."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from storefront.config import ConfigError, Settings, load

PRODUCTION = {
    "ENV": "production",
    "SECRET_KEY": "0f9d3b7e5a1c4d2f8e6b0a9c7d5e3f1a2b4c6d8e",
    "STRIPE_SECRET_KEY": "sk_live_abc",
    "STRIPE_WEBHOOK_SECRET": "whsec_abc",
    "STRIPE_CONNECT_WEBHOOK_SECRET": "whsec_def",
    "SMTP_URL": "smtps://mail.example",
    "SITE_URL": "https://shop.example",
}


def test_a_laptop_needs_no_settings() -> None:
    assert load({}).env == "development"


def test_values_are_typed() -> None:
    settings = load({"PORT": "9000", "DEV_MAIL": "yes", "SITE_NAME": " Prints "})

    assert (settings.port, settings.dev_mail, settings.site_name) == (9000, True, "Prints")


def test_production_starts_with_all_it_needs() -> None:
    assert load(PRODUCTION).is_production


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is weak"),
        ("SECRET_KEY", "change-me-change-me-change-me-change-me", "SECRET_KEY is weak"),
        ("DEBUG", "true", "DEBUG is on"),
        ("STRIPE_WEBHOOK_SECRET", "", "STRIPE_WEBHOOK_SECRET is missing"),
        ("STRIPE_CONNECT_WEBHOOK_SECRET", "", "STRIPE_CONNECT_WEBHOOK_SECRET is missing"),
        ("STRIPE_API_BASE", "http://127.0.0.1:12111", "STRIPE_API_BASE is set"),
        ("CLOCK_FILE", "var/clock", "CLOCK_FILE is set"),
        ("DEV_MAIL", "1", "DEV_MAIL is on"),
        ("DEV_PAGES", "1", "DEV_PAGES is on"),
        ("SMTP_URL", "", "SMTP_URL is missing"),
        ("SITE_URL", "http://shop.example", "SITE_URL must start with https"),
    ],
)
def test_production_refuses(name: str, value: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        load({**PRODUCTION, name: value})


@pytest.mark.parametrize("missing", ["SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_CONNECT_WEBHOOK_SECRET"])
def test_production_refuses_what_a_laptop_falls_back_to(missing: str) -> None:
    with pytest.raises(ConfigError, match=missing):
        load({name: value for name, value in PRODUCTION.items() if name != missing})


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "eighty"}, "write a whole number"),
        ({"DEBUG": "perhaps"}, "write true or false"),
        ({"ENV": "staging"}, "write one of"),
        ({"CHECKOUT_MINUTES": "30"}, "between 31 and 1440"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must start"),
        ({"PLATFORM_FEE_BPS": "10001"}, "basis points"),
        ({"APPEAL_CONTACT": "javascript:alert(1)"}, "APPEAL_CONTACT must be an e-mail address"),
    ],
)
def test_a_wrong_value_is_a_sentence(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        load(environment)


def test_two_webhook_secrets_may_be_live_during_rotation() -> None:
    assert load({"STRIPE_WEBHOOK_SECRET": "whsec_new, whsec_old"}).webhook_secrets == ("whsec_new", "whsec_old")


def test_every_setting_is_in_the_documented_table() -> None:
    page = Path("docs/configuration.md").read_text(encoding="utf-8")
    rows = [f"| `{f.name.upper()}` | {f.metadata['about']} | {shown(f.default)} |" for f in fields(Settings)]

    assert [row for row in rows if row not in page] == []


def shown(default: object) -> str:
    """A default as the table writes it."""
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f"`{text}`" if text else "none"
