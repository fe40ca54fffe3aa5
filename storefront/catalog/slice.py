from storefront.catalog import doorway, feeds, queries, services, trending, views
from storefront.catalog.setup import init_catalog
from storefront.catalog.share.views import blueprint as share
from storefront.kit.periodic import Periodic
from storefront.kit.slices import MenuEntry, Slice

SLICE = Slice(
    "catalog",
    blueprints=(views.blueprint, feeds.blueprint, share),
    records=(
        "listing.published",
        "listing.unpublished",
        "listing.retired",
        "listing.deleted",
        "listing.suspended",
        "listing.restored",
    ),
    reactions={"team.changed": services.find_by_new_name},
    periodic=(Periodic("catalog.rank", trending.rank, minutes=30, does="Ranks what is trending"),),
    menu=(
        MenuEntry("main", "Browse", "catalog.index", within=("catalog.listing", "catalog.creator")),
        MenuEntry("footer:Browse", "Trending", "catalog.index"),
        MenuEntry("footer:Browse", "New", "catalog.index", {"sort": "newest"}),
        MenuEntry("footer:Browse", "Free works", "catalog.index", {"price": "free"}),
        MenuEntry("footer:Browse", "Feed of new works", "feeds.atom"),
    ),
    answers={
        "destination.words": doorway.title_at,
        "wall.work": doorway.work_for_the_wall,
        "works.needed": queries.listing_needs,
    },
    init=init_catalog,
)
