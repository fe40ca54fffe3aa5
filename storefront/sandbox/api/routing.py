"""Endpoints as data: a method, an address, declared parameters and a handler that gets them checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from storefront.sandbox.params import Hash, Integer, ListOf, Param, Text, TimeRange
from storefront.sandbox.store import Body

#: Called with the transaction, the checked parameters and the ids in the address; gives the answer's body.
Handler: TypeAlias = Callable[..., Body]

#: https://docs.stripe.com/api/pagination
PAGING: dict[str, Param] = {
    "limit": Integer(least=1, most=100),
    "starting_after": Text(),
    "ending_before": Text(),
}
CREATED: dict[str, Param] = {"created": TimeRange()}


@dataclass(frozen=True)
class Endpoint:
    """One endpoint; `address` is a Flask rule without `/v1`."""

    method: str
    address: str
    params: Hash
    handler: Handler

    @property
    def name(self) -> str:
        """The handler's name, which is unique among all endpoints."""
        return f"api.{self.handler.__name__}"


class Routes:
    """The endpoints of one module. Every endpoint takes `expand`."""

    def __init__(self) -> None:
        self.endpoints: list[Endpoint] = []

    def get(self, address: str, params: dict[str, Param] | None = None) -> Callable[[Handler], Handler]:
        """Declare a read."""
        return self._declare("GET", address, params)

    def post(self, address: str, params: dict[str, Param] | None = None) -> Callable[[Handler], Handler]:
        """Declare a change."""
        return self._declare("POST", address, params)

    def delete(self, address: str, params: dict[str, Param] | None = None) -> Callable[[Handler], Handler]:
        """Declare a deletion."""
        return self._declare("DELETE", address, params)

    def _declare(self, method: str, address: str, params: dict[str, Param] | None) -> Callable[[Handler], Handler]:
        declared = Hash({**(params or {}), "expand": ListOf(Text())})

        def register(handler: Handler) -> Handler:
            self.endpoints.append(Endpoint(method, address, declared, handler))
            return handler

        return register


Values: TypeAlias = dict[str, Any]
