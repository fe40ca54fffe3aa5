"""The books: what belongs to whom, and why. Knows accounts and workspaces; causes only by their public ids.

Owns ``postings``, ``earnings``, ``unsealed_postings``, ``seals``, ``sealed_postings``, ``rollups`` and
``ledger_checks``. Records ``balance.adjusted``. Money is booked by calling ``ledger.services`` by name, in the caller's
transaction; ``docs/ledger.md`` shows every verb as a table.
"""
