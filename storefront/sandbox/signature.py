"""The `Stripe-Signature` header: https://docs.stripe.com/webhooks#verify-manually"""

from __future__ import annotations

import hashlib
import hmac


def signature_header(payload: bytes, secret: str, *, timestamp: int) -> str:
    """`t=...,v1=...` over the exact bytes of the body; `timestamp` is real time in seconds."""
    signed = b"%d.%s" % (timestamp, payload)
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
