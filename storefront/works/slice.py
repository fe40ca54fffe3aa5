from storefront.kit.slices import Slice

SLICE = Slice("works", records=("version.published",))
