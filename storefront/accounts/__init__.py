"""People, their workspaces and plans.

Owns ``people``, ``workspaces``, ``memberships``. Signing in and up is Flask-Security's, restyled.
Records ``person.joined``.
"""
