from storefront.kit.jobs import Job
from storefront.kit.periodic import Periodic
from storefront.kit.slices import MenuEntry, Slice
from storefront.payouts import jobs, views, webhooks

SLICE = Slice(
    "payouts",
    blueprints=(views.blueprint,),
    records=(
        "connect.opened",
        "connect.ready",
        "connect.restricted",
        "connect.disconnected",
        "settlement.chosen",
    ),
    connect_webhooks={
        "account.updated": webhooks.account_changed,
        "account.application.deauthorized": webhooks.account_changed,
        "capability.updated": webhooks.account_changed,
    },
    jobs=(Job("payouts.look", jobs.look, own_steps=True),),
    periodic=(
        Periodic(
            "payouts.accounts", jobs.sweep, minutes=10, does="Asks Stripe about creators' accounts unheard of for long"
        ),
    ),
    menu=(MenuEntry("desk", "Payouts", "payouts.index", within=("payouts.show",)),),
)
