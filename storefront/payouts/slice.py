from storefront.accounts.operators import is_operator
from storefront.kit.jobs import Job
from storefront.kit.periodic import DAILY, Periodic
from storefront.kit.slices import MenuEntry, Slice
from storefront.payouts import commands, jobs, panels, payout_queries, sending, views, views_admin, webhooks

SLICE = Slice(
    "payouts",
    blueprints=(views.blueprint, views_admin.blueprint),
    records=(
        "connect.opened",
        "connect.ready",
        "connect.restricted",
        "connect.disconnected",
        "settlement.chosen",
        "payout.intended",
        "payout.sent",
        "payout.refused",
        "payout.reversed",
        "payout.by_hand",
    ),
    webhooks={"transfer.reversed": webhooks.transfer_reversed},
    connect_webhooks={
        "account.updated": webhooks.account_changed,
        "account.application.deauthorized": webhooks.account_changed,
        "capability.updated": webhooks.account_changed,
        **dict.fromkeys(
            ("payout.created", "payout.updated", "payout.paid", "payout.canceled", "payout.failed"), webhooks.bank_paid
        ),
    },
    jobs=(
        Job("payouts.look", jobs.look, own_steps=True),
        Job("payouts.send", sending.send, own_steps=True),
    ),
    periodic=(
        Periodic(
            "payouts.accounts", jobs.sweep, minutes=10, does="Asks Stripe about creators' accounts unheard of for long"
        ),
        Periodic("payouts.run", sending.monthly, minutes=DAILY, does="Pays creators once a month"),
        Periodic("payouts.sweep", sending.sweep, does="Sends payouts that nobody sent"),
    ),
    panels={"earnings.payout": panels.next_payout},
    answers={"health.concerns": payout_queries.concerns},
    menu=(
        MenuEntry("desk", "Payouts", "payouts.index", within=("payouts.show",)),
        MenuEntry("operator", "Payouts", "payouts_admin.index", when=is_operator),
    ),
    commands=(commands.group,),
)
