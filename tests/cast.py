"""The people of every test: alice creates, bob buys, carol operates, mallory must see nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from storefront.accounts.models import Person, Workspace
from storefront.accounts.queries import personal_workspace
from storefront.accounts.services import join
from storefront.kit import clock
from storefront.kit.db import step

PASSWORD = "storefront-demo"


@dataclass
class Cast:
    """Each person comes to be when first named, with a verified e-mail and a personal workspace."""

    def person(self, name: str, **more: Any) -> Person:
        gift = {"granted_plan": more["plan"]} if "plan" in more else {}
        with step():
            return join(f"{name.lower()}@example.com", PASSWORD, name=name, confirmed_at=clock.now(), **gift, **more)

    @cached_property
    def alice(self) -> Person:
        return self.person("Alice", plan="studio")

    @cached_property
    def bob(self) -> Person:
        return self.person("Bob")

    @cached_property
    def carol(self) -> Person:
        return self.person("Carol", is_operator=True)

    @cached_property
    def mallory(self) -> Person:
        return self.person("Mallory")

    def workspace(self, person: Person) -> Workspace:
        return personal_workspace(person)
