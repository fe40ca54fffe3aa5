"""Stripe Billing: subscriptions that renew as the clock moves, their invoices, and what happens when a card fails."""
