"""Flask-Security on our own people: its settings, forms and pages."""

from __future__ import annotations

from flask import Flask
from flask_security import FSQLALiteUserDatastore, Security

from storefront.accounts.models import Person
from storefront.kit.db import db


def init_accounts(app: Flask) -> None:
    app.config.update(SECURITY_PASSWORD_HASH="argon2")
    Security(app, FSQLALiteUserDatastore(db, Person, None), register_blueprint=True)
