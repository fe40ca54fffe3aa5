from storefront.kit.periodic import Periodic
from storefront.kit.slices import MenuEntry, Slice
from storefront.library import lineage, panels, queries, services, views, views_updates

SLICE = Slice(
    "library",
    blueprints=(views.blueprint, views_updates.blueprint),
    records=("work.cloned", "work.downloaded", "work.updated", "work.update_undone"),
    reactions={
        "license.granted": services.make_first_clone,
        "license.ended": services.freeze_clones,
        "person.naming_changed": lineage.name_or_forget,
        "license.frozen": services.freeze_clones,
        "license.reinstated": services.thaw_clones,
    },
    periodic=(Periodic("library.sweep", services.sweep, minutes=10, does="Makes first copies that are missing"),),
    panels={
        "library.tabs": panels.tabs,
        "license.open": panels.license_open,
        "listing.lineage": panels.listing_lineage,
        "work.lineage": panels.work_lineage,
    },
    answers={
        "works.origin": panels.origin,
        "works.needed": queries.license_needs,
        "works.unlistable": lineage.unlistable,
        "works.version_named": lineage.version_named,
    },
    menu=(
        MenuEntry(
            "personal",
            "Library",
            "library.index",
            when=lambda person: person.is_authenticated,
            within=("library.purchases", "library.show", "updates.index"),
            under="library",
        ),
    ),
)
