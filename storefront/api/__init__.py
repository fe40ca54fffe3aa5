"""The JSON API: for a browser extension, for scripts, and for whoever builds on a shop. Owns ``api_tokens``.

Each endpoint calls the verbs and reads that the pages call; no rule is written here a second time. The document that
describes them is made from the code.

Hears ``person.password_changed`` (tokens made before end). Records ``token.made``, ``token.revoked``.
"""
