from storefront.kit.slices import Slice
from storefront.subscriptions import commands

SLICE = Slice(
    "subscriptions",
    records=(
        "subscription.started", "subscription.changed", "subscription.past_due", "subscription.recovered",
        "subscription.ended", "subscription.invoice_paid", "subscription.invoice_returned",
    ),
    commands=(commands.group,),
)  # fmt: skip
