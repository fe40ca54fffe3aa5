"""Stripe's own list of what happened, for what never arrived. Source: https://docs.stripe.com/api/events/list"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from storefront.payments.gateway import call

MOST = 100  # in one answer


def told_between(since: datetime, until: datetime) -> Iterator[list[Mapping[str, Any]]]:
    """The events about the shop's own account from ``since`` to ``until``, the newest first, a list for each answer.

    As Stripe wrote them: what its library makes of them can't be kept as JSON.
    """
    wanted: dict[str, Any] = {
        "limit": MOST, "created": {"gte": int(since.timestamp()), "lte": int(until.timestamp())}
    }  # fmt: skip
    page: dict[str, Any] = {"has_more": True}
    while page["has_more"]:
        page = _page(wanted)
        if page["data"]:
            yield page["data"]
            wanted = {**wanted, "starting_after": page["data"][-1]["id"]}


def _page(wanted: dict[str, Any]) -> dict[str, Any]:
    answer = call(lambda client, _options: client.raw_request("get", "/v1/events", **wanted))
    found: dict[str, Any] = json.loads(answer.body)
    return found
