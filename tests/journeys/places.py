"""Every page that is looked at: by axe and the scales in `test_every_page.py`, and by us in screenshots.

A new page goes into ``PLACES``, or its endpoint into ``NOT_LOOKED_AT`` with the reason; `tests/test_places.py` finds
what was forgotten. A part of an address in braces is known only once somebody did something: ``things_of`` does it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page

STRANGER, HOLDER, CREATOR, OPERATOR = "stranger", "holder", "creator", "operator"
MEMBER, REFUNDED, MAKER = "member", "refunded", "maker"  # of a pool


@dataclass(frozen=True)
class Place:
    """A page: the name of its picture, its address, and who looks at it."""

    name: str
    path: str
    who: str = STRANGER

    def address(self, things: dict[str, str]) -> str:
        return self.path.format(**things)


PLACES = (
    Place("landing", "/"),
    Place("catalog", "/catalog"),
    Place("catalog-filtered", "/catalog?kind=pack&not=research&sort=newest"),
    Place("catalog-tag", "/catalog?tag=research"),
    Place("catalog-search", "/catalog?q=prompt"),
    Place("catalog-nothing", "/catalog?q=zzzzzz"),
    Place("listing", "/listings/field-notes-prompts"),
    Place("listing-project", "/listings/quiet-novel-kit"),
    Place("creator", "/@alice"),
    Place("pricing", "/pricing"),
    Place("pricing-year", "/pricing?interval=year&plan=studio", HOLDER),
    Place("pricing-simulated", "/pricing?copies=80"),
    Place("pricing-simulated-wrong", "/pricing?copies=101"),
    Place("sign-in", "/login?next=/listings/field-notes-prompts/get"),
    Place("join", "/register"),
    Place("forgotten", "/reset"),
    Place("forgotten-sent", "/reset/sent"),
    Place("new-password", "{reset}"),
    Place("expired-link", "/reset/an-old-token"),
    Place("left-without-paying", "/checkout/cancel?listing=quiet-novel-kit"),
    Place("not-found", "/nowhere"),
    Place("mailbox", "/dev/mail"),
    Place("letter", "{letter}"),
    Place("pieces", "/dev/pieces"),
    Place("library", "/library", HOLDER),
    Place("purchases", "/library/purchases", HOLDER),
    Place("license", "/library/{license}", HOLDER),
    Place("yours", "/library/{license}/got", HOLDER),
    Place("license-paid", "/library/{bought}", HOLDER),
    Place("refund", "/library/{bought}/refund", HOLDER),
    Place("receipt", "/library/receipts/{receipt}", HOLDER),
    Place("listing-owned", "/listings/starter-prompts", HOLDER),
    Place("updates", "/library/{license}/updates", HOLDER),
    Place("saved", "/saved", HOLDER),
    Place("copies", "/copies", HOLDER),
    Place("copies-payments", "/copies/payments", HOLDER),
    Place("billing", "/billing", HOLDER),
    Place("subscribe", "/subscriptions/new?product=studio&interval=year", HOLDER),
    Place("studio", "/studio/{work}", HOLDER),
    Place("get", "/listings/quiet-novel-kit/get", HOLDER),
    Place("confirming", "/checkout/success?session_id={session}", HOLDER),
    Place("password", "/change", HOLDER),
    Place("settings", "/settings", HOLDER),
    Place("tokens", "/settings/tokens", HOLDER),
    Place("api", "/api/docs"),
    Place("works", "/studio", CREATOR),
    Place("work-new", "/studio/new", CREATOR),
    Place("import-work", "/studio/import", CREATOR),
    Place("edit-page", "/studio/{novel}/items/start-here", CREATOR),
    Place("edit-prompt", "/studio/{novel}/items/scene-underneath", CREATOR),
    Place("edit-flow", "/studio/{novel}/items/chapter-graph", CREATOR),
    Place("edit-character", "/studio/{novel}/items/wyn", CREATOR),
    Place("edit-relationship", "/studio/{novel}/items/wyn-marit", CREATOR),
    Place("edit-file", "/studio/{novel}/items/style-sheet", CREATOR),
    Place("edit-items", "/studio/{novel}/items/wyn?pane=items", CREATOR),
    Place("work-versions", "/studio/{novel}/versions", CREATOR),
    Place("work-version", "/studio/{novel}/versions/1", CREATOR),
    Place("work-compare", "/studio/{novel}/compare?before=2&after=3", CREATOR),
    Place("work-import", "/studio/{novel}/import", CREATOR),
    Place("work-export", "/studio/{novel}/export", CREATOR),
    Place("work-settings", "/studio/{novel}/settings", CREATOR),
    Place("report", "/listings/quiet-novel-kit/report", OPERATOR),
    Place("reports", "/admin/reports", OPERATOR),
    Place("reports-dismissed", "/admin/reports?state=dismissed", OPERATOR),
    Place("webhooks", "/admin/webhooks", OPERATOR),
    Place("webhooks-parked", "/admin/webhooks?state=parked", OPERATOR),
    Place("health", "/admin/health", OPERATOR),
    Place("jobs", "/admin/health/jobs", OPERATOR),
    Place("mended", "/admin/health/mendings", OPERATOR),
    Place("overdue", "/admin/orders", OPERATOR),
    Place("finance", "/admin/finance", OPERATOR),
    Place("refunds-all", "/admin/refunds", OPERATOR),
    Place("payouts-all", "/admin/payouts", OPERATOR),
    Place("pool", "/admin/pool", OPERATOR),
    Place("pool-flags", "/admin/pool/flags", OPERATOR),
    Place("disputes", "/admin/disputes", OPERATOR),
    Place("subscriptions", "/admin/subscriptions", OPERATOR),
    Place("dispute", "/admin/disputes/{dispute}", OPERATOR),
    Place("sale-any", "/admin/refunds/orders/{sale_any}", OPERATOR),
    Place("desk", "/dashboard", CREATOR),
    Place("earnings", "/earnings", CREATOR),
    Place("copies-earned", "/earnings/alice/copies", CREATOR),
    Place("earnings-sale", "/earnings/alice/sales/{sale}", CREATOR),
    Place("listings", "/dashboard/listings", CREATOR),
    Place("listing-new", "/dashboard/listings/new", CREATOR),
    Place("listing-work", "/dashboard/listings/1/edit?step=work", CREATOR),
    Place("listing-words", "/dashboard/listings/1/edit?step=words", CREATOR),
    Place("listing-price", "/dashboard/listings/2/edit?step=price", CREATOR),
    Place("listing-window", "/dashboard/listings/1/edit?step=window", CREATOR),
    Place("listing-check", "/dashboard/listings/1/edit?step=check", CREATOR),
    Place("listing-preview", "/dashboard/listings/1/preview", CREATOR),
    Place("refunds", "/dashboard/refunds", CREATOR),
    Place("sale", "/dashboard/sales/{sale}", CREATOR),
    Place("payouts", "/payouts", CREATOR),
    Place("payouts-begin", "/payouts/{team}", CREATOR),
    Place("workspaces", "/workspaces", CREATOR),
    Place("team-new", "/workspaces/new", CREATOR),
    Place("team", "/w/{team}", CREATOR),
    Place("team-members", "/w/{team}/members", CREATOR),
    Place("team-settings", "/w/{team}/settings", CREATOR),
    Place("invitation", "{invitation}", CREATOR),
)

# Looked at once more in a shop where everything went wrong: see `trouble.py`.
TROUBLED = tuple(
    Place(f"{name}-trouble", path, OPERATOR)
    for name, path in (
        ("health", "/admin/health"), ("jobs", "/admin/health/jobs"), ("overdue", "/admin/orders"),
        ("webhooks-parked", "/admin/webhooks?state=parked"), ("reports", "/admin/reports"),
    )
)  # fmt: skip

# Looked at in a shop whose members have copied for a while: see `pool.py`.
POOLED = (
    Place("copies-many", "/copies", MEMBER),
    Place("copy", "/copies/{copy}", MEMBER),
    Place("copy-flow", "/copies/{copied_flow}", MEMBER),
    Place("copies-payments-many", "/copies/payments", MEMBER),
    Place("copies-payment", "/copies/payments/{payment}", MEMBER),
    Place("listing-copied", "/listings/{offer}", MEMBER),
    Place("billing-pass", "/billing", MEMBER),
    Place("copies-payment-returned", "/copies/payments/{returned}", REFUNDED),
    Place("earnings-copies", "/earnings", MAKER),
    Place("copies-months", "/earnings/{handle}/copies", MAKER),
    Place("copies-month", "/earnings/{handle}/copies/{month}", MAKER),
    Place("pool-going", "/admin/pool", OPERATOR),
    Place("pool-month", "/admin/pool/{month}", OPERATOR),
    Place("pool-flags-waiting", "/admin/pool/flags", OPERATOR),
)

NOT_LOOKED_AT = {
    "api_library.follow_download": "a file",
    "api_library.list_licenses": "for machines",
    "api_library.list_purchases": "for machines",
    "api_listings.get_listing": "for machines",
    "api_listings.list_listings": "for machines",
    "api_market.get_marketplace_listing": "for machines",
    "api_market.list_marketplace": "for machines",
    "api_money.get_copy_earnings": "for machines",
    "api_money.get_revenue": "for machines",
    "api_prompts.get_prompts": "for machines",
    "api_subscriptions.get_subscriptions": "for machines",
    "reference.document": "for machines",
    "accounts.confirm_email": "leads on, from a letter",
    "accounts.send_confirmation": "leads on for whoever is confirmed; the banner on every page says the same",
    "catalog.cover": "a picture",
    "catalog.suggestions": "a part of the search, opened in test_find_a_work.py",
    "catalog.tag": "leads to the catalog",
    "dashboard.days_file": "a file",
    "dashboard.sales_file": "a file",
    "earnings.statement": "a file",
    "feeds.atom": "XML",
    "feeds.health": "for machines",
    "feeds.robots": "for machines",
    "feeds.sitemap": "XML",
    "feeds.sitemap_part": "XML",
    "library.download": "a file",
    "library.purchases_file": "a file",
    "notifications.letter_html": "a letter as mail programs show it",
    "payouts.come_back": "leads on, from Stripe",
    "payouts.refresh": "leads on, to Stripe",
    "copy_payments.file": "a file",
    "copy_simulator.show": "a part of the prices, opened in test_see_what_copies_pay.py",
    "copies.text": "a text and nothing else",
    "copy_earnings.file": "a file",
    "subscriptions.cancel": "looked at in test_subscribe.py, with a subscription",
    "subscriptions.change": "looked at in test_subscribe.py, with a subscription",
    "subscriptions.come_back": "leads on, from Stripe",
    "subscriptions.success": "leads on, from Stripe",
    "pool_admin.file": "a file",
    "saved.export": "a file",
    "saved.text": "a text and nothing else",
    "selling.art": "a picture",
    "selling.listings_file": "a file",
    "selling.shared": "the preview, as whoever has the link sees it; opened in test_sell_a_work.py",
    "selling.shared_cover": "a picture",
    "share.picture": "a picture",
    "teams.show_member": "a form for a second person of a team, who would have to come in first",
    "works.download_file": "a file",
    "works.download_version_file": "a file",
    "works.picture": "a picture",
    "catalog.picture": "a picture",
    "selling.picture": "a picture",
    "selling.shared_picture": "a picture",
    "works.export": "a file",
}


def places_of(who: str) -> list[Place]:
    return [place for place in PLACES if place.who == who]


def things_of(who: str, page: Page, site: str) -> dict[str, str]:
    """What the addresses of ``who``, who is signed in on ``page``, leave open."""
    deeds = {
        STRANGER: ask_for_a_new_password,
        HOLDER: hold_and_begin_to_buy,
        CREATOR: make_a_team_and_open_a_work,
        OPERATOR: report_a_work,
    }
    return deeds[who](page, site)


def ask_for_a_new_password(page: Page, site: str) -> dict[str, str]:
    page.goto(f"{site}/reset")
    page.get_by_label("E-mail").fill("mallory@example.com")
    page.locator("main").get_by_role("button").click()
    reset = link_of_a_letter(page, site, "mallory@", "/reset/")
    return {"letter": page.url.removeprefix(site), "reset": reset}


def report_a_work(page: Page, site: str) -> dict[str, str]:
    """One report, however often the same person sends it, so it takes nothing down."""
    page.goto(f"{site}/listings/starter-prompts/report")
    page.get_by_label("What is wrong").select_option("misleading")
    page.get_by_label("Details").fill("It says ten letters, and I count nine.")
    page.get_by_role("button", name="Send the report").click()
    page.get_by_text("Thank you.").wait_for()
    sale_any = first_refund(page, site, "/admin/refunds")
    page.goto(f"{site}/admin/disputes")
    page.locator("tbody").get_by_role("link").first.click()
    page.wait_for_url("**/admin/disputes/dsp_*")
    return {"sale_any": sale_any, "dispute": page.url.split("/")[-1]}


def make_a_team_and_open_a_work(page: Page, site: str) -> dict[str, str]:
    page.goto(f"{site}/studio")
    page.get_by_role("link", name="Quiet Novel Kit").click()
    page.wait_for_url("**/studio/wrk_*")
    novel = page.url.split("/studio/")[1].split("/")[0]
    return {"novel": novel, "sale": first_refund(page, site, "/dashboard/refunds"), **make_a_team(page, site)}


def first_refund(page: Page, site: str, path: str) -> str:
    """The sale that the newest refund is of."""
    page.goto(site + path)
    page.locator("tbody").get_by_role("link").first.click()
    page.get_by_role("heading", name="Refunds", exact=True).wait_for()
    return page.url.split("/")[-1]


def make_a_team(page: Page, site: str) -> dict[str, str]:
    """A team with an invitation on its way."""
    page.goto(f"{site}/workspaces/new")
    page.get_by_label("Name").fill("Field Room")
    page.get_by_role("button", name="Make the team").click()
    page.wait_for_url(re.compile(r"/w/[a-z0-9-]+"))
    team = page.url.split("/w/")[1].split("/")[0]
    page.goto(f"{site}/w/{team}/members")
    page.get_by_label("E-mail").fill("invited@example.com")
    page.locator("aside form").get_by_role("button").click()
    page.get_by_text("invited@example.com").first.wait_for()
    return {"team": team, "invitation": link_of_a_letter(page, site, "invited@", "/invitations/")}


def link_of_a_letter(page: Page, site: str, to: str, part: str) -> str:
    """Wait for the newest letter to somebody, open it, and find the link in it that has ``part`` in its address."""
    page.goto(f"{site}/dev/mail")
    page.get_by_role("row").filter(has_text=to).first.get_by_role("link").click()
    page.wait_for_url("**/dev/mail/**")
    link = page.locator(f"a[href*='{part}']").first.get_attribute("href") or ""
    return link.removeprefix(site)


def hold_and_begin_to_buy(page: Page, site: str) -> dict[str, str]:
    """Get a free work, and leave Stripe's page of a paid one open."""
    page.goto(f"{site}/listings/starter-prompts")
    page.get_by_role("button", name="Get for free").first.click()
    page.wait_for_url("**/got")
    license = page.url.split("/")[-2]
    page.get_by_role("link", name="Open in Studio").click()
    page.wait_for_url("**/studio/**")
    work = page.url.split("/studio/")[1].split("/")[0]
    page.goto(f"{site}/listings/quiet-novel-kit")
    page.get_by_role("button", name="Get for").first.click()
    page.wait_for_url(re.compile("cs_test_"))
    session = re.findall(r"cs_test_\w+", page.url)[0]
    return {"license": license, "work": work, "session": session, **buy_twice_and_give_one_back(page, site)}


def buy_twice_and_give_one_back(page: Page, site: str) -> dict[str, str]:
    """Pay for two works and ask for the money of the first: its receipt, and the license of the other."""
    licenses = [buy(page, site, slug) for slug in ("field-notes-prompts", "inbox-triage-flow")]
    buy(page, site, "second-reader", card="4000 0000 0000 0259")  # whose bank asks for it back
    page.goto(f"{site}/library/{licenses[0]}/refund")
    page.get_by_label("What was wrong").fill("I looked for prompts about interviews.")
    page.get_by_role("button", name="Ask for a refund").click()
    page.get_by_text("went back").first.wait_for()
    receipt = page.get_by_role("link", name="See the receipt").get_attribute("href") or ""
    return {"bought": licenses[1], "receipt": receipt.split("/")[-1]}


def buy(page: Page, site: str, slug: str, *, card: str = "4242 4242 4242 4242") -> str:
    page.goto(f"{site}/listings/{slug}")
    page.get_by_role("button", name="Get for").first.click()
    page.get_by_label("Card number").fill(card)
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.get_by_role("button", name="Pay").click()
    page.get_by_text("It is yours").first.wait_for()
    page.get_by_role("link", name="License and receipt").click()
    page.wait_for_url("**/library/lic_*")
    return page.url.split("/")[-1]
