"""The parts of a sandbox, and how a view gets at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from storefront.sandbox.api.faults import Faults
from storefront.sandbox.delivery import Deliverer
from storefront.sandbox.settings import Settings
from storefront.sandbox.store import Store


@dataclass(frozen=True)
class Sandbox:
    """What every request shares; kept as `app.extensions["sandbox"]`."""

    settings: Settings
    store: Store
    faults: Faults
    deliverer: Deliverer


def sandbox() -> Sandbox:
    """The sandbox that serves this request."""
    return cast(Sandbox, current_app.extensions["sandbox"])
