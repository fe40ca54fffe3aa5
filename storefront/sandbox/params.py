"""Parameters as each endpoint declares them: typed, bounded, and refused when nobody declared them.

`Hash({"mode": Choice(("payment",)), ...}).read(tree)` gives Python values or raises the error that Stripe
would answer. Optional parameters that were not sent are not in the result.
Source: https://docs.stripe.com/api/errors, https://docs.stripe.com/error-codes, https://docs.stripe.com/api/metadata
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from storefront.sandbox.currencies import MINIMUM
from storefront.sandbox.errors import StripeError, missing, unknown
from storefront.sandbox.nesting import Tree, bracketed

Raw: TypeAlias = "Tree | str"


@dataclass(frozen=True, kw_only=True)
class Param(ABC):
    """One declared parameter."""

    required: bool = False

    @abstractmethod
    def read(self, raw: Raw, name: str) -> Any:
        """The value in `raw`; `name` is its bracketed name for messages. Raises `StripeError`."""


@dataclass(frozen=True, kw_only=True)
class Text(Param):
    """A string that isn't empty."""

    longest: int = 5000

    def read(self, raw: Raw, name: str) -> str:
        if not isinstance(raw, str):
            raise StripeError(f"Invalid string: {name}", param=name)
        if raw == "":
            raise StripeError(
                f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a "
                f"parameter; however '{name}' cannot be unset. You should remove '{name}' from your request "
                "or supply a non-empty value.",
                code="parameter_invalid_empty",
                param=name,
            )
        if len(raw) > self.longest:
            raise StripeError(f"Invalid string: {raw[:10]}...; must be at most {self.longest} characters", param=name)
        return raw


@dataclass(frozen=True, kw_only=True)
class Url(Text):
    """An absolute http or https address."""

    def read(self, raw: Raw, name: str) -> str:
        text = super().read(raw, name)
        if not _is_web_address(text):
            raise StripeError("Not a valid URL", code="url_invalid", param=name)
        return text


@dataclass(frozen=True, kw_only=True)
class Integer(Param):
    """A whole number; amounts are minor units and times are seconds since 1970."""

    least: int | None = None
    most: int | None = None

    def read(self, raw: Raw, name: str) -> int:
        if not isinstance(raw, str) or not raw.removeprefix("-").isascii() or not raw.removeprefix("-").isdecimal():
            raise StripeError(f"Invalid integer: {raw}", code="parameter_invalid_integer", param=name)
        number = int(raw[:20])
        if self.least is not None and number < self.least:
            self._refuse(f"This value must be greater than or equal to {self.least}.", name)
        if self.most is not None and number > self.most:
            self._refuse(f"This value must be less than or equal to {self.most}.", name)
        return number

    @staticmethod
    def _refuse(message: str, name: str) -> None:
        raise StripeError(message, code="parameter_invalid_integer", param=name)


@dataclass(frozen=True, kw_only=True)
class Flag(Param):
    """`true` or `false`."""

    def read(self, raw: Raw, name: str) -> bool:
        if raw not in ("true", "false"):
            raise StripeError(f"Invalid boolean: {raw}", param=name)
        return raw == "true"


@dataclass(frozen=True)
class Choice(Param):
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, raw: Raw, name: str) -> str:
        if not isinstance(raw, str) or raw not in self.words:
            raise StripeError(f"Invalid {name}: must be one of {_alternatives(self.words)}", param=name)
        return raw


@dataclass(frozen=True, kw_only=True)
class Currency(Param):
    """Three letters, in lower case afterwards."""

    def read(self, raw: Raw, name: str) -> str:
        currency = raw.lower() if isinstance(raw, str) else ""
        if currency not in MINIMUM:
            raise StripeError(
                f"Invalid currency: {raw}. Stripe currently supports these currencies: {', '.join(MINIMUM)}",
                param=name,
            )
        return currency


@dataclass(frozen=True)
class ListOf(Param):
    """`name[0]`, `name[1]`, ...: values of one type, in the order of their numbers."""

    each: Param
    most: int = 100

    def read(self, raw: Raw, name: str) -> list[Any]:
        if not isinstance(raw, dict) or not all(key.isascii() and key.isdecimal() for key in raw):
            raise StripeError("Invalid array", param=name)
        if len(raw) > self.most:
            raise StripeError(f"Array {name} exceeded maximum {self.most} allowed elements.", param=name)
        return [self.each.read(raw[key], bracketed(name, key)) for key in sorted(raw, key=int)]


@dataclass(frozen=True, kw_only=True)
class Metadata(Param):
    """Up to 50 pairs of text, keys to 40 and values to 500 characters; an empty value leaves the pair out.

    One that `changes` metadata keeps empty values, which take pairs away, and is None to take all away.
    """

    changes: bool = False

    def read(self, raw: Raw, name: str) -> dict[str, str] | None:
        if raw == "":
            return None if self.changes else {}
        if not isinstance(raw, dict):
            raise StripeError("Invalid hash", param=name)
        if len(raw) > 50:
            raise StripeError("Metadata can have at most 50 keys.", param=name)
        pairs = {key: self._value(key, value, name) for key, value in raw.items()}
        return pairs if self.changes else {key: value for key, value in pairs.items() if value != ""}

    @staticmethod
    def _value(key: str, value: Raw, name: str) -> str:
        if len(key) > 40:
            raise StripeError(
                f"Metadata keys can have up to 40 characters; '{key[:40]}...' has {len(key)}.", param=name
            )
        if not isinstance(value, str):
            raise StripeError("Invalid string: metadata values are text.", param=bracketed(name, key))
        if len(value) > 500:
            raise StripeError(
                "Metadata values can have up to 500 characters, but you passed in a value that is "
                f"{len(value)} characters. Invalid value: {value[:20]}...",
                param=name,
            )
        return value


@dataclass(frozen=True)
class Hash(Param):
    """Named parameters; a name that isn't declared is refused."""

    fields: dict[str, Param]

    def read(self, raw: Raw, name: str = "") -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise StripeError("Invalid hash", param=name)
        for key in raw:
            if key not in self.fields:
                raise unknown(bracketed(name, key))
        for key, param in self.fields.items():
            if param.required and key not in raw:
                raise missing(bracketed(name, key))
        return {key: self.fields[key].read(value, bracketed(name, key)) for key, value in raw.items()}


#: `created=...` or `created[gte]=...`: https://docs.stripe.com/api/pagination
@dataclass(frozen=True, kw_only=True)
class TimeRange(Param):
    """A moment, or bounds of moments, as a dict of `eq`, `gt`, `gte`, `lt`, `lte`."""

    def read(self, raw: Raw, name: str) -> dict[str, int]:
        if isinstance(raw, str):
            return {"eq": Integer().read(raw, name)}
        bounds: dict[str, Param] = {bound: Integer() for bound in ("gt", "gte", "lt", "lte")}
        return Hash(bounds).read(raw, name)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in text)
    except ValueError:
        return False


def _alternatives(words: tuple[str, ...]) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])}{',' if len(words) > 2 else ''} or {words[-1]}"
