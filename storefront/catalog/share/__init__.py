"""Pictures of links: what a chat or a feed shows where somebody shares an address of the shop.

A listing's has its title, price and creator beside its cover; a creator's, a tag's and the shop's are of the same
make. The address holds a digest of everything that shows, so a new title or price is a new picture, and each may be
kept for ever. One is drawn when it is first asked for, and kept in storage.
"""
