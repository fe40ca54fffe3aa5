from storefront.accounts.operators import is_operator
from storefront.kit.slices import MenuEntry, Slice
from storefront.operations import commands, queries, views

SLICE = Slice(
    "operations",
    blueprints=(views.blueprint,),
    answers={"health.concerns": queries.job_concerns},
    menu=(
        MenuEntry(
            "operator",
            "Health",
            "health.index",
            when=is_operator,
            badge=queries.trouble,
            within=("health.jobs", "health.mendings", "orders.index"),
        ),
    ),
    commands=(commands.sweep,),
)
