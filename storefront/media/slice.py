from storefront.kit.slices import Slice
from storefront.media.sweeping import SWEEP

SLICE = Slice("media", periodic=(SWEEP,))
