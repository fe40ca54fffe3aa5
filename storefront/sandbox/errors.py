"""Refusals in Stripe's shape: https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes"""

from __future__ import annotations

from typing import Any


class StripeError(Exception):
    """A refusal as Stripe words it; `status` is HTTP's, `param` the bracketed name of the field at fault."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.type = type
        self.code = code
        self.param = param

    def body(self) -> dict[str, Any]:
        """The JSON of the answer: `{"error": {...}}` without the fields that don't apply."""
        error: dict[str, Any] = {"message": self.message, "type": self.type}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = f"https://docs.stripe.com/error-codes#{self.code.replace('_', '-')}"
        if self.param:
            error["param"] = self.param
        return {"error": error}


def missing(param: str) -> StripeError:
    """A required parameter is not there."""
    return StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def unknown(param: str) -> StripeError:
    """A parameter nobody declared."""
    return StripeError(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def no_such(kind: str, id: str, *, param: str = "id", status: int = 404) -> StripeError:
    """An id that names nothing; 404 in the address, 400 in a parameter."""
    return StripeError(f"No such {kind}: '{id}'", status=status, code="resource_missing", param=param)
