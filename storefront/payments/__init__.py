"""Talking to Stripe: the gateway (the only importer of ``stripe``) and the events it sends.

Owns ``stripe_events``. Every event is kept and committed before it is handled; what isn't understood is parked.
"""
