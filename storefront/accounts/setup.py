"""Flask-Security on our own people: passwords, tokens and sessions are its own, the pages are ours.

Its views stay unregistered because they answer a wrong form with 200, link to whatever host was asked for,
lose at the letter where one was going, and either tell everybody who has an account or nobody that an e-mail
is taken. ``views.py`` calls what they call.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_security import FSQLALiteUserDatastore, RoleMixin, Security

from storefront.accounts.destinations import HOME, ask_to_sign_in
from storefront.accounts.models import Person
from storefront.kit import clock
from storefront.kit.db import commit, db

SETTINGS: dict[str, Any] = {
    "SECURITY_BLUEPRINT_NAME": "accounts",
    "SECURITY_POST_LOGIN_VIEW": HOME,
    "SECURITY_DATETIME_FACTORY": clock.now,
    "SECURITY_CONFIRM_EMAIL_WITHIN": timedelta(days=2),
    "SECURITY_RESET_PASSWORD_WITHIN": timedelta(days=1),
    # Argon2 salts by itself; hashing under SECRET_KEY too would lock everybody out when that key is changed.
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ("argon2",),
    # Fingerprints inside signed links; slow hashing would guard nothing there.
    "SECURITY_HASHING_SCHEMES": ["hex_sha256"],
    "SECURITY_DEPRECATED_HASHING_SCHEMES": [],
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL": False,
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    # Not by network address, which phones change all day; a new password ends every other session instead.
    "SESSION_PROTECTION": None,
    "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
    # Counted from signing in. Renewing would put somebody's cookie on every answer, the cacheable ones too.
    "SESSION_REFRESH_EACH_REQUEST": False,
}


class People(FSQLALiteUserDatastore):
    """The library's way to our people. Its commits hand over the jobs that were announced, as ours do."""

    def commit(self) -> None:
        commit()


def init_accounts(app: Flask) -> None:
    app.config.update(SETTINGS)
    security = Security(app, People(db, Person, RoleMixin), register_blueprint=False)
    security.unauthn_handler(ask_to_sign_in)
    security.login_manager.unauthorized_handler(ask_to_sign_in)
    # People sign in by session alone: no token in an address, a header or a body makes anybody somebody.
    security.login_manager.request_loader(lambda _request: None)
    # Nobody here has roles, and asking for them would read the person on every request, a cover's too.
    app.before_request_funcs[None].remove(security.principal._on_before_request)
