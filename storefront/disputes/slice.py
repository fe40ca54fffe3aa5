from storefront.accounts.operators import is_operator
from storefront.disputes import asking, queries, views_admin, webhooks
from storefront.kit.jobs import Job
from storefront.kit.periodic import Periodic
from storefront.kit.slices import MenuEntry, Slice

NEWS = ("created", "updated", "closed", "funds_withdrawn", "funds_reinstated")

SLICE = Slice(
    "disputes",
    blueprints=(views_admin.blueprint,),
    records=("dispute.opened", "dispute.answered", "dispute.won", "dispute.lost", "dispute.closed"),
    webhooks={f"charge.dispute.{name}": webhooks.dispute_changed for name in NEWS},
    jobs=(
        Job("disputes.look", asking.look, own_steps=True),
        Job("disputes.take_back", asking.take_back, own_steps=True),
    ),
    periodic=(Periodic("disputes.sweep", asking.sweep, minutes=10, does="Asks Stripe about disputes"),),
    answers={"health.concerns": queries.concerns},
    menu=(
        MenuEntry(
            "operator", "Disputes", "disputes.index", when=is_operator, badge=queries.to_answer,
            within=("disputes.show",),
        ),
    ),
)  # fmt: skip
