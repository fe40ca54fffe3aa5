"""All-Access: what members copy, and what creators are paid for it. Owns ``copies``, ``copy_meters``, ``pool_months``,
``pool_invoices`` and ``pool_shares``.

Shows the meter and **Copy** on a listing's page. Hears ``subscription.invoice_returned`` (credits go back with the
money). Records ``listing.copied``, ``pool.closed``.
"""
