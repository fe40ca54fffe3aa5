"""The exact shapes of the demo's TOML files, and what keeps a value from having one."""

from typing import Any

# A key that ends in "?" may be left out. A list holds any number of what its one element describes.
ITEM = {
    "key": str,
    "parent?": str,
    "kind": str,
    "title": str,
    "since?": int,
    "content": dict,
    "before?": dict,
}
LISTING = {
    "slug": str,
    "creator": str,
    "kind": str,
    "title": str,
    "tagline": str,
    "description": str,
    "tags": [str],
    "price": int,
    "terms": str,
    "clone_mode": str,
    "all_access": bool,
    "models": [str],
    "bullets": [str],
    "published_days_ago": int,
    "gets": int,
    "example": {"item": str, "input": str, "output": str},
    "versions": [{"number": int, "days_ago": int, "changelog": str}],
    "items": [ITEM],
}
STEP = {"key": str, "title": str, "kind": str, "prompt?": str, "note?": str}
CONTENT: dict[str, dict[str, Any]] = {
    "prompt": {"text": str, "variables": [{"name": str, "label": str, "example": str}], "note?": str},
    "graph": {"steps": [STEP], "edges": [{"from": str, "to": str, "label?": str}]},
    "character": {"role": str, "voice": str, "summary": str, "traits": [str]},
    "relationship": {"between": [str], "summary": str},
    "page": {"summary?": str},
    "block": {"type": str, "text": str, "language?": str, "attribution?": str, "prompt?": str},
    "file": {"name": str, "content_type": str, "text?": str, "drawing?": str},
}


def faults(value: Any, shape: Any, where: str) -> list[str]:
    """What keeps `value` from being exactly of this shape, one sentence a fault."""
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{where} is not a list"]
        return [fault for n, part in enumerate(value) for fault in faults(part, shape[0], f"{where}[{n}]")]
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{where} is not a table"]
        allowed = {key.rstrip("?"): inner for key, inner in shape.items()}
        needed = {key for key in shape if not key.endswith("?")}
        wrong = [f"{where} lacks {key}" for key in sorted(needed - value.keys())]
        wrong += [f"{where} has an unknown {key}" for key in sorted(value.keys() - allowed.keys())]
        for key in value.keys() & allowed.keys():
            wrong += faults(value[key], allowed[key], f"{where}.{key}")
        return wrong
    if type(value) is not shape:
        return [f"{where} is not {shape.__name__}"]
    return [f"{where} is blank"] if isinstance(value, str) and not value.strip() else []
