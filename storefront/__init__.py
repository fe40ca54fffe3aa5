"""Storefront: a self-hosted marketplace for digital works that people clone, copy or download."""
