"""The payment sandbox: a small server that speaks Stripe's HTTP API, so the shop runs without an account.

It is an application of its own, with its own database and its own port; it imports nothing of the shop and
the shop imports nothing of it. Every behavior cites the page of Stripe's documentation that it follows.

    python -m storefront.sandbox --port 12111 --webhook-url http://127.0.0.1:8000/webhooks/stripe
"""

#: The one version of Stripe's API that is spoken here: https://docs.stripe.com/api/versioning
API_VERSION = "2026-05-27.dahlia"
