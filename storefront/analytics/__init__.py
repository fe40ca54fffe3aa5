"""How often listings are looked at. Owns ``listing_days`` and ``listing_totals``.

A view is one visitor, one listing, one day (UTC), seen by one web process. It is counted in memory when the page was
answered, with 200 or 304, rendered or kept, and written every few seconds: looking at a page costs no statement. What a
crash loses is what one process counted since it wrote last (``VIEWS_SECONDS``).

Nothing is kept about the visitor. Hears and records nothing.
"""
