"""The demo: a cast and its works as data, and the command that fills a shop with them.

Not a slice: nothing imports it but the command line, and it speaks to the shop through the slices' services.
"""
