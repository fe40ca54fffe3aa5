"""One of everything that an address can name, and the people who may and may not see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Person, Workspace
from storefront.api.models import ApiToken
from storefront.catalog.models import Listing
from storefront.catalog.pictures import Hung, hang
from storefront.catalog.services import make_listing
from storefront.checkout.models import Order
from storefront.checkout.services import open_order
from storefront.copies.models import Copy, PoolFlag, PoolMonth
from storefront.copies.queries import copy_for
from storefront.copies.services import copy_listing
from storefront.disputes.models import Dispute
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.library.models import Update
from storefront.licenses.models import License
from storefront.media.services import Stored, keep, store
from storefront.moderation.models import Report
from storefront.payments import webhooks
from storefront.refunds.models import Refund
from storefront.saved.models import SavedPrompt
from storefront.saved.services import save_prompt
from storefront.selling.models import DraftPicture
from storefront.subscriptions.models import Subscription
from storefront.teams.models import Invitation
from storefront.teams.services import invite
from storefront.works.models import Item, Undo, Work
from storefront.works.services import add_item, delete_item, make_work, publish_version
from tests.api.programs import make_token
from tests.cast import Cast
from tests.checkout.stripe_words import event_body
from tests.copies.worlds import pay, subscribe
from tests.library.holding import hold
from tests.library.updating import answer_all, work_of
from tests.media.kept import picture
from tests.moderation.acts import complain
from tests.worlds import ITEMS, make_offer, make_team

FILE = {"name": "ledger.csv", "content_type": "text/csv"}
VIEW = {
    "key": "view", "parent_key": "read-me", "position": 8, "kind": "block", "title": "",
    "content": {"type": "image", "text": "A boat.", "file": "boat"},
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """Alice's team with an editor and a viewer, what is in it, what bob holds, and what only carol may see.

    Mallory is in no team and holds nothing.
    """

    alice: Person
    editor: Person
    viewer: Person
    bob: Person
    carol: Person
    mallory: Person
    team: Workspace
    work: Work
    undo: Undo
    listing: Listing
    draft: Listing
    license: License
    invitation: Invitation
    event_id: int
    update: Update
    saved: SavedPrompt
    order: Order
    sale: Order
    refund: Refund
    failed: Refund
    dispute: Dispute
    report: Report
    token: ApiToken
    copy: Copy
    flag_id: int
    plan: Subscription
    picture: str
    hung: str

    def with_role(self, role: str) -> Person:
        return {"owner": self.alice, "editor": self.editor, "viewer": self.viewer}[role]


def make_world() -> World:
    cast = Cast()
    editor, viewer = cast.person("Erin"), cast.person("Victor")
    team = make_team(cast.alice, "press", editor=editor, viewer=viewer)
    stored = store(b"chapter,words\nOne,1200\n", FILE["content_type"])
    shown = store(picture(640, 400), "image/png")
    with step():
        work = make_work(team, "pack", "Ours", [*ITEMS, _file(stored), _file(shown, "boat"), VIEW])
        publish_version(work, "First release.", by=cast.alice)
        draft = make_listing(work, slug="ours", title="Ours", currency="USD", tags=["research"])
        undo = delete_item(work, add_item(work, "page", "Gone", by=cast.alice), by=cast.alice)
        invitation = invite(team, "guest@example.com", "viewer", by=cast.alice)
    listing = make_offer(cast.alice, "Field Notes", price=0, into=team)
    in_gallery = store(picture(320, 200), "image/png")
    with step():
        keep(in_gallery)
        hang(listing, None, [Hung(in_gallery.sha256)])
        db.session.add(DraftPicture(listing_id=draft.id, place=1, sha256=in_gallery.sha256))
    priced = make_offer(cast.alice, "Ferry Lines", into=team)
    with step():
        order, _stale = open_order(priced, cast.bob)
    license = hold(cast.bob, listing)
    sale, refund, failed = sell(cast.bob, make_offer(cast.alice, "Night Letters", into=team))
    return World(
        cast.alice, editor, viewer, cast.bob, cast.carol, cast.mallory, team, work, undo, listing, draft,
        license, invitation, webhooks.keep(event_body("payout.paid", {})), answer_all(license, cast.bob, take=False),
        save_opening(license), order, sale, refund, failed, contest(sale),
        complain(cast.bob, listing), make_token(cast.bob, "*")[0], copy_some(cast, team), flag_some(team),
        subscribe(cast.bob, clock.now(), family="plan", product="pro", amount=900),
        shown.sha256, in_gallery.sha256,
    )  # fmt: skip


def sell(buyer: Person, listing: Listing) -> tuple[Order, Refund, Refund]:
    """A sale whose refund waits for a decision, and one of it that failed before."""
    license = hold(buyer, listing)
    with step():
        sale = db.session.scalars(sa.select(Order).where(Order.license_id == license.id)).one()
        waiting, failed = (
            Refund(
                public_id=f"rfd_{state}", order_id=sale.id, workspace_id=sale.workspace_id, origin="buyer",
                state=state, amount=1200, fee=180, share=1020, tax=0, currency="USD", reason="",
                asked_by_id=buyer.id, asked_at=sale.paid_at,
            )
            for state in ("waiting", "failed")
        )  # fmt: skip
        db.session.add_all([failed, waiting])
    return sale, waiting, failed


def contest(sale: Order) -> Dispute:
    with step():
        dispute = Dispute(
            public_id="dsp_open", stripe_id="du_open", order_id=sale.id, workspace_id=sale.workspace_id,
            state="needs_response", reason="fraudulent", amount=1200, fee=180, share=1020, tax=0, currency="USD",
            evidence={}, opened_at=sale.paid_at, checked_at=sale.paid_at,
        )  # fmt: skip
        db.session.add(dispute)
    return dispute


def save_opening(license: License) -> SavedPrompt:
    work = work_of(license)
    with step():
        return save_prompt(work, db.session.get_one(Item, (work.id, "opening")), by=license.person)


def copy_some(cast: Cast, team: Workspace) -> Copy:
    """What bob copied with All-Access, which mallory has too."""
    listing = make_offer(cast.alice, "Tide Tables", all_access=True, into=team)
    subscribe(cast.mallory, clock.now())
    pay(subscribe(cast.bob, clock.now()), clock.now())
    with step():
        copy = copy_listing(listing, by=cast.bob)
    return copy_for(cast.bob, copy.public_id)


def flag_some(team: Workspace) -> int:
    """A flag, and a month of the pool that is closed."""
    with step():
        db.session.add(PoolMonth(month="2026-10", closed_at=clock.now()))
        flag = PoolFlag(
            month="2026-10", kind="burst", key="press", workspace_id=team.id, day="2026-10-21", people=9, copies=30,
            amount=210, currency="USD", found_at=clock.now(),
        )  # fmt: skip
        db.session.add(flag)
    return flag.id


def _file(stored: Stored, key: str = "ledger") -> dict[str, Any]:
    media = keep(stored)
    content = {**FILE, "content_type": media.content_type, "size": media.size, "sha256": media.sha256}
    return {
        "key": key, "parent_key": None, "position": 9, "kind": "file", "title": key.title(), "content": content,
    }  # fmt: skip
