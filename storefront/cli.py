"""The console script ``storefront``: Flask's commands and the shop's own."""

from __future__ import annotations

import sys

import click
from flask.cli import FlaskGroup

from storefront.app import create_app
from storefront.commands import COMMANDS
from storefront.config import ConfigError
from storefront.demo.commands import demo
from storefront.running import clock, run

group = FlaskGroup(
    create_app=lambda: create_app(), name="storefront", help="Run and look after the shop.", load_dotenv=False
)
for command in (*COMMANDS, demo, run, clock):
    group.add_command(command)


def main() -> None:
    """Run the console script; a wrong setting is a sentence, not a trace."""
    try:
        group.main()
    except ConfigError as problem:
        click.echo(f"storefront: {problem}", err=True)
        sys.exit(2)
