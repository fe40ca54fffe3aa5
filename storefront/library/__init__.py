"""What people hold: their licenses, and the clones made under them. Owns ``clones``,
``clone_updates``, ``clone_update_items``.

Hears ``license.granted`` (makes the first clone) and ``license.ended`` (freezes clones).
Records ``work.cloned``, ``work.downloaded``, ``work.updated``, ``work.update_undone``.
"""
