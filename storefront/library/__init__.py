"""What people hold: their licenses, and the clones made under them. Owns ``clones``.

Hears ``license.granted`` (makes the first clone) and ``license.ended`` (freezes clones).
Records ``work.cloned``, ``work.downloaded``.
"""
