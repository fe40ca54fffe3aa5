"""What people pay for every month or year: a plan, and the All-Access pass. Billed by Stripe.

Owns ``billing_customers``, ``subscription_checkouts``, ``subscriptions`` and ``subscription_invoices``. Stripe's state
wins: an event only says that there is something to read. A plan is put on the person in ``accounts``, whose table
stays the only gate.
"""
