"""The scripts of `assets/`, which are no package, as modules."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ASSETS = Path(__file__).parents[2] / "assets"


def load(name: str) -> ModuleType:
    spec = spec_from_file_location(f"assets_{name}", ASSETS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def build() -> ModuleType:
    return load("build")


@pytest.fixture(scope="session")
def check_htmx() -> ModuleType:
    return load("check_htmx")
