from storefront.checkout import jobs, panels, queries, views, views_admin, webhooks, withdrawing
from storefront.kit.jobs import Job
from storefront.kit.periodic import Periodic
from storefront.kit.slices import Slice

SLICE = Slice(
    "checkout",
    blueprints=(views.blueprint, views_admin.blueprint),
    records=(
        "order.opened",
        "order.paid",
        "order.expired",
        "order.unwanted",
        "order.refunded",
        "order.refund_failed",
    ),
    reactions={
        "listing.suspended": withdrawing.listing_suspended,
        "person.plan_changed": withdrawing.plan_changed,
        "team.handed_over": withdrawing.team_handed_over,
    },
    webhooks={
        "checkout.session.completed": webhooks.session_paid,
        "checkout.session.async_payment_succeeded": webhooks.session_paid,
        "checkout.session.async_payment_failed": webhooks.session_over,
        "checkout.session.expired": webhooks.session_over,
    },
    jobs=(
        Job("checkout.payment_details", jobs.payment_details, own_steps=True),
        Job("checkout.close_session", jobs.close_session, own_steps=True),
        Job("checkout.withdraw_listing", jobs.withdraw_listing, own_steps=True),
        Job("checkout.withdraw_owner", jobs.withdraw_owner, own_steps=True),
        Job("checkout.refund_unwanted", jobs.refund_unwanted, own_steps=True),
    ),
    periodic=(Periodic("checkout.sweep", jobs.sweep, does="Asks Stripe about open orders, gives back what is owed"),),
    answers={"health.concerns": queries.concerns, "earnings.titles": queries.titles_of},
    panels={"listing.offer": panels.listing_offer, "listing.bar": panels.listing_bar},
)
