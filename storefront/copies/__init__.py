"""All-Access: what members copy, and what creators are paid for it. Owns ``copies``, ``copy_meters``, ``copy_tallies``,
``pool_months``, ``pool_invoices``, ``pool_returns``, ``pool_rests``, ``pool_statements`` and ``pool_flags``.

Shows the meter and **Copy** on a listing's page, what copies pay among the prices, and what is used in billing. Puts
what is copied onto the list of saved prompts, and tells that list where it can be read. Hears
``subscription.invoice_returned`` (credits go back with the money). Records ``listing.copied``, ``pool.closed``,
``pool.flag_looked_at``.
"""
