"""The bodies of Stripe's objects at version 2026-05-27.dahlia, field for field: one module an object.

References to other objects are kept as ids; `api.expanding` puts the objects in their place when asked.
"""
