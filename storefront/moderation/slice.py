from storefront.accounts.operators import is_operator
from storefront.kit.slices import MenuEntry, Slice
from storefront.moderation import panels, queries, services, views, views_admin

SLICE = Slice(
    "moderation",
    blueprints=(views.blueprint, views_admin.blueprint),
    records=("report.filed", "report.amended", "report.dismissed", "report.upheld"),
    reactions={"listing.published": services.published_again},
    panels={"listing.report": panels.listing_report},
    menu=(MenuEntry("operator", "Reports", "reports.index", when=is_operator, badge=queries.waiting),),
)
