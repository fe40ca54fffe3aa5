"""Pages of the studio: works, one work with its items, versions, and what comes in and goes out."""

from storefront.works.views import containers, items, portable, studio, uploads, versions, works
from storefront.works.views.room import blueprint

__all__ = ["blueprint", "containers", "items", "portable", "studio", "uploads", "versions", "works"]
