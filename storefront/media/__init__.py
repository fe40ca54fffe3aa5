"""Files of works and pictures of listings: content-addressed, kept once however many refer to them.

Owns ``media``, ``uploads``, ``removals``. Whoever refers to a file does so by a foreign key to ``media``, so the
database knows what is needed, and the sweep asks it by the schema's own keys. A file's bytes lie under its hash and the
mark of its row: when it goes and comes again, it lies elsewhere, and no late removal takes what came after.
"""
