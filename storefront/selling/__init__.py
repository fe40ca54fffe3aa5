"""The creator's side of a listing: the editor, what is typed in it before it shows, and private previews.

Owns ``listing_drafts``, ``share_links``. Records ``share_link.made``, ``share_link.revoked``.

What is typed is kept beside the listing, one row for each step of the editor, and becomes the listing when it is
published. So half a thought never stands in the catalog, and typing renews no page that strangers see.
"""
