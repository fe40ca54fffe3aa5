"""What a token may be allowed, as one table. The page of tokens, the document and the gate all read it."""

from __future__ import annotations

SCOPES = {
    "listings:read": "See your listings, drafts among them",
    "listings:write": "Make, change, publish and delete listings",
    "library:read": "See your licenses and purchases, and download what you hold",
    "library:write": "Get works, clone and copy them, and begin a checkout",
    "prompts:read": "See your saved prompts",
    "prompts:write": "Change your saved prompts",
    "earnings:read": "See what your workspaces earned",
    "earnings:write": "Set up payouts",
    "subscriptions:read": "See what you subscribe to",
    "subscriptions:write": "Begin to subscribe",
    "reports:write": "Report listings",
}
