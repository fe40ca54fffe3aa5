"""What every shop needs and no subject knows: database, clock, ids, money, HTMX, errors, jobs, mail."""
