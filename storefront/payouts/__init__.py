"""How creators are paid: a workspace's account at Stripe, and where the money of its sales goes,
and the payouts that bring them what they earned.

Owns ``connect_accounts`` and ``payouts``. Records ``connect.opened``, ``connect.ready``, ``connect.restricted``,
``connect.disconnected``, ``settlement.chosen``, ``payout.intended``, ``payout.sent``, ``payout.refused`` and
``payout.reversed``. Hears from Stripe of accounts that changed, and of transfers that came back.
"""
