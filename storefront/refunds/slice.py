from flask_login import current_user

from storefront.accounts.operators import is_operator
from storefront.kit.jobs import Job
from storefront.kit.periodic import Periodic
from storefront.kit.slices import MenuEntry, Slice
from storefront.refunds import panels, queries, sending, views, views_admin, views_desk, webhooks


def waiting() -> int:
    return queries.waiting_for(current_user)


SLICE = Slice(
    "refunds",
    blueprints=(views.blueprint, views_desk.blueprint, views_admin.blueprint),
    records=(
        "refund.asked", "refund.declined", "refund.sent", "refund.succeeded", "refund.failed", "refund.resolved",
    ),
    webhooks={
        "refund.created": webhooks.refund_changed,
        "refund.updated": webhooks.refund_changed,
        "refund.failed": webhooks.refund_changed,
        "charge.refunded": webhooks.charge_refunded,
    },
    jobs=(
        Job("refunds.send", sending.send, own_steps=True),
        Job("refunds.look", sending.look, own_steps=True),
    ),
    periodic=(Periodic("refunds.sweep", sending.sweep, does="Asks Stripe about refunds on their way"),),
    panels={"license.refund": panels.license_refund, "receipt.refunds": panels.receipt_refunds},
    answers={"health.concerns": queries.concerns},
    menu=(
        MenuEntry("desk", "Refunds", "refunds_desk.index", badge=waiting, within=("refunds_desk.sale",)),
        MenuEntry("operator", "Refunds", "refunds_admin.index", when=is_operator, within=("refunds_admin.sale",)),
    ),
)  # fmt: skip
