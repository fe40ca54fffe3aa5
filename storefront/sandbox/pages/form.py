"""What somebody typed on the payment page, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from storefront.sandbox.cards import CARDS, Card, read_card

#: The choice that pays by bank, later.
BANK = "bank"
#: The cards offered on the page, as the issue asks for them; the others can be typed.
OFFERED = (
    "4242424242424242",
    "4000000000000002",
    "4000002500003155",
)
#: What a chosen test card fills in.
EXPIRY, CVC = "12 / 34", "123"


@dataclass
class PaymentForm:
    """The typed text, kept as typed but for the CVC, and a sentence for each field that is wrong."""

    email: str = ""
    name: str = ""
    choice: str = ""
    number: str = ""
    expiry: str = ""
    twice_and_late: bool = False
    card: Card | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def by_bank(self) -> bool:
        """Whether the payment completes later."""
        return self.choice == BANK


def read_form(typed: Mapping[str, str], *, costs: bool, takes_bank: bool, now: int) -> PaymentForm:
    """The form as posted; nothing is asked about a card for what costs nothing or is paid by bank."""
    form = PaymentForm(
        email=typed.get("email", "").strip()[:512],
        name=typed.get("name", "").strip()[:256],
        choice=typed.get("choice", ""),
        number=typed.get("number", "").strip()[:64],
        expiry=typed.get("expiry", "").strip()[:16],
        twice_and_late="twice_and_late" in typed,
    )
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", form.email):
        form.errors["email"] = "Type your e-mail, such as name@example.com."
    if form.by_bank and not takes_bank:
        form.choice = ""
    if costs and not form.by_bank:
        cvc = _follow_choice(form, typed.get("shown", ""), typed.get("cvc", "")[:16])
        form.card, wrong = read_card(form.number, form.expiry, cvc, now=now)
        form.errors |= wrong
    return form


def _follow_choice(form: PaymentForm, shown: str, cvc: str) -> str:
    """Without script a chosen card can't fill the fields: a number left as it was shown follows the choice.

    Gives the CVC; a number that somebody typed wins over the choice.
    """
    if form.choice not in CARDS or _digits(form.number) not in ("", _digits(shown)):
        form.choice = _digits(form.number)
        return cvc
    form.number = form.choice
    form.expiry = form.expiry or EXPIRY
    return cvc or CVC


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
