"""How creators are paid: a workspace's account at Stripe, and where the money of its sales goes.

Owns ``connect_accounts``. Records ``connect.opened``, ``connect.ready``, ``connect.restricted``,
``connect.disconnected`` and ``settlement.chosen``. Hears, through Stripe's Connect endpoint, of accounts that changed.
"""
