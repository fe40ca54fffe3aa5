"""Files of works: content-addressed, kept once however many works refer to them. Owns ``media``."""
