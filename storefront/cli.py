"""The console script ``storefront``: Flask's commands and the shop's own."""

from __future__ import annotations

import sys

import click
from flask.cli import FlaskGroup

from storefront.config import ConfigError


def _create_app() -> object:
    from storefront.app import create_app

    return create_app()


group = FlaskGroup(create_app=_create_app, name="storefront", help="Run and look after the shop.")


def main() -> None:
    try:
        group.main()
    except ConfigError as problem:
        click.echo(f"storefront: {problem}", err=True)
        sys.exit(2)
