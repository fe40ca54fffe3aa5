"""What the page says after a work was got."""

from __future__ import annotations

from collections.abc import Mapping

from storefront.catalog.models import Listing
from storefront.licenses.models import License
from storefront.payments.gateway import PaymentRefused, PaymentsDown
from storefront.payments.webhooks import Parked


def promise(listing: Listing, *, refund_days: int) -> str:
    """What stands under the button that pays, on Stripe's page."""
    number = listing.version.number if listing.version else 1
    covered = f"version {number} and every later one" if listing.clone_mode == "indefinite" else f"version {number}"
    return f"You get a license for {covered}. {refund_days} days to ask for a refund."


NOUNS = {"prompt": "prompts", "graph": "graphs", "page": "pages", "character": "characters", "file": "files"}


def contents(counts: Mapping[str, int]) -> str:
    """``, all 42 prompts``: the largest part of a version, or nothing where one word would say it."""
    largest = max(NOUNS, key=lambda kind: counts.get(kind, 0))
    count = counts.get(largest, 0)
    return f", all {count} {NOUNS[largest]}" if count > 1 else ""


def next_steps(license: License) -> list[tuple[str, str]]:
    """Three headings, each with a sentence."""
    creator = license.listing.workspace.name
    updates = (
        ("Updates come to you", f"When {creator} publishes a new version, it is part of what you have.")
        if license.clone_mode == "indefinite"
        else ("This version is yours", "Your license covers the version you got, for good.")
    )
    return [
        ("Your copy is your own", "It stands in your workspace. The original never moves, and neither does your copy."),
        updates,
        ("Copy it again", "Start over from a clean copy any day: your library makes as many as you like."),
    ]


def why_unsettled(problem: Exception) -> str:
    """What operators read of an order that could not be brought to what Stripe says of it."""
    if isinstance(problem, PaymentRefused):
        return f"Stripe does not tell how its session stands: {problem.code or 'no reason'}."
    if isinstance(problem, PaymentsDown):
        return "Stripe did not answer."
    if isinstance(problem, Parked):
        return f"Its session is paid, but does not fit. {problem}"
    return f"{type(problem).__name__}: {problem}"[:500]
