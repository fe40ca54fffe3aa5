"""Money that goes back to who paid it. Owns ``refunds``.

A buyer asks within the window and gets it at once, or waits for a decision by the rules in ``rules.py``; a creator
gives a whole sale back whenever they like; an operator any part of it. Each refund is written first and sent to Stripe
then. Whether it arrived is what Stripe says later: pending, succeeded or failed.

Records ``refund.asked``, ``refund.declined``, ``refund.sent``, ``refund.succeeded``, ``refund.failed`` and
``refund.resolved``.
"""
