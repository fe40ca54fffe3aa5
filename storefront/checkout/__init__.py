"""Getting a work: free at once, or paid through an order, a Checkout session and its webhook.

Owns ``orders``. Records ``order.opened``, ``order.paid``, ``order.expired``, ``order.unwanted``,
``order.refunded``, ``order.refund_failed``. Hears ``listing.suspended``,
``person.plan_changed`` and ``team.handed_over`` (nobody should still pay for what is not sold any more).
"""
