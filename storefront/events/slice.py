from storefront.kit.slices import Slice

SLICE = Slice("events")
