from typing import Any

from storefront.kit.slices import MenuEntry, Slice
from storefront.selling import views


def is_somebody(person: Any) -> bool:
    return bool(person.is_authenticated)


SLICE = Slice(
    "selling",
    blueprints=(views.blueprint,),
    records=("share_link.made", "share_link.revoked"),
    menu=(
        MenuEntry("main", "Sell", "selling.index", when=is_somebody, within=("selling.new",)),
        MenuEntry("desk", "Listings", "selling.index", within=("selling.new",)),
    ),
)
