"""Test cards and what a card number, an expiry and a CVC must look like.

Source: https://docs.stripe.com/testing and https://docs.stripe.com/declines/codes
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, kw_only=True)
class TestCard:
    """How the pretended bank treats one number; `decline` is the code of its refusal, if it refuses."""

    title: str
    decline: str | None = None
    authenticates: bool = False
    #: A refund that settles later: "succeeded" after pending, or "failed" after it seemed to succeed.
    refund: str | None = None
    #: Why the holder disputes it as soon as it is paid; "inquiry" only asks.
    dispute: str | None = None
    #: Its money can be sent on at once, not after two days.
    settles_at_once: bool = False
    #: The code of its refusal when it is charged while its holder is away.
    absent_decline: str | None = None
    funding: str = "credit"

    @property
    def off_session(self) -> str | None:
        """The decline code for a charge without its holder, None if it pays."""
        return self.decline or self.absent_decline


CARDS = {
    "4242424242424242": TestCard(title="Approves"),
    "4000000000000002": TestCard(title="Declines the card", decline="generic_decline"),
    "4000002500003155": TestCard(title="Asks you to confirm", authenticates=True),
    "4000002760003184": TestCard(
        title="Always asks you to confirm", authenticates=True, absent_decline="authentication_required"
    ),
    "4000000000009995": TestCard(title="Has too little money", decline="insufficient_funds"),
    "4000000000000069": TestCard(title="Has expired", decline="expired_card"),
    "4000000000000127": TestCard(title="Has another CVC", decline="incorrect_cvc"),
    "4000000000000119": TestCard(title="Can't be processed", decline="processing_error"),
    "4000000000009987": TestCard(title="Was lost", decline="lost_card"),
    "4000000000009979": TestCard(title="Was stolen", decline="stolen_card"),
    "4000008400001629": TestCard(title="Asks, then declines", decline="generic_decline", authenticates=True),
    "4000008260003178": TestCard(title="Asks, then lacks money", decline="insufficient_funds", authenticates=True),
    "4000000000007726": TestCard(title="Refunds slowly", refund="succeeded"),
    "4000000000005126": TestCard(title="Fails to refund", refund="failed"),
    "4000000000000259": TestCard(title="Is disputed as fraud", dispute="fraudulent"),
    "4000000000002685": TestCard(title="Is disputed as not received", dispute="product_not_received"),
    "4000000000001976": TestCard(title="Is asked about", dispute="inquiry"),
    "4000000000000341": TestCard(title="Fails at renewal", absent_decline="generic_decline"),
    "4000000000000077": TestCard(title="Can be sent on at once", settles_at_once=True),
    "4000056655665556": TestCard(title="Approves, Visa debit", funding="debit"),
    "5555555555554444": TestCard(title="Approves, Mastercard"),
    "378282246310005": TestCard(title="Approves, American Express"),
    "6011111111111117": TestCard(title="Approves, Discover"),
}
#: Numbers that are well-formed but not test cards: https://docs.stripe.com/testing (`test_mode_live_card`).
LIVE_CARD = TestCard(title="Not a test card", decline="test_mode_live_card")

MESSAGES = {
    "insufficient_funds": "Your card has insufficient funds.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "test_mode_live_card": "Your card was declined. This is a sandbox, and that isn't a test card.",
}
DECLINED = "Your card was declined."
#: Declines that have an error code of their own instead of `card_declined`.
_OWN_CODES = ("authentication_required", "expired_card", "incorrect_cvc", "processing_error")


@dataclass(frozen=True, kw_only=True)
class Card:
    """A card as typed, and checked: digits only, a month from 1 to 12, a full year."""

    number: str
    month: int
    year: int
    cvc: str

    @property
    def bank(self) -> TestCard:
        """How the pretended bank treats it."""
        return CARDS.get(self.number, LIVE_CARD)

    @property
    def brand(self) -> str:
        """As Stripe names it: "visa", "mastercard", "amex" or "discover"."""
        return brand_of(self.number)

    @property
    def fingerprint(self) -> str:
        """The same for the same number, and not the number."""
        return hashlib.sha256(self.number.encode()).hexdigest()[:16]


def brand_of(number: str) -> str:
    """The brand that a number's first digits say."""
    for brand, pattern in {
        "visa": "4",
        "amex": "3[47]",
        "discover": "6(011|5)",
        "mastercard": "5[1-5]|2[2-7]",
    }.items():
        if re.match(pattern, number):
            return brand
    return "unknown"


def error_code(decline: str) -> str:
    """The error's code for a decline code: most declines are `card_declined`."""
    return decline if decline in _OWN_CODES else "card_declined"


def read_card(number: str, expiry: str, cvc: str, *, now: int) -> tuple[Card | None, dict[str, str]]:
    """The typed card, or None and a sentence for each field that is wrong. `now` is in seconds."""
    digits = re.sub(r"[\s-]", "", number)
    month, year = _expiry(expiry)
    wrong = {
        "number": _wrong_number(digits),
        "expiry": _wrong_expiry(month, year, now),
        "cvc": _wrong_cvc(cvc.strip(), 4 if brand_of(digits) == "amex" else 3),
    }
    errors = {name: sentence for name, sentence in wrong.items() if sentence}
    card = None if errors else Card(number=digits, month=month, year=year, cvc=cvc.strip())
    return card, errors


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1)."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + position % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _expiry(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"\s*(\d{1,2})\s*[/\s-]?\s*(\d{2}|\d{4})\s*", text, re.ASCII)
    if match is None:
        return 0, 0
    year = int(match[2])
    return int(match[1]), year + 2000 if year < 100 else year


def _wrong_number(digits: str) -> str:
    if not digits:
        return "Type the number, or choose one above."
    if not re.fullmatch(r"\d{12,19}", digits, re.ASCII) or not passes_luhn(digits):
        return "Your card number is invalid. Check it, or choose one above."
    return ""


def _wrong_expiry(month: int, year: int, now: int) -> str:
    today = datetime.fromtimestamp(now, UTC)
    if not 1 <= month <= 12:
        return "Type the month and the year, such as 12 / 34."
    if (year, month) < (today.year, today.month):
        return "Your card's expiration date is in the past."
    if year > today.year + 50:
        return "Your card's expiration year is invalid."
    return ""


def _wrong_cvc(cvc: str, length: int) -> str:
    return "" if re.fullmatch(rf"\d{{{length}}}", cvc, re.ASCII) else f"Type the {length} digits of the security code."
