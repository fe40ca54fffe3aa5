"""What Stripe wants of a creator, in plain sentences."""

from __future__ import annotations

from babel import Locale

from storefront.payouts.models import ConnectAccount

#: By how Stripe's name begins, the longest first where one begins another: https://docs.stripe.com/connect/required-verification-information
SENTENCES = (
    ("external_account", "The bank account that your payouts go to."),
    ("tos_acceptance", "Your yes to Stripe's terms."),
    ("individual.verification.additional_document", "A document that shows your address, such as a bank statement."),
    ("individual.verification", "A photo of your passport, identity card or driving license."),
    ("individual.dob", "Your date of birth."),
    ("individual.first_name", "Your name, as it is on your papers."),
    ("individual.last_name", "Your name, as it is on your papers."),
    ("individual.address", "Your address."),
    ("individual.email", "Your e-mail address."),
    ("individual.phone", "Your phone number."),
    ("individual.id_number", "Your tax or identity number."),
    ("individual.ssn_last_4", "The last four figures of your Social Security number."),
    ("individual.nationality", "Your nationality."),
    ("business_profile.url", "A website, or a sentence about what you sell."),
    ("business_profile", "What you sell."),
    ("business_type", "Whether you sell as yourself or as a company."),
    ("company.verification", "A document that shows that the company exists."),
    ("company.tax_id", "The company's tax number."),
    ("company", "The company's name and address."),
    ("owners", "Who owns the company."),
    ("directors", "Who directs the company."),
    ("executives", "Who runs the company."),
    ("representative", "Who acts for the company."),
    ("person_", "Details about somebody in the company."),
    ("settings", "A setting of your Stripe account."),
)

#: Why a run left money where it is.
SKIPPED = {
    "below_minimum": "less than the minimum",
    "no_account": "payouts are not set up",
    "restricted": "the account at Stripe does not take money now",
}


def wanted(account: ConnectAccount) -> list[tuple[str, str]]:
    """What Stripe still wants, each once, with Stripe's own sentence about it if it gave one."""
    reasons = account.wanted.get("reasons", {})
    found: dict[str, str] = {}
    for name in account.wanted_names:
        sentence = _sentence(name)
        found[sentence] = found.get(sentence) or reasons.get(name, "")
    return list(found.items())


def country_name(code: str) -> str:
    """\"Germany\" for \"DE\"."""
    return str(Locale("en").territories.get(code, code))


def _sentence(name: str) -> str:
    for begins, sentence in SENTENCES:
        if name.startswith(begins):
            return sentence
    return f"Something that Stripe calls {name.replace('_', ' ').replace('.', ', ')}."
