"""Any number of listings more, written from word lists: the same ones for the same seed."""
