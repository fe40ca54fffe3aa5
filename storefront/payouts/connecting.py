"""**Set up payouts**, step by step: what is committed, and what is asked of Stripe between the commits.

Two clicks, two tabs or two workers meet in one row, whose id and attempt are Stripe's idempotency key. If the answer
was lost, asking again gives the same account; after Stripe forgot the key it is looked up by our own id.
"""

from __future__ import annotations

from storefront.accounts.models import Person
from storefront.accounts.queries import owner_of, workspace_for
from storefront.kit import clock
from storefront.kit.db import db, outside, step
from storefront.kit.errors import Conflict, Unavailable
from storefront.kit.urls import absolute_url
from storefront.payments.gateway import PaymentRefused, PaymentsBroken, PaymentsDown, accounts
from storefront.payouts import services
from storefront.payouts.models import ConnectAccount
from storefront.payouts.queries import Standing, live_account, standing_for


class StripeAway(Unavailable):
    title = "Stripe is not answering."
    message = "Your payout settings are as they were. Try again in a minute."


class StripeRefused(Conflict):
    title = "Stripe did not take this."
    message = "Your payout settings are as they were. If it keeps happening, tell the shop."


class NotSetUp(Conflict):
    title = "Payouts are not set up."
    message = "There is no account at Stripe yet. Set up payouts first."


class Disconnected(Conflict):
    title = "Stripe is no longer connected."
    message = "The account was disconnected at Stripe. Set up payouts again to be paid."


def set_up(handle: str, country: str, *, by: Person) -> str:
    """Where at Stripe the owner of a workspace goes on to set up payouts; makes its account if there is none.

    Raises NotFound, OwnersOnly, PlanNeeded, CountryNotPaid, StripeAway, StripeRefused or Disconnected.
    """
    with step():
        workspace = workspace_for(by, handle, to="own")
        account = live_account(workspace.id)
        if account is None or account.stripe_account is None:
            services.refuse_unless_may_set_up(workspace, country, by=by)
            account = services.open_account(workspace, country, by=by)
    if account.stripe_account is None:
        account = make(account)
    return onward(handle, account)


def make(account: ConnectAccount) -> ConnectAccount:
    """Have Stripe make an account that is written down, once, whatever happened before. Raises StripeAway or
    StripeRefused."""
    as_of = clock.now()
    try:
        told = _find(account) if services.may_exist(account) else None
        told = told or _create(account)
    except PaymentsBroken as error:  # Stripe would say so again to the same key, and may have made it
        _try_differently(account)
        raise StripeAway from error
    except PaymentsDown as error:
        return _somebody_elses(account, error)
    except PaymentRefused as error:
        _try_differently(account)
        raise _said(error) from error
    with step():
        return services.attach(account.id, told, as_of=as_of)


def onward(handle: str, account: ConnectAccount) -> str:
    """A fresh link to Stripe's onboarding. Raises StripeAway, StripeRefused or Disconnected."""
    assert account.stripe_account is not None
    pages = {
        "return_url": absolute_url("payouts.come_back", handle=handle),
        "refresh_url": absolute_url("payouts.refresh", handle=handle),
    }
    return _link(account, lambda stripe_account: accounts.onboarding_link(stripe_account, **pages))


def dashboard(account: ConnectAccount) -> str:
    """A fresh link to Stripe's Express dashboard. Raises StripeAway, StripeRefused or Disconnected."""
    return _link(account, accounts.dashboard_link)


def come_back(handle: str, *, by: Person) -> Standing:
    """How the account stands after its owner was at Stripe; coming back does not mean done. Raises StripeAway."""
    standing = standing_for(by, handle)
    if standing.account is not None and standing.account.stripe_account is not None:
        try:
            look(standing.account)
        except PaymentsDown as error:
            raise StripeAway from error
        except PaymentRefused as error:
            raise StripeRefused from error
    return standing_for(by, handle)


def look(account: ConnectAccount) -> ConnectAccount:
    """Ask Stripe how an account stands, and note it. Raises PaymentsDown or PaymentRefused."""
    assert account.stripe_account is not None
    as_of = clock.now()
    try:
        with outside():
            told = accounts.retrieve_account(account.stripe_account)
    except accounts.AccountGone:
        with step():
            return services.disconnect(account.id)
    with step():
        return services.take_over(account.id, told, as_of=as_of)


def _find(account: ConnectAccount) -> accounts.Account | None:
    with outside():
        found = accounts.find_account(account.public_id, since=account.opened_at - services.KEYS_LIVE)
    if found is None and account.asked_at < clock.now() - services.KEYS_LIVE:
        with step():
            services.next_attempt(services.lock_account(account.id))
    return found


def _create(account: ConnectAccount) -> accounts.Account:
    """Ask with the key of the row's attempt as it is now."""
    account = db.session.get_one(ConnectAccount, account.id, populate_existing=True)
    owner = owner_of(account.workspace_id)
    with outside():
        return accounts.create_account(
            country=account.country,
            email=owner.email,
            reference=account.public_id,
            workspace_id=account.workspace_id,
            key=f"account-{account.public_id}-{account.attempt}",
        )


def _try_differently(account: ConnectAccount) -> None:
    """The next try has another key, once: somebody else may have failed with this one at the same moment."""
    with step():
        now = services.lock_account(account.id)
        if now.attempt == account.attempt and now.stripe_account is None:
            services.next_attempt(now)


def _somebody_elses(account: ConnectAccount, error: PaymentsDown) -> ConnectAccount:
    """The account that another click got meanwhile; its call may be why Stripe would not take ours."""
    now = db.session.get_one(ConnectAccount, account.id, populate_existing=True)
    if now.stripe_account is None:
        raise StripeAway from error
    return now


def _link(account: ConnectAccount, make_link: accounts.MakeLink) -> str:
    assert account.stripe_account is not None
    try:
        with outside():
            return make_link(account.stripe_account)
    except accounts.AccountGone:
        with step():
            services.disconnect(account.id)
        raise Disconnected from None
    except PaymentsDown as error:
        raise StripeAway from error
    except PaymentRefused as error:
        raise StripeRefused from error


def _said(error: PaymentRefused) -> Exception:
    if error.code == "country_unsupported":
        return services.CountryNotPaid("that country")
    return StripeRefused()
