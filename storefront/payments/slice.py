from storefront.kit.jobs import Periodic
from storefront.kit.slices import Slice
from storefront.payments import gateway, views, webhooks

SLICE = Slice(
    "payments",
    blueprints=(views.blueprint,),
    periodic=(Periodic("payments.sweep", webhooks.sweep),),
    init=gateway.init_gateway,
)
