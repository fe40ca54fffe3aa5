"""Who may come to every address that names something: one line for each endpoint with a part like ``<public_id>``.

``test_isolation.py`` walks through the shop's own URL map and fails for an endpoint without a line here. Add one to
``ROUTES`` with the door that fits:

- ``of_workspace(to, values, data)``: strangers 404; where ``to`` is ``edit`` a viewer 403, where ``own`` an editor too
- ``of_holder(values)``: bob's alone, also not its creator's
- ``of_subscriber(data)``: the same of bob's plan, about which Stripe is asked
- ``of_operators(values)``: carol's alone; for everybody else there is nothing
- ``of_everybody(values, hidden)``: public; ``hidden`` names what it must not show
- ``of_the_signed_in(values, hidden)``: anybody's who says who they are; ``hidden`` names what it must not show
- ``by_link(values)``: what stands in the address is the key, so a wrong one opens nothing

``values`` gives the parts of the address from the world in ``world.py``; parts that a rule does not have are left out.
``data`` is what a form posts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from storefront.accounts.queries import To
from storefront.kit.db import db, step
from storefront.library.downloads import sign_link
from storefront.licenses.models import License
from storefront.subscriptions.models import SubscriptionInvoice
from tests.isolation.world import World

Values = Callable[[World], dict[str, Any]]
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Door:
    """How an address is to be reached, by whom, and by whom not."""

    kind: Literal["workspace", "holder", "operators", "everybody", "signed_in", "link"]
    values: Values
    to: To = "see"
    data: Data = field(default_factory=dict)
    hidden: Values | None = None
    asks: bool = False


def of_workspace(to: To, values: Values, data: Data | None = None) -> Door:
    return Door("workspace", values, to, data or {})


def of_holder(values: Values, data: Data | None = None) -> Door:
    return Door("holder", values, data=data or {})


def of_subscriber(data: Data | None = None) -> Door:
    """Bob's plan. Stripe is asked about it once somebody is let in, and knows nothing of it in these tests."""
    return Door("holder", lambda world: {"public_id": world.plan.public_id}, data=data or {}, asks=True)


def of_operators(values: Values, data: Data | None = None) -> Door:
    return Door("operators", values, data=data or {})


def of_everybody(values: Values, data: Data | None = None, *, hidden: Values | None = None) -> Door:
    return Door("everybody", values, data=data or {}, hidden=hidden)


def of_the_signed_in(values: Values, *, hidden: Values) -> Door:
    return Door("signed_in", values, hidden=hidden)


def by_link(**values: Any) -> Door:
    return Door("link", lambda _world: values)


def work(**more: Any) -> Values:
    return lambda world: {"public_id": world.work.public_id, "key": "opening", **more}


def team(**more: Any) -> Values:
    return lambda world: {"handle": world.team.handle, "member": "victor", **more}


def invitation(world: World) -> dict[str, Any]:
    return {"handle": world.team.handle, "public_id": world.invitation.public_id}


def undo(world: World) -> dict[str, Any]:
    return {"public_id": world.work.public_id, "undo_id": world.undo.public_id}


def listing(world: World) -> dict[str, Any]:
    return {"slug": world.listing.slug}


def draft(world: World) -> dict[str, Any]:
    return {"slug": world.draft.slug}


def edited(**more: Any) -> Values:
    return lambda world: {"listing_id": world.draft.id, "step": "words", "number": 1, **more}


def license(world: World) -> dict[str, Any]:
    return {"public_id": world.license.public_id}


def contested(world: World) -> dict[str, Any]:
    return {"public_id": world.dispute.public_id}


def bought(world: World) -> dict[str, Any]:
    """The license that a sale granted; its refund waits, so asking for it again asks nobody."""
    return {"public_id": db.session.get_one(License, world.sale.license_id).public_id}


def earning(world: World) -> dict[str, Any]:
    return {"handle": world.team.handle, "earning_id": world.sale.public_id}


def download(world: World) -> dict[str, Any]:
    with step():
        return {"link": sign_link(world.license, by=world.bob)}


def month_of_copy(world: World) -> dict[str, Any]:
    return {"handle": world.team.handle, "month": world.copy.month}


def payment(world: World) -> dict[str, Any]:
    return {"stripe_id": db.session.get_one(SubscriptionInvoice, world.copy.invoice_id).stripe_id}


def event(world: World) -> dict[str, Any]:
    return {"event_id": world.event_id}


FREE = {"price": 0, "currency": "USD"}

ROUTES: dict[str, Door] = {
    # accounts
    "accounts.confirm_email": by_link(token="made-up"),
    "accounts.reset_password": by_link(token="made-up"),
    "accounts.set_password": by_link(token="made-up"),
    # notifications: the demo's mailbox, which is anybody's while it is on
    "notifications.letter": by_link(name="made-up.eml"),
    "notifications.letter_html": by_link(name="made-up.eml"),
    # teams
    "teams.members": of_workspace("see", team()),
    "teams.settings": of_workspace("own", team()),
    "teams.delete": of_workspace("own", team()),
    "teams.change": of_workspace("own", team(), {"name": "Press", "handle": "press"}),
    "teams.invite": of_workspace("own", team(), {"email": "new@example.com", "role": "editor"}),
    "teams.send_again": of_workspace("own", invitation),
    "teams.revoke": of_workspace("own", invitation),
    "teams.show_member": of_workspace("own", team()),
    "teams.change_role": of_workspace("own", team(), {"role": "editor"}),
    "teams.remove": of_workspace("own", team()),
    "teams.hand_over": of_workspace("own", team()),
    "teams.leave": of_workspace("see", team()),  # whoever is in may go
    "teams.show_invitation": by_link(token="made-up"),
    "teams.accept": by_link(token="made-up"),
    # works
    "shelf.index": of_workspace("see", team()),
    "works.show": of_workspace("see", work()),
    "works.download_file": of_workspace("see", work(key="ledger")),
    "works.picture": of_workspace("see", lambda world: {**work()(world), "sha256": world.picture, "width": 640}),
    "works.upload_file": of_workspace("edit", work(key="ledger")),
    "works.upload_picture": of_workspace("edit", work(key="view")),
    "works.versions": of_workspace("see", work()),
    "works.version": of_workspace("see", work(number=1)),
    "works.download_version_file": of_workspace("see", work(number=1, key="ledger")),
    "works.compare": of_workspace("see", work()),
    "works.export": of_workspace("see", work()),
    "works.take_out": of_workspace("see", work()),
    "works.send_out": of_workspace("see", work()),
    "works.settings": of_workspace("edit", work()),
    "works.rename": of_workspace("edit", work(), {"title": "Ours, still"}),
    "works.delete": of_workspace("own", work()),
    "works.save": of_workspace("edit", work(), {"title": "Opening", "text": "Write."}),
    "works.add": of_workspace("edit", work(), {"kind": "page"}),
    "works.move": of_workspace("edit", work(), {"way": "up"}),
    "works.duplicate": of_workspace("edit", work()),
    "works.delete_item": of_workspace("edit", work()),
    "works.undo": of_workspace("edit", undo),
    "works.publish": of_workspace("edit", work(), {"changelog": "More."}),
    "works.restore": of_workspace("edit", work(number=1)),
    "works.import_items": of_workspace("edit", work()),
    "works.take_in": of_workspace("edit", work(), {"text": "# More"}),
    # catalog
    "catalog.listing": of_everybody(listing, hidden=draft),
    "catalog.creator": of_everybody(team(), hidden=lambda _world: {"handle": "nobody"}),
    "catalog.tag": of_everybody(lambda _world: {"tag": "research"}),
    "catalog.cover": of_everybody(lambda world: {"sha256": world.listing.cover, "width": 640}),
    "catalog.picture": of_everybody(
        lambda world: {"sha256": world.hung, "width": 640}, hidden=lambda world: {"sha256": world.picture, "width": 640}
    ),
    "feeds.sitemap_part": of_everybody(lambda _world: {"part": 1}),
    "share.picture": of_everybody(
        lambda world: {"of": "listings", "name": world.listing.slug, "digest": "old"},
        hidden=lambda world: {"of": "listings", "name": world.draft.slug, "digest": "old"},
    ),
    # payments
    "webhooks.index": of_operators(event),
    "webhooks.create_replay": of_operators(event),
    "orders.create_check": of_operators(lambda world: {"public_id": world.order.public_id}),
    # ledger
    "earnings.sale": of_workspace("see", earning),
    "earnings.statement": of_workspace("see", team(month="2026-11", format="json")),
    # operations
    "health.create_try": of_operators(lambda _world: {"job_id": 1}),  # the invitation's letter
    # checkout
    "checkout.confirm_get": of_everybody(listing, hidden=draft),
    "checkout.create_order": of_everybody(listing, FREE, hidden=draft),
    "checkout.got": of_holder(license),
    # payouts
    "payouts.show": of_workspace("own", team()),
    "payouts.set_up": of_workspace("own", team(), {"country": "US"}),
    "payouts.come_back": of_workspace("own", team()),
    "payouts.refresh": of_workspace("own", team()),
    "payouts.dashboard": of_workspace("own", team()),
    "payouts.start_over": of_workspace("own", team()),
    "payouts.withdraw": of_workspace("own", team()),
    "payouts.choose": of_workspace("own", team(), {"settlement": "held"}),
    # subscriptions
    "subscriptions.change": of_subscriber(),
    "subscriptions.apply_change": of_subscriber({"product": "studio", "interval": "month", "at": "0", "due": "1"}),
    "subscriptions.cancel": of_subscriber(),
    "subscriptions.apply_cancel": of_subscriber(),
    "subscriptions.stay": of_subscriber(),
    "subscriptions.pay": of_subscriber(),
    "subscriptions_admin.look": Door("operators", lambda world: {"public_id": world.plan.public_id}, asks=True),
    # library
    "library.show": of_holder(license),
    "library.create_clone": of_holder(license),
    "library.create_download": of_holder(license),
    "library.receipt": of_holder(lambda world: {"public_id": world.sale.public_id}),
    "library.download": by_link(token="made-up"),
    "updates.index": of_holder(license),
    "updates.create": of_holder(license, {"version": "1", "all": "keep"}),
    "updates.undo": of_holder(lambda world: {**license(world), "update_id": world.update.public_id}),
    # refunds
    "refunds.new": of_holder(bought),
    "refunds.create": of_holder(bought),
    "refunds_desk.sale": of_workspace("see", lambda world: {"public_id": world.sale.public_id}),
    "refunds_desk.create": of_workspace("own", lambda world: {"public_id": world.sale.public_id}, {"reason": "Sorry."}),
    "refunds_desk.decide": of_workspace(
        "own", lambda world: {"public_id": world.refund.public_id}, {"verdict": "decline", "answer": "No."}
    ),
    "refunds_admin.sale": of_operators(lambda world: {"public_id": world.sale.public_id}),
    "refunds_admin.create": of_operators(
        lambda world: {"public_id": world.sale.public_id}, {"amount": "12.00", "reason": "Sorry."}
    ),
    "refunds_admin.decide": of_operators(
        lambda world: {"public_id": world.refund.public_id}, {"verdict": "decline", "answer": "No."}
    ),
    "refunds_admin.resolve": of_operators(lambda world: {"public_id": world.failed.public_id}, {"note": "Done."}),
    # disputes
    "disputes.show": of_operators(contested),
    "disputes.create_answer": of_operators(contested, {"deed": "keep"}),
    # moderation
    "moderation.new": of_everybody(listing, hidden=draft),
    "moderation.create": of_everybody(listing, {"reason": "spam"}, hidden=draft),
    "reports.index": of_operators(lambda world: {"public_id": world.report.public_id}),
    "reports.create_decision": of_operators(
        lambda world: {"public_id": world.report.public_id}, {"verdict": "dismiss", "reason": "Nothing is wrong."}
    ),
    # saved
    "saved.text": of_holder(lambda world: {"public_id": world.saved.public_id}),
    "saved.remove": of_holder(lambda world: {"public_id": world.saved.public_id}),
    "saved.restore": of_holder(lambda world: {"public_id": world.saved.public_id}),
    # copies
    "copies.create": of_everybody(lambda world: {"slug": world.copy.listing.slug}, hidden=draft),
    "copy_payments.show": of_holder(payment),
    "copy_payments.file": of_holder(payment),
    "copy_earnings.index": of_workspace("see", team()),
    "copy_earnings.show": of_workspace("see", month_of_copy),
    "copy_earnings.file": of_workspace("see", month_of_copy),
    "pool_admin.show": of_operators(lambda _world: {"month": "2026-10"}),
    "pool_admin.file": of_operators(lambda _world: {"month": "2026-10"}),
    "pool_admin.close": of_operators(lambda _world: {"month": "2026-10"}),
    "pool_admin.look_at": of_operators(lambda world: {"flag_id": world.flag_id}),
    "copies.show": of_holder(lambda world: {"public_id": world.copy.public_id}),
    "copies.text": of_holder(lambda world: {"public_id": world.copy.public_id, "key": "opening"}),
    "copies.save": of_holder(lambda world: {"public_id": world.copy.public_id}, {"key": "opening"}),
    "copies.unsave": of_holder(lambda world: {"public_id": world.copy.public_id}, {"key": "opening"}),
    # selling
    "selling.edit": of_workspace("see", edited()),
    "selling.art": of_workspace("see", edited()),
    "selling.preview": of_workspace("see", edited()),
    "selling.save": of_workspace("edit", edited(), {"title": "Field Notes"}),
    "selling.picture": of_workspace("see", lambda world: {**edited()(world), "sha256": world.hung, "width": 640}),
    "selling.upload_cover": of_workspace("edit", edited()),
    "selling.remove_cover": of_workspace("edit", edited()),
    "selling.upload_picture": of_workspace("edit", edited()),
    "selling.change_picture": of_workspace("edit", lambda world: {**edited()(world), "sha256": world.hung}),
    "selling.remove_picture": of_workspace("edit", lambda world: {**edited()(world), "sha256": world.hung}),
    "selling.shared_picture": by_link(token="made-up", sha256="0" * 64, width=640),
    "selling.publish": of_workspace("edit", edited()),
    "selling.unpublish": of_workspace("edit", edited()),
    "selling.retire": of_workspace("edit", edited()),
    "selling.delete": of_workspace("edit", edited()),
    "selling.discard": of_workspace("edit", edited()),
    "selling.share": of_workspace("edit", edited()),
    "selling.revoke_link": of_workspace("edit", edited()),
    "selling.shared": by_link(token="made-up"),
    "selling.shared_cover": by_link(token="made-up"),
    # api
    "tokens.revoke": of_holder(lambda world: {"public_id": world.token.public_id}),
    "api_market.get_marketplace_listing": of_everybody(
        lambda world: {"listing": world.listing.slug}, hidden=lambda world: {"listing": str(world.draft.id)}
    ),
    "api_listings.get_listing": of_workspace("see", edited()),
    "api_listings.put_listing": of_workspace("edit", edited(), {"title": "Field Notes"}),
    "api_listings.delete_listing": of_workspace("edit", edited()),
    "api_listings.publish_listing": of_workspace("edit", edited()),
    "api_listings.unpublish_listing": of_workspace("edit", edited()),
    "api_library.clone_license": of_holder(lambda world: {"license_id": world.license.public_id}),
    "api_library.make_download": of_holder(lambda world: {"license_id": world.license.public_id}),
    "api_library.follow_download": of_holder(download),
    "api_library.copy_with_all_access": of_the_signed_in(
        lambda world: {"listing": world.copy.listing.slug}, hidden=lambda world: {"listing": str(world.draft.id)}
    ),
}
