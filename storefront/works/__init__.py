"""Works: versioned content made of items, and the studio in which they are made.

Owns ``works``, ``items``, ``versions``, ``version_items``, ``undos``, ``undo_items``.

Items are keyed within their work, and parents and inner references use those keys. So a clone is a plain copy
of rows, its references hold without being rewritten, and the same item is found again in origin and clone.
Asks ``works.origin`` where a clone came from and ``works.needed`` who needs a work that is to be deleted. Records
``work.made``, ``.renamed``, ``.deleted``, ``.item_added``, ``.item_deleted``, ``.undone``, ``.restored``,
``.imported``, and ``version.published``; not every save, because an editor saves by itself at every pause.
"""
