from storefront.accounts.operators import is_operator
from storefront.kit.periodic import Periodic
from storefront.kit.slices import MenuEntry, Slice
from storefront.payments import catching_up, commands, gateway, queries, views, views_admin, webhooks

SLICE = Slice(
    "payments",
    blueprints=(views.blueprint, views_admin.blueprint),
    periodic=(
        Periodic("payments.sweep", webhooks.sweep, does="Handles events that were kept and left"),
        Periodic(catching_up.NAME, catching_up.catch_up, minutes=60, does="Reads what Stripe told and never came"),
    ),
    answers={"health.concerns": queries.concerns},
    menu=(
        MenuEntry(
            "operator",
            "Webhooks",
            "webhooks.index",
            when=is_operator,
            badge=queries.trouble,
        ),
    ),
    commands=(commands.group,),
    init=gateway.init_gateway,
)
