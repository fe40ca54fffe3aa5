"""Everything that happens, as one append-only row each: ids only, never personal data.

Owns ``events``. Other slices call ``record`` and react by name; feeds, analytics and audit read from here.
"""
