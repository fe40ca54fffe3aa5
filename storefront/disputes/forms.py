"""What an operator writes to a bank."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from storefront.accounts.forms import stripped
from storefront.disputes.evidence import NAMES

LONGEST = 20_000  # Stripe takes no more. Source: https://docs.stripe.com/api/disputes/evidence_object


def text(label: str, description: str) -> TextAreaField:
    enough = Length(max=LONGEST, message=f"Make it {LONGEST:,} characters or fewer.")
    return TextAreaField(label, description=description, filters=[stripped], validators=[enough])


class EvidenceForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    product_description = text("What was bought", "What it is, and that it is digital.")
    access_activity_log = text("What the buyer did with it", "Drawn up from what the shop recorded.")
    refund_policy_disclosure = text("What was said about refunds", "And where the buyer saw it.")
    uncategorized_text = text("Anything else", "The terms of the license are here already.")

    @property
    def evidence(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in NAMES}
