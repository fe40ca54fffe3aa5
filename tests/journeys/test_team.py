"""A team comes together: it is made, a letter brings somebody in who had no account, and they are let go again."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.journeys.conftest import Walker
from tests.journeys.test_account import open_letter

Walk = Callable[..., Walker]


def make_team(walker: Walker, name: str) -> None:
    page = walker.page
    walker.go("/")
    page.get_by_label(re.compile("^Account")).first.click()
    page.get_by_role("link", name="Workspaces").first.click()
    page.get_by_role("link", name="Make a team").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make the team").click()
    expect(page.get_by_role("heading", name="Members", exact=True)).to_be_visible()


def invite(walker: Walker, email: str) -> None:
    walker.page.get_by_label("E-mail").fill(email)
    walker.page.get_by_role("radio", name="Viewer").check()
    walker.page.get_by_role("button", name="Send the invitation").click()
    expect(walker.page.get_by_text(f"A letter is on its way to {email}.")).to_be_visible()


def test_somebody_without_an_account_comes_in_by_a_letter_and_is_let_go(walk: Walk, script: bool) -> None:
    suffix = "quick" if script else "plain"
    guest_email = f"guest-{suffix}@example.com"
    owner, guest = walk(script=script), walk(script=script)
    owner.sign_in(owner.street.person())
    make_team(owner, f"House {suffix}")
    invite(owner, guest_email)

    reader = walk()  # the mailbox looks for new letters by script
    open_letter(reader, guest_email, "invites you")
    link = reader.page.get_by_role("link", name=re.compile("invitations.")).first.get_attribute("href")
    assert link is not None
    guest.go(link.removeprefix(guest.street.url))
    guest.page.get_by_role("link", name="Make an account").click()
    expect(guest.page.get_by_label("E-mail")).to_have_value(guest_email)
    guest.page.get_by_label("Name").fill("Gwen Guest")
    guest.page.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.page.get_by_role("button", name="Make an account").click()
    guest.page.get_by_role("button", name=f"Join House {suffix}").click()
    expect(guest.page.get_by_text(f"You are in House {suffix}.")).to_be_visible()
    expect(guest.page.get_by_role("heading", name="Invite somebody")).to_have_count(0)

    owner.go(f"/w/house-{suffix}/members")
    owner.page.get_by_role("link", name="Change Gwen Guest").click()
    owner.page.get_by_role("radio", name="Editor").check()
    owner.page.get_by_role("button", name="Save the role").click()
    expect(owner.page.get_by_text("Gwen Guest is editor now.")).to_be_visible()
    owner.page.get_by_role("link", name="Change Gwen Guest").click()
    owner.page.get_by_role("button", name="Remove", exact=True).first.click()
    dialog = owner.page.get_by_role("dialog", name="Remove Gwen Guest")
    expect(dialog.get_by_text("Only an invitation brings them back.")).to_be_visible()
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(owner.page.get_by_text(re.compile("Gwen Guest is out of"))).to_be_visible()

    guest.go(f"/w/house-{suffix}")
    expect(guest.page.get_by_role("heading", name="An empty hook.")).to_be_visible()
