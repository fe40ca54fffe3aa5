"""What the shop has at Stripe, and everything that ever moved it. Amounts are whole minor units.

Source: https://docs.stripe.com/api/balance, https://docs.stripe.com/api/balance_transactions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from storefront.payments.gateway import call

MOST = 100  # in one answer
#: Fields of a source that name what it belongs to, in a source of whichever kind.
_LEADS = ("payment_intent", "originating_transaction", "source_transaction", "charge", "transfer", "fee")


@dataclass(frozen=True)
class Movement:
    """A balance transaction: ``net`` is what it added to the shop's balance, fees taken off. ``source`` is the id of
    the object that it is for, ``leads_to`` the ids of others that the object names."""

    id: str
    type: str
    net: int
    currency: str
    source: str | None
    leads_to: tuple[str, ...]
    at: datetime

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> Movement:
        source = body.get("source")
        found = source if isinstance(source, Mapping) else {}
        return cls(
            id=body["id"],
            type=body["type"],
            net=body["net"],
            currency=body["currency"].upper(),
            source=found.get("id", source),
            leads_to=tuple(_id(found[name]) for name in _LEADS if found.get(name)),
            at=datetime.fromtimestamp(body["created"], UTC),
        )


def movements(since: datetime | None = None) -> list[Movement]:
    """Every balance transaction, or those from ``since`` on, the newest first."""
    created = {"created": {"gte": int(since.timestamp())}} if since else {}
    params: Any = {"limit": MOST, "expand": ["data.source"], **created}
    return call(lambda client, _options: list(_read(client.v1.balance_transactions.list(params).auto_paging_iter())))


def _read(listed: Any) -> Iterator[Movement]:
    return (Movement.from_dict(each.to_dict()) for each in listed)


def balance() -> dict[str, int]:
    """What the shop has, available or on its way, by currency."""
    body = call(lambda client, _options: client.v1.balance.retrieve()).to_dict()
    sums: dict[str, int] = {}
    for part in (*body["available"], *body["pending"]):
        currency = part["currency"].upper()
        sums[currency] = sums.get(currency, 0) + part["amount"]
    return sums


def _id(named: Any) -> str:
    return str(named["id"] if isinstance(named, Mapping) else named)
