from storefront.kit.slices import Slice
from storefront.selling import views

SLICE = Slice("selling", blueprints=(views.blueprint,), records=("share_link.made", "share_link.revoked"))
