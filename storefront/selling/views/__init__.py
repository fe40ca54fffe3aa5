"""Pages of the creator's listings: the table, the editor, what can be done to one, and its preview."""

from storefront.selling.views import deeds, editor, pictures, previews, table
from storefront.selling.views.frame import blueprint

__all__ = ["blueprint", "deeds", "editor", "pictures", "previews", "table"]
