from storefront.accounts.operators import is_operator
from storefront.copies import (
    commands,
    gaming,
    jobs,
    overview,
    panels,
    pool,
    queries,
    returns,
    views,
    views_admin,
    views_earnings,
    views_payments,
    views_simulator,
)
from storefront.kit.periodic import DAILY, Periodic
from storefront.kit.slices import MenuEntry, Slice

SLICE = Slice(
    "copies",
    blueprints=(
        views.blueprint,
        views_payments.blueprint,
        views_simulator.blueprint,
        views_earnings.blueprint,
        views_admin.blueprint,
    ),
    records=("listing.copied", "pool.closed", "pool.flag_looked_at"),
    reactions=dict.fromkeys(
        ("subscription.invoice_returned", "subscription.invoice_restored"), returns.money_went_back
    ),
    periodic=(
        Periodic("pool.close", pool.close_due, minutes=60, does="Closes months of All-Access that are over"),
        Periodic("pool.watch", gaming.watch, minutes=DAILY, does="Looks for signs of gaming the pool"),
        Periodic("copies.count", jobs.count, minutes=10, does="Brings counts of copies over to their listings"),
    ),
    panels={
        "listing.offer": panels.listing_offer,
        "earnings.more": panels.earned_by_copies,
        "pricing.pass": panels.pricing_pass,
        "billing.pass": panels.billing_pass,
    },
    answers={"health.concerns": overview.concerns, "saved.places": queries.places_of},
    menu=(
        MenuEntry(
            "library",
            "All-Access",
            "copies.index",
            within=("copies.show", "copy_payments.index", "copy_payments.show"),
        ),
        MenuEntry("earnings", "Copies", "copy_earnings.index", within=("copy_earnings.show",)),
        MenuEntry(
            "operator",
            "Pool",
            "pool_admin.index",
            when=is_operator,
            within=("pool_admin.show", "pool_admin.flags"),
        ),
    ),
    commands=(commands.group,),
)
