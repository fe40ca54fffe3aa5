from storefront.kit.periodic import Periodic
from storefront.kit.slices import MenuEntry, Slice
from storefront.saved import panels, services, views

SLICE = Slice(
    "saved",
    blueprints=(views.blueprint,),
    records=("prompt.saved", "prompt.list_extended", "prompt.list_replaced"),
    periodic=(Periodic("saved.forget", services.forget_removed, minutes=60, does="Lets go of removed prompts"),),
    panels={"item.deeds": panels.item_deeds},
    menu=(MenuEntry("account", "Saved prompts", "saved.index", when=lambda person: person.is_authenticated),),
)
