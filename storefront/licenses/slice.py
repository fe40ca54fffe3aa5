from storefront.kit.slices import Slice
from storefront.licenses import panels
from storefront.licenses.queries import owned_among

SLICE = Slice(
    "licenses",
    records=("license.granted", "license.ended", "license.frozen", "license.reinstated"),
    panels={"listing.promises": panels.promises, "listing.terms": panels.terms},
    answers={"listings.owned": owned_among},
)
