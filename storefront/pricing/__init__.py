"""What plans cost and hold: the page drawn from the table in ``accounts``. Owns and records nothing."""
