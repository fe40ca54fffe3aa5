from storefront.kit.slices import MenuEntry, Slice
from storefront.pricing import views

SLICE = Slice(
    "pricing",
    blueprints=(views.blueprint,),
    menu=(MenuEntry("main", "Pricing", "pricing.index"), MenuEntry("footer:Sell", "Plans", "pricing.index")),
)
