from storefront.kit.slices import Slice
from storefront.works import views

SLICE = Slice("works", blueprints=(views.blueprint,), records=("version.published",))
