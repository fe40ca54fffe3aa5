"""Countries of connected accounts: where Stripe takes them, their currency, and which the platform can pay.

Source: https://docs.stripe.com/connect/express-accounts, https://docs.stripe.com/connect/account-capabilities,
https://docs.stripe.com/connect/separate-charges-and-transfers (regions of a United States platform)
"""

from __future__ import annotations

#: The European Economic Area, as far as Stripe takes accounts there.
_EEA = {
    "AT": "eur", "BE": "eur", "BG": "eur", "CY": "eur", "CZ": "czk", "DE": "eur", "DK": "dkk", "EE": "eur", "ES": "eur",
    "FI": "eur", "FR": "eur", "GR": "eur", "HR": "eur", "HU": "huf", "IE": "eur", "IT": "eur", "LI": "chf", "LT": "eur",
    "LU": "eur", "LV": "eur", "MT": "eur", "NL": "eur", "NO": "nok", "PL": "pln", "PT": "eur", "RO": "ron", "SE": "sek",
    "SI": "eur", "SK": "eur",
}  # fmt: skip
#: Where the platform, in the United States, can transfer to accounts under the full service agreement.
REACHED = _EEA | {"CA": "cad", "CH": "chf", "GB": "gbp", "US": "usd"}
#: Where an account can be opened; the rest of these onboard, and every transfer to them fails.
SUPPORTED = REACHED | {
    "AE": "aed", "AU": "aud", "BR": "brl", "HK": "hkd", "IN": "inr", "JP": "jpy", "MX": "mxn", "MY": "myr", "NZ": "nzd",
    "SG": "sgd", "TH": "thb",
}  # fmt: skip
HOME = "US"
