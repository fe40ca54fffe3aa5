"""Endpoints by subject, the page of tokens, and the document."""
