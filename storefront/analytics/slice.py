from storefront.analytics.watching import init_views
from storefront.kit.slices import Slice

SLICE = Slice("analytics", init=init_views)
