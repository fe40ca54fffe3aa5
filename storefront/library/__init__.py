"""What people hold: their licenses, and the clones made under them. Owns ``clones``,
``clone_names``, ``clone_updates``, ``clone_update_items``.

Hears ``license.granted`` (makes the first clone), ``license.ended`` (freezes clones) and ``person.naming_changed``.
Records ``work.cloned``, ``work.downloaded``, ``work.updated``, ``work.update_undone``.
"""
