"""The whole shop on one machine: database, demo, web, worker and payment sandbox, until Ctrl-C."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import click
import requests
from flask import Flask, current_app
from flask.cli import with_appcontext
from honcho.manager import Manager

from storefront.commands import all_ports_free
from storefront.config import Settings
from storefront.config import current as settings
from storefront.demo.load import PASSWORD, fill
from storefront.kit import clock as shop_clock
from storefront.kit import migrations
from storefront.kit.db import db
from storefront.payments.gateway import EXTENSION, make_client
from storefront.subscriptions.setup import set_up

PATIENCE = 240  # quarters of a second until the sandbox must answer
DEMO_ROLES = {"alice": "creator", "bob": "shopper", "carol": "operator", "mallory": "stranger"}


@click.command()
@with_appcontext
def run() -> None:
    """Start everything for trying the shop out: migrated, filled with the demo, with a payment sandbox."""
    found = settings()
    if found.is_production:
        raise click.ClickException("This is for trying the shop out. In production run `serve` and `worker`.")
    all_ports_free(found)
    migrations.upgrade(db.engine)
    fill()
    db.engine.dispose()
    manager = Manager()
    environment = {**os.environ, **demo_environment(found), "PYTHONUNBUFFERED": "1"}
    for name in ("sandbox", "worker", "serve"):
        command = f"exec {sys.executable} -m storefront {name}"
        manager.add_process(name, command, env=environment)
    click.echo(greeting(found))
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the thread outlives this context
    threading.Thread(target=stock, args=(app, environment["STRIPE_API_BASE"]), name="stock", daemon=True).start()
    manager.loop()
    sys.exit(0 if manager.returncode in (0, 130, 143) else manager.returncode)


def stock(app: Flask, sandbox: str) -> None:
    """Once the sandbox answers, have it sell the shop's plans and All-Access, as ``storefront stripe setup`` does."""
    for _ in range(PATIENCE):
        with suppress(requests.RequestException):
            requests.get(f"{sandbox}/_sandbox/clock", timeout=5).raise_for_status()
            break
        time.sleep(0.25)
    with app.app_context():
        app.extensions[EXTENSION] = make_client(replace(settings(), stripe_api_base=sandbox))
        for _sentence in set_up(endpoints=False):
            continue


@click.group()
def clock() -> None:
    """Move the clock of a shop that is being tried out."""


@clock.command()
@with_appcontext
def follow() -> None:
    """Set the shop's clock to the payment sandbox's."""
    found = settings()
    if found.is_production:
        raise click.ClickException("A real shop keeps real time.")
    places = demo_environment(found)
    current_app.config["CLOCK_FILE"] = found.clock_file or places["CLOCK_FILE"]
    sandbox = found.stripe_api_base or places["STRIPE_API_BASE"]
    try:
        ahead = requests.get(f"{sandbox}/_sandbox/clock", timeout=5).json()["offset"]
    except requests.RequestException:
        raise click.ClickException(f"No sandbox answers at {sandbox}. Start the shop with `make run`.") from None
    shop_clock.move(timedelta(seconds=ahead))
    click.echo(f"The shop's clock now says {shop_clock.now():%d %B %Y, %H:%M} UTC.")


def demo_environment(found: Settings) -> dict[str, str]:
    """What makes the three processes find each other; anything set by hand stays."""
    site = f"http://{found.host}:{found.port}"
    wanted = {
        "SITE_URL": site,
        "STRIPE_API_BASE": f"http://{found.host}:{found.sandbox_port}",
        "STRIPE_SECRET_KEY": found.stripe_secret_key,
        "STRIPE_WEBHOOK_SECRET": found.stripe_webhook_secret,
        "SANDBOX_PORT": str(found.sandbox_port),
        "SANDBOX_WEBHOOK_URL": f"{site}/webhooks/stripe",
        "STRIPE_CONNECT_WEBHOOK_SECRET": found.stripe_connect_webhook_secret,
        "SANDBOX_CONNECT_WEBHOOK_URL": f"{site}/webhooks/stripe/connect",
        "DEV_MAIL": "true",
        "DEV_PAGES": "true",
        "CLOCK_FILE": "var/clock",
    }
    return {name: os.environ.get(name, value) for name, value in wanted.items()}


def greeting(found: Settings) -> str:
    """The address and who to sign in as."""
    people = "\n".join(f"    {name}@example.com   {role}" for name, role in DEMO_ROLES.items())
    return (
        f"\n  {found.site_name}   http://{found.host}:{found.port}\n"
        f"  Mailbox      http://{found.host}:{found.port}/dev/mail\n"
        f"  Payments     http://{found.host}:{found.sandbox_port}\n\n"
        f"  Password of everybody: {PASSWORD}\n{people}\n\n  Ctrl-C stops everything.\n"
    )
