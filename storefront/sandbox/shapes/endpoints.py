"""https://docs.stripe.com/api/webhook_endpoints/object"""

from __future__ import annotations

from typing import Any

from storefront.sandbox.ids import new_id
from storefront.sandbox.store import Body

#: The platform's own Connect application, which endpoints for connected accounts name.
APPLICATION = "ca_SandboxSandboxSandboxSandbox12"


def endpoint_body(values: dict[str, Any], *, now: int) -> Body:
    """A webhook endpoint from checked parameters. Its secret is hidden and shown once.

    One made with `connect` hears of connected accounts only: https://docs.stripe.com/connect/webhooks
    """
    return {
        "id": new_id("we"),
        "object": "webhook_endpoint",
        "api_version": values.get("api_version"),
        "application": APPLICATION if values.get("connect") else None,
        "created": now,
        "description": values.get("description"),
        "enabled_events": values["enabled_events"],
        "livemode": False,
        "metadata": values.get("metadata", {}),
        "status": "enabled",
        "url": values["url"],
    }
