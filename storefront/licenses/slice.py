from storefront.kit.slices import Slice
from storefront.licenses.queries import owned_among

SLICE = Slice(
    "licenses",
    records=("license.granted", "license.ended"),
    answers={"listings.owned": owned_among},
)
