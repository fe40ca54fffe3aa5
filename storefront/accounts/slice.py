from storefront.accounts import setup
from storefront.kit.slices import Slice

SLICE = Slice("accounts", records=("person.joined", "person.made_operator"), init=setup.init_accounts)
