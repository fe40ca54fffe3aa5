"""The shop's own processes and its database, as commands."""

from __future__ import annotations

import socket
import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from granian import Granian
from granian.constants import Interfaces

from storefront.config import Settings, load
from storefront.kit import jobs, migrations
from storefront.kit.db import db as database


@click.command()
def serve() -> None:
    """Serve the shop on HOST and PORT."""
    found = load()
    refuse_busy_port("PORT", found.host, found.port)
    Granian(
        "wsgi:app",
        address=found.host,
        port=found.port,
        interface=Interfaces.WSGI,
        workers=found.web_workers,
        blocking_threads=found.web_threads,
        respawn_failed_workers=True,
        log_level="warning",  # type: ignore[arg-type]  # the enumeration's values are these words
    ).serve()


@click.command()
@click.option("--threads", default=2, show_default=True, help="Jobs done at the same time.")
@with_appcontext
def worker(threads: int) -> None:
    """Do announced jobs, and what is due every few minutes."""
    jobs.run_worker(current_app._get_current_object(), workers=threads)  # type: ignore[attr-defined]


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def sandbox(arguments: tuple[str, ...]) -> None:
    """Stand in for Stripe on this machine; `--help` lists the options."""
    import importlib

    # By name, because the sandbox stands for another company's service: the shop does not import it.
    sys.exit(importlib.import_module("storefront.sandbox.server").main(arguments))


@click.group()
def db() -> None:
    """Look after the database's schema."""


@db.command()
@click.argument("revision", default="head")
@with_appcontext
def upgrade(revision: str) -> None:
    """Bring the schema to REVISION."""
    migrations.upgrade(database.engine, revision)


@db.command()
@click.argument("revision")
@with_appcontext
def downgrade(revision: str) -> None:
    """Take the schema back to REVISION; `base` drops everything."""
    migrations.downgrade(database.engine, revision)


@db.command()
@click.argument("message")
@with_appcontext
def migration(message: str) -> None:
    """Write a migration from what the models declare and the database lacks."""
    migrations.write(database.engine, message)


def refuse_busy_port(name: str, host: str, port: int) -> None:
    """Raises ClickException with a sentence if something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise click.ClickException(f"Port {port} is in use. Stop what uses it, or set {name} to another.") from None


def all_ports_free(found: Settings) -> None:
    refuse_busy_port("PORT", found.host, found.port)
    refuse_busy_port("SANDBOX_PORT", found.host, found.sandbox_port)


COMMANDS = (serve, worker, sandbox, db)
