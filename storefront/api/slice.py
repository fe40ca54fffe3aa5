from storefront.api import services
from storefront.api.endpoint import init_api
from storefront.api.views import library, listings, market, money, prompts, reference, reports, subscriptions, tokens
from storefront.kit.slices import MenuEntry, Slice

SLICE = Slice(
    "api",
    blueprints=(
        tokens.blueprint,
        reference.blueprint,
        market.blueprint,
        listings.blueprint,
        library.blueprint,
        prompts.blueprint,
        reports.blueprint,
        money.blueprint,
        subscriptions.blueprint,
    ),
    records=("token.made", "token.revoked"),
    reactions={"person.password_changed": services.revoke_all},
    panels={"settings": tokens.link_in_settings},
    menu=(
        MenuEntry("account", "Access tokens", "tokens.index", when=lambda person: person.is_authenticated),
        MenuEntry("footer:Help", "API", "reference.index"),
    ),
    init=init_api,
)
