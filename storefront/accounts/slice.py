from typing import Any

from storefront.accounts import commands, letters, setup, views
from storefront.kit.jobs import Job
from storefront.kit.slices import MenuEntry, Slice


def is_stranger(person: Any) -> bool:
    return not person.is_authenticated


def is_somebody(person: Any) -> bool:
    return bool(person.is_authenticated)


SLICE = Slice(
    "accounts",
    blueprints=(views.blueprint,),
    records=(
        "person.joined",
        "person.confirmed",
        "person.password_changed",
        "person.plan_changed",
        "person.made_operator",
        "person.naming_changed",
    ),
    jobs=(Job(letters.CONFIRMATION, letters.write_confirmation), Job(letters.RESET, letters.write_reset)),
    panels={"banner": views.confirm_banner},
    menu=(
        MenuEntry("account", "Settings", "accounts.settings"),
        MenuEntry("account", "Change password", "accounts.change_password"),
        MenuEntry("footer:Account", "Sign in", "accounts.login", when=is_stranger),
        MenuEntry("footer:Account", "Make an account", "accounts.register", when=is_stranger),
        MenuEntry("footer:Account", "Change password", "accounts.change_password", when=is_somebody),
    ),
    commands=(commands.operator,),
    init=setup.init_accounts,
)
