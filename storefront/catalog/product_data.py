"""A listing as machines read it: schema.org's Product, for the page's JSON-LD.

Source: https://developers.google.com/search/docs/appearance/structured-data/product-snippet
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from storefront.catalog.cards import cover_url
from storefront.catalog.models import Listing
from storefront.kit.urls import absolute_url


def product_data(listing: Listing) -> dict[str, Any]:
    """The JSON-LD object of a listing whose workspace and its owner are loaded."""
    address = absolute_url("catalog.listing", slug=listing.slug)
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": listing.title,
        "description": listing.tagline,
        "sku": listing.slug,
        "url": address,
        "image": [cover_address(listing)] if listing.cover else [],
        "keywords": ", ".join(listing.tags),
        "brand": {"@type": "Brand", "name": listing.workspace.name},
        "offers": {
            "@type": "Offer",
            "url": address,
            "price": decimal_price(listing),
            "priceCurrency": listing.currency,
            "availability": f"https://schema.org/{'InStock' if listing.is_for_sale else 'OutOfStock'}",
        },
    }


def cover_address(listing: Listing, width: int = 1280) -> str:
    """The public address of the cover, ``width`` px wide."""
    return absolute_url("catalog.landing").rstrip("/") + cover_url(listing, width)


def decimal_price(listing: Listing) -> str:
    """The price in major units with the currency's digits, ``12.00``, as schema.org wants it."""
    digits = get_currency_precision(listing.currency)
    return f"{Decimal(listing.price).scaleb(-digits):.{digits}f}"
