from storefront.kit.periodic import Periodic
from storefront.kit.slices import MenuEntry, Slice
from storefront.payments import commands, gateway, queries, views, views_admin, webhooks

SLICE = Slice(
    "payments",
    blueprints=(views.blueprint, views_admin.blueprint),
    periodic=(Periodic("payments.sweep", webhooks.sweep),),
    menu=(
        MenuEntry(
            "operator",
            "Webhooks",
            "webhooks.index",
            when=lambda person: person.is_authenticated and person.is_operator,
            badge=queries.trouble,
        ),
    ),
    commands=(commands.group,),
    init=gateway.init_gateway,
)
