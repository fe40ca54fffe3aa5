"""Addresses that leave the shop name its public address, whatever host a request came to."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from storefront.kit.urls import absolute_url
from tests.conftest import make_app


def shop_at(site: str, folder: Path) -> Flask:
    return make_app(folder, site_url=site, database_url=f"sqlite:///{folder}/empty.db")


@pytest.mark.parametrize("site", ["https://shop.example", "https://shop.example/", "http://127.0.0.1:8000"])
def test_an_address_made_outside_a_request(tmp_path: Path, site: str) -> None:
    with shop_at(site, tmp_path).app_context():
        url = absolute_url("catalog.listing", slug="field-notes")

    assert url == f"{site.rstrip('/')}/listings/field-notes"


def test_a_host_that_somebody_claims_changes_nothing(tmp_path: Path) -> None:
    shop = shop_at("https://shop.example", tmp_path)

    with shop.test_request_context(base_url="http://evil.example:81/"):
        assert absolute_url("catalog.creator", handle="alice") == "https://shop.example/@alice"


def test_values_the_path_does_not_know_go_into_the_query(tmp_path: Path) -> None:
    with shop_at("https://shop.example", tmp_path).app_context():
        url = absolute_url("checkout.cancel", listing="a & b")

    assert url == "https://shop.example/checkout/cancel?listing=a+%26+b"


def test_every_host_is_served(tmp_path: Path) -> None:
    """A load balancer asks by its own name for the machine's."""
    browser = shop_at("https://shop.example", tmp_path).test_client()

    assert browser.get("/healthz", base_url="http://10.0.0.7:8000").status_code == 200
