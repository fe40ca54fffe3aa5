"""Pages of payouts: how each workspace is paid, and the ways to Stripe and back. Owners only."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.accounts.plans import PRICING
from storefront.config import current as settings
from storefront.kit.db import step
from storefront.kit.htmx import redirect
from storefront.kit.money import Money
from storefront.payouts import connecting, payout_queries, queries, runs, sending, services, words
from storefront.payouts.forms import CountryForm, SettlementForm
from storefront.payouts.models import ConnectAccount
from storefront.payouts.queries import Standing, standing_for

blueprint = Blueprint("payouts", __name__)


@blueprint.get("/payouts")
@auth_required()
def index() -> Response:
    standings = queries.standings_for(current_user)
    if len(standings) == 1:
        return redirect(_url(standings[0].workspace.handle))
    return _kept_private(render_template("payouts/index.html", standings=standings))


@blueprint.get("/payouts/<handle>")
@auth_required()
def show(handle: str) -> Response:
    return _page(standing_for(current_user, handle), CountryForm())


@blueprint.post("/payouts/<handle>/account")
@auth_required()
def set_up(handle: str) -> Response:
    standing = standing_for(current_user, handle)
    form = CountryForm()
    is_made = standing.account is not None and standing.account.stripe_account is not None
    if not is_made and not form.validate():
        return _page(standing, form, 422)
    return redirect(connecting.set_up(handle, form.country.data or "", by=current_user))


@blueprint.get("/payouts/<handle>/return")
@auth_required()
def come_back(handle: str) -> Response:
    """Where Stripe leads when its pages are left, done or not."""
    standing = connecting.come_back(handle, by=current_user)
    if standing.account is not None and standing.account.state == "ready":
        flash("Payouts are set up.")
    return redirect(_url(handle))


@blueprint.get("/payouts/<handle>/refresh")
@auth_required()
def refresh(handle: str) -> Response:
    """Where Stripe leads who came by a link that is used up: to a new one."""
    account = standing_for(current_user, handle).account
    if account is None or account.stripe_account is None:
        return redirect(_url(handle))
    return redirect(connecting.onward(handle, account))


@blueprint.post("/payouts/<handle>/dashboard")
@auth_required()
def dashboard(handle: str) -> Response:
    return redirect(connecting.dashboard(_account(handle)))


@blueprint.post("/payouts/<handle>/restart")
@auth_required()
def start_over(handle: str) -> Response:
    services.start_over(_account(handle), by=current_user)
    flash("Choose your country again.")
    return redirect(_url(handle))


@blueprint.post("/payouts/<handle>/settlement")
@auth_required()
def choose(handle: str) -> Response:
    account = _account(handle)
    form = SettlementForm()
    if not form.validate():
        return _page(standing_for(current_user, handle), CountryForm(), 422)
    services.choose_settlement(account, form.settlement.data, by=current_user)
    flash("Saved. It is so for sales from now on.")
    return redirect(_url(handle))


@blueprint.post("/payouts/<handle>/withdrawals")
@auth_required()
def withdraw(handle: str) -> Response:
    """Have what is payable sent now."""
    workspace = standing_for(current_user, handle).workspace
    with step():
        payout = runs.withdraw(workspace, by=current_user)
    sending.try_to_send(payout)
    flash("Your money is on its way.")
    return redirect(_url(handle))


def _account(handle: str) -> ConnectAccount:
    """The account at Stripe of a workspace that the reader owns. Raises NotSetUp if it has none."""
    account = standing_for(current_user, handle).account
    if account is None or account.stripe_account is None:
        raise connecting.NotSetUp
    return account


def _page(standing: Standing, form: CountryForm, status: int = 200) -> Response:
    account = standing.account
    balances = queries.balances(standing.workspace)
    is_enough = any(each.payable >= settings().payout_minimum for each in balances)
    may_withdraw = is_enough and account is not None and account.can_be_paid
    page = render_template(
        "payouts/show.html",
        workspace=standing.workspace,
        account=account,
        before=standing.before,
        wanted=words.wanted(account) if account else [],
        country=words.country_name(account.country) if account else "",
        is_reached=account is None or account.country in settings().payout_country_codes,
        balances=balances,
        may_set_up=queries.may_set_up(standing.workspace),
        form=form,
        settlement=SettlementForm(settlement=queries.chosen(account))
        if account and settings().settlement_choice
        else None,
        refund_days=settings().refund_days,
        pricing=PRICING,
        payouts=payout_queries.latest_of(standing.workspace),
        bank_payouts=payout_queries.bank_payouts_of(standing.workspace),
        skipped=words.SKIPPED,
        minimum=Money(settings().payout_minimum, balances[0].currency if balances else "USD"),
        may_withdraw=may_withdraw,
    )
    return _kept_private(page, status)


def _kept_private(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _url(handle: str) -> str:
    return url_for("payouts.show", handle=handle)
