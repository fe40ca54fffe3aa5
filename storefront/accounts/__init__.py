"""People, their workspaces and plans.

Owns ``people``, ``workspaces``, ``memberships``. Signing in and up is Flask-Security's, restyled.
Records ``person.joined``, ``person.confirmed``, ``person.password_changed`` and ``person.made_operator``. Asks the
other slices for ``destination.words`` and ``wall.work``, which stand beside its forms.
"""
