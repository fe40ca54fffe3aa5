"""Where somebody was going survives the door, and never leads off the site."""

from __future__ import annotations

import pytest

from storefront.kit.security import safe_next
from tests.accounts.acts import NewBrowser, join, sign_in
from tests.browser import Browser
from tests.cast import Cast
from tests.letterbox import last_letter

GET = "/listings/field-notes/get"
HOSTILE = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\n//evil.example",
    " //evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://shop.test@evil.example/",
    "https://[",
    "evil.example",
    "/\x00",
    "/x\r\nSet-Cookie: a=b",
]


def test_a_page_for_people_leads_back_after_signing_in(client: Browser, cast: Cast) -> None:
    door = client.get(f"{GET}?from=mail")
    assert door.status_code == 303
    assert door.location == "/login?next=/listings/field-notes/get?from%3Dmail"
    page = client.get(door.location)
    assert page.status_code == 200
    response = client.post(door.location, data={"email": cast.bob.email, "password": "storefront-demo"})
    assert response.location == f"{GET}?from=mail"


def test_a_wrong_password_loses_nothing(client: Browser, cast: Cast) -> None:
    page = sign_in(client, cast.bob.email, "wrong", next=GET)
    assert f'href="/register?next={GET}"' in page.text
    assert sign_in(client, cast.bob.email, next=GET).location == GET


def test_where_one_goes_may_also_be_a_field_of_the_form(client: Browser, cast: Cast) -> None:
    typed = {"email": cast.bob.email, "password": "storefront-demo", "next": GET}
    assert client.post("/login", data=typed).location == GET


def test_joining_leads_on_and_so_does_the_letter(client: Browser) -> None:
    assert join(client, next=GET).location == GET
    link = last_letter("dana@example.com").link
    assert link.endswith(f"?next={GET}")
    assert client.get(link).location == GET


def test_a_forgotten_password_does_not_lose_it_either(client: Browser, cast: Cast) -> None:
    sent = client.post(f"/reset?next={GET}", data={"email": cast.bob.email})
    assert sent.location == f"/reset/sent?next={GET}"
    link = last_letter(cast.bob.email).link
    assert client.post(link, data={"password": "another one entirely"}).location == f"/login?next={GET}"


@pytest.mark.parametrize("next", HOSTILE)
def test_a_hostile_destination_is_not_followed(new_browser: NewBrowser, cast: Cast, next: str) -> None:
    assert sign_in(new_browser(), cast.bob.email, next=next).location == "/library"
    joining = new_browser()
    assert join(joining, email="new@example.com", next=next).location == "/library"
    assert joining.get(last_letter("new@example.com").link).location == "/library"
    assert joining.get("/login", query_string={"next": next}).location == "/library"


@pytest.mark.parametrize("next", HOSTILE)
def test_a_hostile_destination_is_not_linked_to(client: Browser, next: str) -> None:
    for page in ("/login", "/register", "/reset", "/reset/sent", "/confirm"):
        text = client.get(page, query_string={"next": next}).text
        assert "evil.example" not in text
        assert "alert(1)" not in text


@pytest.mark.parametrize("path", ["/library", "/catalog?q=a%20b", "/@alice", "/listings/café", "/a/../b#c"])
def test_our_own_pages_are(path: str) -> None:
    assert safe_next(path, default="") == path


def test_htmx_is_sent_to_the_door_by_a_visit(client: Browser) -> None:
    headers = {"HX-Current-URL": "http://shop.test/listings/field-notes?v=2"}
    response = client.htmx("/change", headers=headers)
    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == "/login?next=/listings/field-notes?v%3D2"


def test_a_form_leads_back_to_the_page_it_stood_on(client: Browser) -> None:
    response = client.post("/change", headers={"Referer": "http://shop.test/listings/field-notes"})
    assert response.location == "/login?next=/listings/field-notes"


@pytest.mark.parametrize("referrer", ["https://evil.example/x", "http://[", ""])
def test_a_form_from_elsewhere_leads_to_the_door_alone(client: Browser, referrer: str) -> None:
    assert client.post("/change", headers={"Referer": referrer}).location == "/login"


def test_machines_get_a_401(client: Browser) -> None:
    response = client.get("/change", headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.content_type == "application/problem+json"
