"""People, their workspaces and plans.

Owns ``people``, ``workspaces``, ``memberships``. Passwords, tokens and sessions are Flask-Security's.
Records ``person.joined``, ``person.confirmed``, ``person.password_changed``,
``person.plan_changed``, ``person.made_operator`` and ``person.naming_changed``.
Asks other slices for ``destination.words``, ``destination.email`` and ``wall.work``, which stand beside its forms.
"""
