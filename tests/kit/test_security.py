"""Headers, forged requests, redirects, and what is sent to strangers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from limits.storage import RedisStorage, storage_from_string
from werkzeug.routing import Rule

from storefront.config import Settings
from storefront.kit.security import content_security_policy, csrf, safe_next
from tests.browser import Browser
from tests.cast import PASSWORD, Cast
from tests.worlds import make_offer

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
SIGNED = {"payments.receive", "payments.receive_alias", "payments.receive_connect"}
VALUES = {"slug": "field-notes", "handle": "alice", "tag": "research", "sha256": "0" * 64, "width": 640, "part": 1}

# Pages with a form that a stranger posts: they hold a token, so they set the cookie that it belongs to.
FORMS = {"/login", "/register", "/confirm", "/reset", "/dev/pieces"}


def addresses(app: Flask, methods: tuple[str, ...]) -> Iterator[tuple[str, str, Rule]]:
    """Every method and address of the shop among ``methods``, with the rule it comes from."""
    with app.test_request_context():
        adapter = app.create_url_adapter(None)
        assert adapter is not None
        for rule in app.url_map.iter_rules():
            values = {name: VALUES.get(name, 1) for name in rule.arguments}
            for method in set(methods) & (rule.methods or set()):
                yield method, adapter.build(rule.endpoint, values, method=method), rule


@pytest.mark.parametrize("who", ["alice", "stranger"])
def test_no_request_may_be_forged(app: Flask, cast: Cast, client: Browser, who: str) -> None:
    """Another site can make a browser post with its cookies, but it can't read the token from our pages."""
    client.as_person(cast.alice if who == "alice" else None)
    tried = [
        (rule.endpoint, client.open(address, method=method, forged=True))
        for method, address, rule in addresses(app, UNSAFE)
    ]

    # The API asks a stranger for a token of its own, which no other site's page has.
    asked = {endpoint for endpoint, answer in tried if who == "stranger" and answer.status_code == 401}
    assert asked == {endpoint for endpoint, _answer in tried if who == "stranger" and endpoint.startswith("api_")}
    assert {endpoint for endpoint, answer in tried if answer.status_code != 400} == asked
    unforged = {endpoint for endpoint, answer in tried if "The page was open too long" not in answer.text}
    assert unforged == SIGNED | asked
    assert len(tried) > len(SIGNED) + 5


def test_webhooks_ask_for_a_signature_instead(app: Flask, client: Browser) -> None:
    unsafe = [(address, rule) for _method, address, rule in addresses(app, UNSAFE) if rule.endpoint in SIGNED]

    assert {rule.endpoint for _address, rule in unsafe} == SIGNED
    for address, _rule in unsafe:
        answer = client.post(address, data=b"{}", headers={"Stripe-Signature": "t=1,v1=00"}, forged=True)
        assert (answer.status_code, answer.get_json()) == (400, {"error": "The signature does not fit."})


def test_nothing_else_is_exempt_from_the_token(app: Flask) -> None:
    assert csrf._exempt_views == set()
    looked_at_by_the_guard = {name for name in app.blueprints if name.startswith("api_")}
    assert {blueprint.name for blueprint in csrf._exempt_blueprints} == {"payments"} | looked_at_by_the_guard


def test_a_token_of_somebody_else_is_refused(client: Browser, cast: Cast) -> None:
    client.as_person(cast.bob)

    assert client.post("/logout", headers={"X-CSRFToken": "made-up"}).status_code == 400
    assert client.post("/logout").status_code == 303


def test_only_a_form_gives_a_stranger_a_cookie(app: Flask, cast: Cast) -> None:
    make_offer(cast.alice)
    answers = {address: app.test_client().get(address) for _method, address, _rule in addresses(app, ("GET",))}
    given = {address for address, answer in answers.items() if "Set-Cookie" in answer.headers}

    assert given == FORMS
    assert {answers[path].status_code for path in ("/", "/catalog", "/listings/field-notes", "/@alice")} == {200}
    assert {address for address, answer in answers.items() if answer.status_code >= 500} == set()


PUBLIC = ("/", "/catalog", "/catalog?q=field&sort=newest", "/listings/field-notes", "/@alice", "/catalog.atom",
          "/sitemap.xml", "/robots.txt", "/catalog/suggestions?q=fi")  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_may_be_shared_and_holds_no_token(client: Browser, cast: Cast, path: str) -> None:
    make_offer(cast.alice)
    page = client.get(path)

    assert page.status_code == 200
    assert page.cache_control.public
    assert "csrf" not in page.text.lower()
    again = client.get(path, headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/catalog", "/listings/field-notes", "/@alice"])
def test_a_page_for_somebody_is_theirs_alone(client: Browser, cast: Cast, path: str) -> None:
    make_offer(cast.alice)
    page = client.as_person(cast.bob).get(path)

    assert page.status_code == 200
    assert page.cache_control.private
    assert "Cookie" in page.vary
    assert "ETag" not in page.headers


@pytest.mark.parametrize("path", ["/", "/login", "/library", "/no/such/page", "/healthz", "/robots.txt"])
def test_every_answer_carries_the_headers(client: Browser, path: str) -> None:
    headers = client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_only_a_secure_request_is_told_to_stay_secure(client: Browser) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    secure = client.get("/healthz", base_url="https://shop.test").headers

    assert secure["Strict-Transport-Security"].startswith("max-age=31536000")


def test_the_policy_allows_nothing_inline_and_nobody_elses() -> None:
    policy = content_security_policy(Settings())
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    assert "unsafe" not in policy
    assert rules["default-src"] == "'self'"
    assert "script-src" not in rules
    assert "style-src" not in rules
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == "'none'"
    assert rules["form-action"] == "'self' https://checkout.stripe.com https://connect.stripe.com"


def test_a_form_may_lead_to_the_sandbox_where_that_is_used() -> None:
    settings = replace(Settings(), stripe_api_base="http://127.0.0.1:12111")

    assert "form-action 'self' http://127.0.0.1:12111" in content_security_policy(settings)


def test_limits_may_be_counted_for_several_processes() -> None:
    """The library that speaks to Redis is there; the server is first asked when something is counted."""
    assert isinstance(storage_from_string("redis://127.0.0.1:1/0"), RedisStorage)


HOSTILE = [
    None, "", " ", "https://evil.example", "http://shop.test/", "//evil.example", "///evil.example", "/\\evil.example",
    "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example", "\r\n/x", "/x\r\nSet-Cookie: a=b",
    "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "evil.example", "./library", "?next=x", "#x",
    " /library", "/ library", "\x00/library", "/library\x00", "http:///evil.example", "http:evil.example", "//[",
    "/\x7f", "@evil.example", "mailto:x@evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", HOSTILE)
def test_a_redirect_never_leaves_the_site(target: str | None) -> None:
    assert safe_next(target, default="/home") == "/home"


@pytest.mark.parametrize(
    "target", ["/", "/library", "/catalog?q=a%20b&tag=x", "/listings/x/get#terms", "/@alice", "/a//b", "/x?u=https://y"]
)
def test_a_path_of_ours_is_kept(target: str) -> None:
    assert safe_next(target, default="/home") == target


PIECES = st.sampled_from(
    ["/", "\\", "//", ":", "@", "evil.example", "http", "https:", "\t", "\n", "x", "?", "#", "[", "]"]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=6).map("".join)))
def test_whatever_is_asked_for_is_a_path_or_the_default(target: str) -> None:
    found = safe_next(target, default="/home")

    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert not any(character in found for character in itertools.chain("\\", map(chr, range(33))))


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_signing_in_never_leads_off_the_site(client: Browser, cast: Cast, target: str) -> None:
    form = {"email": cast.bob.email, "password": PASSWORD, "next": target}
    answer = client.post("/login", data=form)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/library")
