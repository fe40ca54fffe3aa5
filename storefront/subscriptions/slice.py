from storefront.kit.slices import Slice

SLICE = Slice(
    "subscriptions",
    records=(
        "subscription.started", "subscription.changed", "subscription.past_due", "subscription.recovered",
        "subscription.ended", "subscription.invoice_paid", "subscription.invoice_returned",
    ),
)  # fmt: skip
