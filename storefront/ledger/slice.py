from storefront.kit.periodic import Periodic
from storefront.kit.slices import Slice
from storefront.ledger import jobs

SLICE = Slice(
    "ledger",
    records=("balance.adjusted",),
    periodic=(Periodic("ledger.mature", jobs.mature, does="Makes shares payable whose time for refunds is over"),),
)
