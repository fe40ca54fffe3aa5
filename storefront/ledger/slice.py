from storefront.kit.periodic import DAILY, Periodic
from storefront.kit.slices import Slice
from storefront.ledger import commands, jobs, queries

SLICE = Slice(
    "ledger",
    records=("balance.adjusted",),
    periodic=(
        Periodic("ledger.mature", jobs.mature, does="Makes shares payable whose time for refunds is over"),
        Periodic("ledger.seal", jobs.seal, does="Seals what was booked"),
        Periodic("ledger.check", jobs.check, minutes=DAILY, does="Proves the books, seal by seal"),
    ),
    answers={"health.concerns": queries.concerns},
    commands=(commands.group,),
)
