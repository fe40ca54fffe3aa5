"""What people hold."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("library", __name__)
