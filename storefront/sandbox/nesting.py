"""Stripe's form encoding: `line_items[0][price_data][currency]=usd` as a tree, and back as a bracketed name.

Source: https://docs.stripe.com/api (bodies are form-encoded); lists come as `expand[0]=` or `expand[]=`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from storefront.sandbox.errors import StripeError

Tree: TypeAlias = "dict[str, Tree | str]"

_NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_DEEPEST = 8


def tree_of(pairs: Iterable[tuple[str, str]]) -> Tree:
    """A form or query as nested dicts; lists are dicts with "0", "1", ... as keys. Raises `StripeError`."""
    root: Tree = {}
    for name, value in pairs:
        _put(root, _path(name), value, name)
    return root


def bracketed(parent: str, key: str) -> str:
    """The name of `key` inside `parent`: `line_items[0]`."""
    return f"{parent}[{key}]" if parent else key


def _path(name: str) -> list[str]:
    match = _NAME.match(name)
    if match is None:
        raise StripeError(f"Invalid parameter name: {name}", param=name)
    path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
    if len(path) > _DEEPEST:
        raise StripeError(f"Invalid parameter name: {name} is nested too deep", param=name)
    return path


def _put(root: Tree, path: list[str], value: str, name: str) -> None:
    branch = root
    for key in path[:-1]:
        below = branch.setdefault(key or str(len(branch)), {})
        if isinstance(below, str):
            raise StripeError(f"Invalid parameter: {name} is both a value and a hash", param=name)
        branch = below
    last = path[-1] or str(len(branch))
    if isinstance(branch.get(last), dict):
        raise StripeError(f"Invalid parameter: {name} is both a value and a hash", param=name)
    branch[last] = value
