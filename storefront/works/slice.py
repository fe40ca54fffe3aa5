from storefront.kit.slices import Slice
from storefront.works import shelf, views

SLICE = Slice("works", blueprints=(views.blueprint, shelf.blueprint), records=("version.published",))
