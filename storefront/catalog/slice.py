from storefront.catalog import views
from storefront.kit.slices import Slice

SLICE = Slice(
    "catalog",
    blueprints=(views.blueprint,),
    records=("listing.published", "listing.unpublished", "listing.suspended"),
)
