"""A work as one ``.pmtpk`` file: a zip of items and files with a digest over it all, or that under a pass phrase.

``docs/pmtpk.md`` describes the format. Only ``carrying`` knows the database.
"""

from storefront.works.container.layout import Carried, CarriedFile, CarriedItem, Refused, TooLargeToCarry
from storefront.works.container.pack import pack
from storefront.works.container.seal import Sealed, is_sealed, sealed, unsealed
from storefront.works.container.unpack import Opened, opened

__all__ = [
    "Carried",
    "CarriedFile",
    "CarriedItem",
    "Opened",
    "Refused",
    "Sealed",
    "TooLargeToCarry",
    "is_sealed",
    "opened",
    "pack",
    "sealed",
    "unsealed",
]
