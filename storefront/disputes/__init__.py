"""A buyer's bank asks for a payment back. Owns ``disputes``.

While the bank decides, the license is frozen and the creator's share set aside; won gives both back, lost ends the
license and books the loss. What Stripe says of a dispute is read from Stripe, whatever event brought the news.

Records ``dispute.opened``, ``dispute.answered``, ``dispute.won``, ``dispute.lost``, ``dispute.closed``.
"""
