from storefront.copies import commands, jobs, panels, pool, views, views_earnings
from storefront.kit.periodic import Periodic
from storefront.kit.slices import Slice

SLICE = Slice(
    "copies",
    blueprints=(views.blueprint, views_earnings.blueprint),
    records=("listing.copied", "pool.closed"),
    reactions=dict.fromkeys(("subscription.invoice_returned", "subscription.invoice_restored"), pool.money_went_back),
    periodic=(
        Periodic("pool.close", pool.close_due, minutes=60, does="Closes months of All-Access that are over"),
        Periodic("copies.count", jobs.count, minutes=10, does="Brings counts of copies over to their listings"),
    ),
    panels={"listing.offer": panels.listing_offer, "earnings.more": panels.earned_by_copies},
    commands=(commands.group,),
)
