"""The schema's history: Alembic, driven by the shop's own engine."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import storefront
from storefront.kit.db import Model

FOLDER = Path(storefront.__file__).parent.parent / "migrations"


def metadata() -> sa.MetaData:
    """The tables of every slice and of the kit."""
    importlib.import_module("storefront.kit.jobs")
    for module in pkgutil.iter_modules(storefront.__path__):
        name = f"storefront.{module.name}.models"
        if module.ispkg and module.name != "sandbox" and importlib.util.find_spec(name):
            importlib.import_module(name)
    return Model.metadata


def config_for(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database of ``engine`` to ``revision``, in one transaction."""
    with engine.begin() as connection:
        command.upgrade(config_for(connection), revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    with engine.begin() as connection:
        command.downgrade(config_for(connection), revision)


def write(engine: sa.Engine, message: str) -> None:
    """Write a migration for what the models declare and the database of ``engine`` lacks."""
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "head")
        config = config_for(connection)
        last = max(FOLDER.glob("versions/[0-9]*.py")).name[:4]
        command.revision(config, message=message, autogenerate=True, rev_id=f"{int(last) + 1:04}")
