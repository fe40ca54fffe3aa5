from storefront.kit.slices import Slice
from storefront.library import services

SLICE = Slice(
    "library",
    records=("work.cloned",),
    reactions={"license.granted": services.make_first_clone, "license.ended": services.freeze_clones},
)
