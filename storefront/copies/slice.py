from storefront.copies import commands, panels, pool, views
from storefront.kit.periodic import Periodic
from storefront.kit.slices import Slice

SLICE = Slice(
    "copies",
    blueprints=(views.blueprint,),
    records=("listing.copied", "pool.closed"),
    reactions={"subscription.invoice_returned": pool.money_went_back},
    periodic=(Periodic("pool.close", pool.close_due, minutes=60, does="Closes months of All-Access that are over"),),
    panels={"listing.offer": panels.listing_offer},
    commands=(commands.group,),
)
