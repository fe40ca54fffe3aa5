"""What programs do for people: find, get, clone, download, sell, report, and be told what went wrong."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.kit.db import db
from storefront.moderation.models import Report
from tests.api.programs import Program
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import hold
from tests.stripe import Stripe
from tests.worlds import make_offer, make_pack, make_team

WINDOW = {
    "title": "Harbor Notes", "tagline": "For harbors.", "description": "Prompts.", "tags": ["Sea", "harbor"],
    "bullets": ["Quick."], "pricing": "paid", "price": 1250, "terms": "commercial", "models": ["Claude"],
}  # fmt: skip


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_page_of_the_catalog_is_found_by_its_links(app: Flask, cast: Cast) -> None:
    for number in range(50):
        make_offer(cast.alice, f"Notes {number}", price=100 + number)
    make_offer(cast.alice, "For nothing", price=0)
    program, here, found = Program(app), "/api/marketplace?price=paid&sort=price_asc", []

    while here:
        answer = program.ask("GET", here)
        page = answer.get_json()
        found += [each["price"] for each in page["items"]]
        link = re.fullmatch(r'<(.+)>; rel="next"', answer.headers.get("Link", ""))
        assert bool(link) == (page["next"] is not None)
        here = path_of(link[1]) if link else ""

    assert found == [100 + number for number in range(50)]


def test_a_listing_is_read_by_its_id_or_slug_and_a_draft_by_nobody(app: Flask, cast: Cast) -> None:
    listing = make_offer(cast.alice, "Field Notes")
    program = Program(app)

    by_slug = program.ask("GET", "/api/marketplace/field-notes").get_json()

    assert program.ask("GET", f"/api/marketplace/{listing.id}").get_json() == by_slug
    assert (by_slug["price"], by_slug["currency"], by_slug["creator_handle"]) == (1200, "USD", "alice")
    assert [each["title"] for each in by_slug["contents"]] == ["Read me", "Opening"]
    assert "Write the first line" not in str(by_slug)  # what is inside comes with a license
    assert program.ask("GET", "/api/marketplace/999999").status_code == 404
    assert program.ask("GET", "/api/marketplace/" + "9" * 40).status_code == 404


@pytest.mark.parametrize("query", ["sort=upwards", "price=cheap", "kind=pack,poem", "after=made-up", "model=hal"])
def test_what_is_asked_wrongly_is_said(app: Flask, query: str) -> None:
    answer = Program(app).ask("GET", f"/api/marketplace?{query}")

    assert answer.status_code == (400 if "after" in query else 422)
    assert answer.content_type == "application/problem+json"
    if "after" not in query:
        assert query.partition("=")[0] in answer.get_json()["errors"]


def test_bob_gets_what_is_free_clones_and_downloads_it(app: Flask, client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, "Field Notes", price=0)
    program = Program(app, cast.bob, "library:read", "library:write")
    wanted = {"listing": "field-notes", "price": 0, "currency": "USD"}

    got = program.ask("POST", "/api/checkout", wanted)
    again = program.ask("POST", "/api/checkout", wanted)

    assert (got.status_code, again.status_code) == (200, 409)
    assert again.get_json()["title"] == "It is yours already."
    license = got.get_json()["license"]
    (held,) = program.ask("GET", "/api/me/licenses").get_json()["items"]
    assert (held["id"], held["title"], held["status"], held["is_usable"]) == (license, "Field Notes", "free", True)
    clone = program.ask("POST", f"/api/licenses/{license}/clones", {})
    assert clone.status_code == 201
    assert client.as_person(cast.bob).get(path_of(clone.get_json()["url"])).status_code == 200

    link = program.ask("POST", f"/api/packs/{license}/download")
    there = path_of(link.get_json()["url"])
    content = zipfile.ZipFile(io.BytesIO(program.ask("GET", there).data))
    assert any("manifest" in name for name in content.namelist())
    assert Program(app, cast.mallory, "*").ask("GET", there).status_code == 404
    assert Program(app).ask("GET", there).status_code == 401
    assert client.as_person(cast.bob).get(there).status_code == 200


def test_the_link_lives_an_hour(app: Flask, cast: Cast, move_clock: Callable[[timedelta], None]) -> None:
    license = hold(cast.bob, make_offer(cast.alice, price=0))
    program = Program(app, cast.bob, "*")
    there = path_of(program.ask("POST", f"/api/packs/{license.public_id}/download").get_json()["url"])

    move_clock(timedelta(hours=1, seconds=1))

    assert program.ask("GET", there).status_code == 403


def test_asking_twice_to_pay_is_one_order_and_one_page(app: Flask, cast: Cast, stripe: Stripe) -> None:
    listing = make_offer(cast.alice, "Field Notes")
    program = Program(app, cast.bob, "library:write")
    wanted = {"listing": str(listing.id), "price": 1200, "currency": "USD"}

    pages = [program.ask("POST", "/api/checkout", wanted).get_json() for _each in range(2)]

    assert pages[0] == pages[1]
    assert (pages[0]["license"], pages[0]["url"].startswith("http")) == (None, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 1
    refused = program.ask("POST", "/api/checkout", {**wanted, "price": 1100})
    assert (refused.status_code, refused.get_json()["title"]) == (409, "The price has changed.")
    assert program.ask("POST", "/api/checkout", {**wanted, "currency": "USDX"}).status_code == 422


def test_what_was_bought_is_listed(app: Flask, cast: Cast) -> None:
    hold(cast.bob, make_offer(cast.alice, "Field Notes"))

    (bought,) = Program(app, cast.bob, "library:read").ask("GET", "/api/purchases").get_json()["items"]

    assert (bought["title"], bought["amount"], bought["currency"], bought["state"]) == (
        "Field Notes", 1200, "USD", "completed",
    )  # fmt: skip
    assert Program(app, cast.mallory, "*").ask("GET", "/api/purchases").get_json() == {"items": [], "next": None}


def test_alice_sells_without_a_browser(app: Flask, cast: Cast) -> None:
    work = make_pack(cast.alice, "Harbor Notes")
    program = Program(app, cast.alice, "listings:read", "listings:write")

    begun = program.ask("POST", "/api/listings", {"work": work.public_id})
    here = path_of(begun.headers["Location"])
    assert (begun.status_code, begun.get_json()["state"]) == (201, "draft")
    early = program.ask("POST", f"{here}/publication")
    assert early.status_code == 422
    assert {"tagline", "description", "tags"} <= early.get_json()["errors"].keys()

    changed = program.ask("PUT", here, WINDOW, If_Match=begun.headers["ETag"])
    assert changed.status_code == 200
    window = changed.get_json()["window"]
    assert {name: window[name] for name in WINDOW} == {**WINDOW, "tags": window["tags"]}
    assert changed.get_json()["findings"] == []
    assert program.ask("PUT", here, WINDOW, If_Match=begun.headers["ETag"]).status_code == 412

    assert program.ask("POST", f"{here}/publication").get_json()["state"] == "published"
    offered = Program(app).ask("GET", "/api/marketplace?tag=harbor").get_json()["items"]
    assert [each["price"] for each in offered] == [1250]
    assert program.ask("DELETE", here).status_code == 409
    assert program.ask("DELETE", f"{here}/publication").status_code == 204
    assert program.ask("DELETE", here).status_code == 204
    assert program.ask("GET", "/api/listings").get_json()["items"] == []


def test_the_editors_rules_hold_for_programs(app: Flask, cast: Cast) -> None:
    listing = make_offer(cast.alice, "Field Notes")
    program = Program(app, cast.alice, "*")
    wrong: dict[str, Any] = {"price": 20, "tags": ["!!!"], "title": "Two\nlines", "bullets": ["x" * 121]}

    answers = [program.ask("PUT", f"/api/listings/{listing.id}", {**WINDOW, name: wrong[name]}) for name in wrong]

    assert [answer.status_code for answer in answers] == [422] * len(wrong)
    assert [next(iter(answer.get_json()["errors"])) for answer in answers] == list(wrong)
    unknown = program.ask("PUT", f"/api/listings/{listing.id}", {**WINDOW, "prize": 1})
    assert unknown.get_json()["errors"] == {"prize": ["Unknown field."]}
    assert db.session.get_one(Listing, listing.id, populate_existing=True).price == 1200


def test_a_viewer_looks_and_a_stranger_does_not(app: Flask, cast: Cast) -> None:
    team = make_team(cast.alice, viewer=cast.bob)
    listing = make_offer(cast.alice, "Ours", into=team)
    here = f"/api/listings/{listing.id}"
    viewer, stranger = Program(app, cast.bob, "*"), Program(app, cast.mallory, "*")

    assert viewer.ask("GET", here).status_code == 200
    assert viewer.ask("DELETE", f"{here}/publication").status_code == 403
    assert stranger.ask("GET", here).status_code == 404


def test_a_report_is_the_forms_report(app: Flask, cast: Cast) -> None:
    make_offer(cast.alice, "Field Notes")
    program = Program(app, cast.bob, "reports:write")

    filed = program.ask("POST", "/api/reports", {"listing": "field-notes", "reason": "spam", "details": "Again."})
    vague = program.ask("POST", "/api/reports", {"listing": "field-notes", "reason": "other"})
    sworn = program.ask("POST", "/api/reports", {"listing": "field-notes", "reason": "copyright"})

    assert filed.status_code == 201
    assert db.session.scalars(sa.select(Report.public_id)).one() == filed.get_json()["id"]
    assert vague.get_json()["errors"] == {"details": ["Say what is wrong."]}
    assert {"claimed_work", "good_faith", "under_penalty"} <= sworn.get_json()["errors"].keys()
    own = Program(app, cast.alice, "*").ask("POST", "/api/reports", {"listing": "field-notes", "reason": "spam"})
    assert own.status_code == 409


def test_payouts_are_set_up_at_stripe(app: Flask, cast: Cast, stripe: Stripe) -> None:
    program = Program(app, cast.alice, "earnings:write")

    assert program.ask("POST", "/v1/creators/me/connect", {"country": "XX"}).status_code == 422
    answer = program.ask("POST", "/v1/creators/me/connect", {"country": "US"})

    assert answer.get_json()["url"].startswith("http")
    poor = Program(app, cast.bob, "*").ask("POST", "/v1/creators/me/connect", {"country": "US"})
    assert poor.status_code == 403


@pytest.mark.parametrize("body", [b"{", b"[]", b"3", b'{"listing": "\\ud800", "price": 0, "currency": "USD"}', b""])
def test_a_body_that_is_not_right_is_a_problem_and_no_fault(app: Flask, cast: Cast, body: bytes) -> None:
    program = Program(app, cast.bob, "*")
    headers = {"Authorization": f"Bearer {program.secret}", "Content-Type": "application/json"}

    answer = program.client.post("/api/checkout", data=body, headers=headers)

    assert answer.status_code in (400, 422)
    assert answer.content_type == "application/problem+json"


def test_a_method_that_is_not_there_says_which_are(app: Flask) -> None:
    answer = Program(app).ask("PUT", "/api/marketplace", {})

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
