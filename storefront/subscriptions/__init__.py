"""What people pay for every month or year: a plan, and the All-Access pass. Billed by Stripe.

Owns ``billing_customers``, ``subscription_checkouts``, ``subscriptions``, ``subscription_invoices`` and
``plan_credits``. Stripe's state wins: an event only says that there is something to read. What plan a person pays for
is told to ``accounts``, whose table stays the only gate.
"""
