"""What is for sale or for free: listings, their shop window, and finding them.

Owns ``listings``, ``listing_facets``, ``facet_counts``, ``catalog_state``.
Records ``listing.published`` and more. Hears ``team.changed`` (a new name must be found).

Everything a catalog page filters by is a *facet* of a listing (``tag:writing``, ``kind:flow``, ``model:Claude``,
``price:free``, and ``all``). A facet row carries the sort keys, so a page is a walk along one covering index.
"""
