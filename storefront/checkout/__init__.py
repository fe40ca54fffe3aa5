"""Getting a work: free at once, or paid through an order, a Checkout session and its webhook.

Owns ``orders``. Records ``order.opened``, ``order.paid``, ``order.expired``, ``order.unwanted``,
``order.refunded``, ``order.refund_failed``. Hears ``listing.suspended`` (nobody should still pay for it).
"""
