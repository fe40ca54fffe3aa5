"""Reports about listings, what they lead to, and the operators' decisions.

Owns ``reports``, ``decisions``. Records ``report.filed``, ``report.amended``, ``report.dismissed``, ``report.upheld``.
Hears ``listing.published`` (what was reported before and waits or was upheld counts again).

Two rules suspend without an operator: one copyright report, or open reports of three people. Only an operator restores.
"""
