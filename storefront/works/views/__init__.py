"""Pages of the studio: works, one work with its items, versions, and what comes in and goes out."""

from storefront.works.views import items, portable, studio, versions, works
from storefront.works.views.room import blueprint

__all__ = ["blueprint", "items", "portable", "studio", "versions", "works"]
