from storefront.kit.slices import MenuEntry, Slice
from storefront.works import shelf, views
from storefront.works.queries import team_needs

SLICE = Slice(
    "works",
    blueprints=(views.blueprint, shelf.blueprint),
    records=(
        "work.made",
        "work.renamed",
        "work.deleted",
        "work.item_added",
        "work.item_deleted",
        "work.undone",
        "work.restored",
        "work.imported",
        "work.exported",
        "version.published",
    ),
    answers={"teams.needed": team_needs},
    menu=(
        MenuEntry(
            "personal",
            "Studio",
            "works.index",
            when=lambda person: person.is_authenticated,
            within=("works.create", "works.take_in_work"),
        ),
    ),
)
