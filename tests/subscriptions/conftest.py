"""Stripe sells what the shop sells."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.stripe import Stripe
from tests.subscriptions.acts import sell


@pytest.fixture
def on_sale(app: Flask, stripe: Stripe) -> None:
    sell(stripe)
