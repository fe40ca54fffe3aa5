"""Works: versioned content made of items. Owns ``works``, ``items``, ``versions``, ``version_items``.

Items are keyed within their work, and parents and inner references use those keys. So a clone is a plain copy
of rows, its references hold without being rewritten, and the same item is found again in origin and clone.
Shows a work in the studio, and asks ``works.origin`` where a clone came from. Records ``version.published``.
"""
