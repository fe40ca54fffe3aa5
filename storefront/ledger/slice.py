from storefront.accounts.operators import is_operator
from storefront.kit.periodic import DAILY, Periodic
from storefront.kit.slices import MenuEntry, Slice
from storefront.ledger import commands, jobs, queries, views, views_admin

SLICE = Slice(
    "ledger",
    blueprints=(views.blueprint, views_admin.blueprint),
    records=("balance.adjusted",),
    periodic=(
        Periodic("ledger.mature", jobs.mature, does="Makes shares payable whose time for refunds is over"),
        Periodic("ledger.seal", jobs.seal, does="Seals what was booked"),
        Periodic("ledger.check", jobs.check, minutes=DAILY, does="Proves the books, seal by seal"),
        Periodic("ledger.reconcile", jobs.reconcile, minutes=DAILY, does="Compares the books with Stripe's"),
    ),
    answers={"health.concerns": queries.concerns},
    menu=(
        MenuEntry("desk", "Earnings", "earnings.index", within=("earnings.sale",), under="earnings"),
        MenuEntry("operator", "Finance", "finance.index", when=is_operator),
    ),
    commands=(commands.group,),
)
