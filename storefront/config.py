"""Typed settings, read from the environment only. A wrong one stops the start with a sentence."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from babel import Locale
from dotenv import dotenv_values
from flask import current_app

MINIMUM_SECRET = 32  # characters: a key drawn from /dev/urandom as hex has at least this many
WEAK_SECRETS = ("change", "secret", "storefront", "development", "example", "password")
# https://docs.stripe.com/connect/separate-charges-and-transfers: the United States, Canada, the United Kingdom,
# Switzerland and the European Economic Area pay each other.
REACHED_FROM_US = "AT,BE,BG,CA,CH,CY,CZ,DE,DK,EE,ES,FI,FR,GB,GR,HR,HU,IE,IT,LI,LT,LU,LV,MT,NL,NO,PL,PT,RO,SE,SI,SK,US"
DEMO_SECRET = "storefront-development-secret-not-for-production"


class ConfigError(Exception):
    """A setting that can't be used; the message says which, and what to write instead."""


def setting(about: str, **kwargs: Any) -> Any:
    """A settings field with the sentence that documents it in ``docs/configuration.md``."""
    return field(metadata={"about": about}, **kwargs)


@dataclass(frozen=True)
class Settings:
    """Every setting, with its default. Names in the environment are the upper-case field names."""

    env: str = setting("`development` or `production`.", default="development")
    debug: bool = setting("Interactive debugger; never in production.", default=False)
    secret_key: str = setting("Signs sessions and links. At least 32 random characters.", default=DEMO_SECRET)
    database_url: str = setting("`sqlite:///path` or `postgresql+psycopg://…`.", default="sqlite:///var/storefront.db")
    jobs_url: str = setting(
        "Where jobs wait: `sqlite:///path`, `postgresql://…` or `redis://…`.", default="sqlite:///var/jobs.db"
    )
    storage_url: str = setting("Where files are kept: a folder or `s3://bucket/prefix`.", default="var/files")
    upload_mb: int = setting(
        "The most megabytes of one file of a work, 1 to 32: as much as a `.pmtpk` file carries.", default=32
    )
    picture_mb: int = setting("The most megabytes of one picture of a page or listing, 1 to 32.", default=12)
    picture_megapixels: int = setting("The most million pixels of a picture, 1 to 100.", default=40)
    files_per_work: int = setting("The most files that one work holds, 1 to 2000.", default=500)
    site_url: str = setting(
        "The public address, used in e-mail and in links to Stripe.", default="http://127.0.0.1:8000"
    )
    site_name: str = setting("The shop's name.", default="Storefront")
    seller: str = setting(
        "Who sells, as receipts say it: name, address and tax number, with `|` between lines. Empty is `SITE_NAME`.",
        default="",
    )
    host: str = setting("Address that `storefront serve` listens on.", default="127.0.0.1")
    port: int = setting("Port that `storefront serve` listens on.", default=8000)
    web_workers: int = setting("Web processes of `storefront serve`.", default=1)
    web_threads: int = setting("Threads in each web process.", default=4)
    shared_seconds: int = setting(
        "Seconds for which a page that everybody gets alike is kept, unless a listing changes. 0 keeps none.", default=1
    )
    views_seconds: int = setting(
        "Seconds between two writings of counted views, and so what a crash loses at most. 0 counts none.", default=10
    )
    sandbox_port: int = setting("Port of `storefront sandbox`.", default=12111)
    currency: str = setting("The shop's currency, ISO 4217.", default="USD")
    minimum_price: int = setting("The least a paid listing may cost, in minor units.", default=50)
    platform_fee_bps: int = setting("The platform's share of a sale, in basis points.", default=1500)
    settlement: str = setting(
        "Where the money of a sale goes: `held` by the shop until refunds are over, or at once to the creator's Stripe "
        "account, `destination`, if Stripe lets it take payments.",
        default="held",
    )
    settlement_choice: bool = setting("Lets each creator choose that for their own sales.", default=False)
    payout_countries: str = setting(
        "Countries where creators can be paid, ISO 3166, comma-separated: those Stripe can transfer to from yours.",
        default=REACHED_FROM_US,
    )
    payout_minimum: int = setting(
        "The least that is paid to a creator, in minor units: at 1000, $9.99 waits and $10.00 is paid.", default=1000
    )
    payout_day: int = setting("Day of the month, 1 to 28, from which creators are paid, in UTC.", default=1)
    refund_days: int = setting("Days in which a buyer may ask for the money back.", default=7)
    ledger_key_file: str = setting(
        "The keys that seal the books and sign statements; `storefront ledger key` makes it.",
        default="var/ledger-key.pem",
    )
    refunds_at_once: int = setting(
        "Refunds that one person gets at once in 30 days; the next waits for its creator or an operator.", default=3
    )
    stripe_secret_key: str = setting("Stripe's secret key.", default="sk_test_storefront_sandbox")
    stripe_webhook_secret: str = setting(
        "Signing secret of `/webhooks/stripe`; two, comma-separated, while one replaces the other.",
        default="whsec_storefront_sandbox",
    )
    stripe_connect_webhook_secret: str = setting(
        "Signing secret of `/webhooks/stripe/connect`.", default="whsec_storefront_connect"
    )
    stripe_api_base: str = setting("Another address for Stripe's API: the sandbox's. Empty is Stripe.", default="")
    stripe_timeout: int = setting("Seconds to wait for Stripe before giving up.", default=20)
    automatic_tax: bool = setting(
        "Has Stripe Tax work out and add tax at Checkout. Register your taxes with Stripe first.", default=False
    )
    checkout_minutes: int = setting("Minutes a Checkout session stays open, 31 to 1440.", default=60)
    reports_per_day: int = setting("Works that one person may report in a day.", default=10)
    api_per_minute: int = setting(
        "Requests to the API in a minute, by each token, person or, of strangers, network address.", default=120
    )
    appeal_contact: str = setting(
        "Where creators appeal when a listing is suspended: an e-mail address or an `https://` page. Empty is "
        "the address in `MAIL_FROM`.",
        default="",
    )
    yearly_free_months: int = setting(
        "Months of twelve that a plan paid by the year does not cost, 0 to 11.", default=2
    )
    grace_days: int = setting("Days in which a plan or pass still serves after a payment failed.", default=3)
    all_access_price: int = setting("What All-Access costs a month, in minor units.", default=1000)
    all_access_limit: int = setting("Copies of All-Access in a month, and for one payment.", default=100)
    copy_credit: int = setting("What a counted copy credits to its creator, in minor units.", default=7)
    overflow: str = setting("Copies past the limit: `refuse` them, or let them pass `unpaid`.", default="refuse")
    smtp_url: str = setting(
        "`smtp://user:password@host:port` or `smtps://…`. Empty keeps mail in a folder.", default=""
    )
    mail_from: str = setting("Sender of every e-mail.", default="Storefront <shop@storefront.example>")
    mail_folder: str = setting("Where mail goes without SMTP.", default="var/mail")
    dev_mail: bool = setting("Shows that folder at `/dev/mail`.", default=False)
    dev_pages: bool = setting("Shows `/dev/pieces`.", default=False)
    clock_file: str = setting("A file with seconds to add to the clock; demo and tests only.", default="")
    limits_url: str = setting(
        "Where rate limits are counted: `memory://` or `redis://…` for several processes.",
        default="memory://",
    )
    trusted_proxies: int = setting("Reverse proxies in front, whose forwarding headers count.", default=0)

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def refund_window(self) -> timedelta:
        return timedelta(days=self.refund_days)

    @property
    def grace(self) -> timedelta:
        return timedelta(days=self.grace_days)

    @property
    def payout_country_codes(self) -> tuple[str, ...]:
        return tuple(part.strip().upper() for part in self.payout_countries.split(",") if part.strip())

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The signing secrets that are live; two while one replaces the other."""
        return tuple(part.strip() for part in self.stripe_webhook_secret.split(",") if part.strip())

    @property
    def connect_webhook_secrets(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.stripe_connect_webhook_secret.split(",") if part.strip())


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``environment``; by default the process's own over a ``.env`` file's.

    Raises ConfigError with a sentence for a value that can't be read or may not be used.
    """
    if environment is None:
        file = {key: value for key, value in dotenv_values(Path(".env")).items() if value is not None}
        environment = {**file, **os.environ}
    values = {
        f.name: _read(f.name.upper(), environment[f.name.upper()], type(f.default))
        for f in fields(Settings)
        if f.name.upper() in environment
    }
    settings = Settings(**values)
    for problem in problems(settings):
        raise ConfigError(problem)
    return settings


def _read(name: str, text: str, kind: type) -> Any:
    if kind is bool:
        words = {"1": True, "true": True, "yes": True, "on": True, "": False, "0": False, "false": False}
        words |= {"no": False, "off": False}
        if text.strip().lower() not in words:
            raise ConfigError(f"{name} is {text!r}; write true or false.")
        return words[text.strip().lower()]
    if kind is int:
        try:
            return int(text)
        except ValueError:
            raise ConfigError(f"{name} is {text!r}; write a whole number.") from None
    return text.strip()


def problems(settings: Settings) -> list[str]:
    """One sentence for each setting that may not be used, the gravest first."""
    found = list(_shared_problems(settings))
    if settings.is_production:
        found += _production_problems(settings)
    return found


def _shared_problems(settings: Settings) -> list[str]:
    choices = {
        "ENV": (settings.env, ("development", "production")),
        "SETTLEMENT": (settings.settlement, ("held", "destination")),
    }
    found = [
        f"{name} is {value!r}; write one of {', '.join(allowed)}."
        for name, (value, allowed) in choices.items()
        if value not in allowed
    ]
    if not 31 <= settings.checkout_minutes <= 1440:
        found.append("CHECKOUT_MINUTES must be between 31 and 1440: Stripe refuses anything else.")
    if not 0 <= settings.platform_fee_bps <= 10_000:
        found.append("PLATFORM_FEE_BPS must be between 0 and 10000 basis points.")
    contacts = {"APPEAL_CONTACT": settings.appeal_contact}
    found += [
        f"{name} must be an e-mail address or start with https://."
        for name, value in contacts.items()
        if value and not value.startswith("https://") and "@" not in value
    ]
    ranges = {
        "UPLOAD_MB": (settings.upload_mb, 32),
        "PICTURE_MB": (settings.picture_mb, 32),
        "PICTURE_MEGAPIXELS": (settings.picture_megapixels, 100),
        "FILES_PER_WORK": (settings.files_per_work, 2000),
    }
    found += [
        f"{name} must be between 1 and {most}." for name, (value, most) in ranges.items() if not 1 <= value <= most
    ]
    if not 0 <= settings.yearly_free_months <= 11:
        found.append("YEARLY_FREE_MONTHS must be between 0 and 11.")
    if settings.grace_days < 0:
        found.append("GRACE_DAYS must not be negative.")
    if settings.all_access_price < settings.minimum_price:
        found.append("ALL_ACCESS_PRICE must be at least MINIMUM_PRICE: Stripe takes no less.")
    if min(settings.all_access_limit, settings.copy_credit) < 1:
        found.append("ALL_ACCESS_LIMIT and COPY_CREDIT must be at least 1.")
    if settings.all_access_limit * settings.copy_credit > settings.all_access_price:
        found.append("ALL_ACCESS_LIMIT copies at COPY_CREDIT must not be more than ALL_ACCESS_PRICE.")
    if settings.overflow not in ("refuse", "unpaid"):
        found.append("OVERFLOW must be refuse or unpaid.")
    if settings.refunds_at_once < 0:
        found.append("REFUNDS_AT_ONCE must not be negative.")
    if settings.payout_minimum < 1:
        found.append("PAYOUT_MINIMUM must be at least 1.")
    if not 1 <= settings.payout_day <= 28:
        found.append("PAYOUT_DAY must be from 1 to 28.")
    found += [
        f"PAYOUT_COUNTRIES names {code}; write codes of ISO 3166, such as US,DE."
        for code in settings.payout_country_codes
        if code not in Locale("en").territories or len(code) != 2
    ]
    if settings.reports_per_day < 1:
        found.append("REPORTS_PER_DAY must be at least 1.")
    if settings.api_per_minute < 1:
        found.append("API_PER_MINUTE must be at least 1.")
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        found.append("DATABASE_URL must start with sqlite:/// or postgresql+psycopg://.")
    return found


def _production_problems(settings: Settings) -> list[str]:
    weak = len(settings.secret_key) < MINIMUM_SECRET or any(
        word in settings.secret_key.lower() for word in WEAK_SECRETS
    )
    checks = {
        "SECRET_KEY is weak; write at least 32 random characters (openssl rand -hex 32).": weak,
        "DEBUG is on; production runs without it.": settings.debug,
        "STRIPE_SECRET_KEY is the sandbox's; write your own.": settings.stripe_secret_key.endswith("_sandbox"),
        "STRIPE_WEBHOOK_SECRET is missing; copy it from the webhook endpoint in Stripe.": _unset(
            settings.webhook_secrets
        ),
        "STRIPE_CONNECT_WEBHOOK_SECRET is missing; copy it from the Connect endpoint in Stripe.": _unset(
            settings.connect_webhook_secrets
        ),
        "STRIPE_API_BASE is set; production talks to Stripe itself.": bool(settings.stripe_api_base),
        "CLOCK_FILE is set; production keeps real time.": bool(settings.clock_file),
        "DEV_MAIL is on; production doesn't show people's mail.": settings.dev_mail,
        "DEV_PAGES is on; production doesn't show them.": settings.dev_pages,
        "SMTP_URL is missing; production sends mail.": not settings.smtp_url,
        "SITE_URL must start with https://.": not settings.site_url.startswith("https://"),
    }
    return [sentence for sentence, wrong in checks.items() if wrong]


def _unset(secrets: tuple[str, ...]) -> bool:
    return not secrets or any(secret.startswith("whsec_storefront") for secret in secrets)


def current() -> Settings:
    """The settings of the running shop."""
    found: Settings = current_app.extensions["settings"]
    return found
