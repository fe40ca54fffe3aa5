from typing import Any

from storefront.dashboard import views
from storefront.kit.slices import MenuEntry, Slice

AT_THE_DESK = ("selling.index", "selling.new", "earnings.index", "earnings.sale")


def is_somebody(person: Any) -> bool:
    return bool(person.is_authenticated)


SLICE = Slice(
    "dashboard",
    blueprints=(views.blueprint,),
    menu=(
        MenuEntry("main", "Sell", "dashboard.index", when=is_somebody, within=AT_THE_DESK),
        MenuEntry("desk", "Today", "dashboard.index", place=-2),
        MenuEntry("desk", "Listings", "selling.index", within=("selling.new",), place=-1),
    ),
)
