from storefront.accounts.operators import is_operator
from storefront.kit.jobs import Job
from storefront.kit.periodic import Periodic
from storefront.kit.slices import MenuEntry, Slice
from storefront.subscriptions import (
    asking,
    commands,
    crediting,
    panels,
    queries,
    returns,
    views,
    views_admin,
    webhooks,
    words,
)

SUBSCRIPTION = ("created", "updated", "deleted", "paused", "resumed", "trial_will_end")
INVOICE = (
    "finalized", "paid", "payment_failed", "payment_action_required", "updated", "voided", "marked_uncollectible",
)  # fmt: skip
SCHEDULE = ("created", "updated", "released", "canceled")
MONEY = (
    "refund.created", "refund.updated", "refund.failed", "charge.refunded",
    *(f"charge.dispute.{name}" for name in ("created", "updated", "closed", "funds_withdrawn", "funds_reinstated")),
)  # fmt: skip

SLICE = Slice(
    "subscriptions",
    blueprints=(views.blueprint, views_admin.blueprint),
    records=(
        "subscription.started", "subscription.changed", "subscription.past_due", "subscription.recovered",
        "subscription.ended", "subscription.invoice_paid", "subscription.invoice_returned",
        "subscription.invoice_restored", "plan.credited",
    ),
    webhooks={
        **{f"customer.subscription.{name}": webhooks.subscription_changed for name in SUBSCRIPTION},
        **{f"invoice.{name}": webhooks.invoice_changed for name in INVOICE},
        **{f"subscription_schedule.{name}": webhooks.schedule_changed for name in SCHEDULE},
        **dict.fromkeys(MONEY, webhooks.payment_changed),
        "checkout.session.completed": webhooks.session_changed,
        "checkout.session.expired": webhooks.session_changed,
        "customer.deleted": webhooks.customer_deleted,
    },
    jobs=(
        Job("subscriptions.look", asking.look, own_steps=True),
        Job("subscriptions.look_at_money", returns.look_at, own_steps=True),
        Job("subscriptions.confirm", asking.confirm_session, own_steps=True),
        Job("subscriptions.customer_gone", asking.customer_gone, own_steps=True),
        Job("subscriptions.give_credit", crediting.give, own_steps=True),
    ),
    periodic=(Periodic("subscriptions.sweep", asking.sweep, does="Asks Stripe about subscriptions"),),
    answers={
        "accounts.paid_plan": queries.paid_plan, "payments.theirs": queries.pays_invoice,
        "health.concerns": queries.concerns,
    },
    panels={"banner": panels.banner, "pricing.way": panels.way_on, "pricing.pass": panels.all_access},
    menu=(
        MenuEntry("account", "Billing", "subscriptions.index", within=("subscriptions.change", "subscriptions.cancel")),
        MenuEntry("operator", "Subscriptions", "subscriptions_admin.index", when=is_operator),
    ),
    commands=(commands.group,),
    init=words.init_words,
)  # fmt: skip
