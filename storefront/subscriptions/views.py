"""Billing: subscribing, changing, ending, and what was paid. Each for the person who pays."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.config import current as settings
from storefront.kit.dates import day
from storefront.kit.errors import NotFound
from storefront.kit.htmx import page_or_fragment, redirect
from storefront.payments.gateway import PaymentRefused, PaymentsDown
from storefront.payments.webhooks import Parked
from storefront.subscriptions import asking, changing, crediting, queries, subscribing
from storefront.subscriptions.changing import PreviewTooOld
from storefront.subscriptions.forms import CancelForm, ChangeForm, ChooseForm, CreditForm
from storefront.subscriptions.products import price_of
from storefront.subscriptions.subscribing import AlreadySubscribed
from storefront.subscriptions.words import title_of

blueprint = Blueprint("subscriptions", __name__)


@blueprint.get("/billing")
@auth_required()
def index() -> Response:
    return _billing()


@blueprint.get("/subscriptions/new")
@auth_required()
def new() -> Response:
    """Where signing in or up leads back to: a page that posts, because a link must not buy."""
    price = price_of(settings(), request.args.get("product", ""), request.args.get("interval", ""))
    if price is None:
        raise NotFound
    live = queries.live(current_user, price.family)
    if live:
        return redirect(_change_url(live.public_id, price.product, price.interval))
    return _private(render_template("subscriptions/new.html", price=price, form=ChooseForm()))


@blueprint.post("/subscriptions")
@auth_required()
def create() -> Response:
    form = ChooseForm()
    if not form.validate():
        raise NotFound
    try:
        return redirect(subscribing.subscribe(current_user, form.product.data, form.interval.data).url)
    except AlreadySubscribed:
        flash("You subscribe to this already.")
        return redirect(url_for("subscriptions.index"))


@blueprint.get("/billing/success")
@auth_required()
def success() -> Response:
    """The page Stripe sends people back to. It asks Stripe itself, so it works before the webhook does."""
    checkout = asking.confirm(request.args.get("session_id", ""), current_user)
    if checkout.state == "done":
        flash(f"{title_of(checkout.product)} is yours.")
        return redirect(url_for("subscriptions.index"))
    if checkout.state == "expired":
        return redirect(url_for("pricing.index"))
    page = "subscriptions/confirming.html", "subscriptions/_confirming.html"
    response = page_or_fragment(*page, checkout=checkout, title=title_of(checkout.product))
    response.headers["Refresh"] = "10"  # the page moves on by itself where no script runs
    return response


@blueprint.get("/billing/return")
@auth_required()
def come_back() -> Response:
    """Where Stripe's portal leads when it is left: what was changed there is asked for at once."""
    try:
        for each in queries.latest(current_user):
            asking.look(each.stripe_id)
    except (PaymentsDown, PaymentRefused, Parked):
        flash("Stripe does not answer just now. What you changed there shows here in a while.", "error")
    return redirect(url_for("subscriptions.index"))


@blueprint.get("/billing/<public_id>/change")
@auth_required()
def change(public_id: str) -> Response:
    """What a change costs, before anybody presses; without a wish, to where one is made."""
    if "product" not in request.args:
        return redirect(url_for("pricing.index", interval=queries.mine(current_user, public_id).interval))
    return _change_page(public_id, request.args.get("product", ""), request.args.get("interval", ""))


@blueprint.post("/billing/<public_id>/change")
@auth_required()
def apply_change(public_id: str) -> Response:
    form = ChangeForm()
    if not form.validate():
        raise NotFound
    product, interval = form.product.data, form.interval.data
    at = datetime.fromtimestamp(form.at.data, UTC)
    try:
        changed = changing.change(current_user, public_id, product, interval, at=at, due=form.due.data)
    except PreviewTooOld:
        return _change_page(public_id, product, interval, status=409)
    if changed.next_product:
        flash(f"From {day(changed.period_end)} you have {title_of(changed.next_product)}.")
    else:
        flash(f"{title_of(changed.product)} is yours.")
    return redirect(url_for("subscriptions.index"))


@blueprint.get("/billing/<public_id>/cancel")
@auth_required()
def cancel(public_id: str) -> Response:
    subscription = queries.mine(current_user, public_id)
    return _private(render_template("subscriptions/cancel.html", subscription=subscription, form=CancelForm()))


@blueprint.post("/billing/<public_id>/cancel")
@auth_required()
def apply_cancel(public_id: str) -> Response:
    form = CancelForm()
    if not form.validate():
        subscription = queries.mine(current_user, public_id)
        page = render_template("subscriptions/cancel.html", subscription=subscription, form=form)
        return make_response(page, 422)
    ended = changing.cancel(current_user, public_id, reason=form.reason.data or "", comment=form.comment.data or "")
    flash(f"{title_of(ended.product)} ends on {day(ended.period_end)}.")
    return redirect(url_for("subscriptions.index"))


@blueprint.post("/billing/<public_id>/stay")
@auth_required()
def stay(public_id: str) -> Response:
    """Undo an end or a change that was to come."""
    subscription = changing.stay(current_user, public_id)
    flash(f"{title_of(subscription.product)} goes on.")
    return redirect(url_for("subscriptions.index"))


@blueprint.post("/billing/<public_id>/payment")
@auth_required()
def pay(public_id: str) -> Response:
    """Try the card again for what is owed."""
    subscription = changing.pay_now(current_user, public_id)
    flash(f"{title_of(subscription.product)} is paid.")
    return redirect(url_for("subscriptions.index"))


@blueprint.post("/billing/portal")
@auth_required()
def portal() -> Response:
    """Stripe's own pages: the card and the invoices."""
    return redirect(changing.portal(current_user, for_card="card" in request.form))


@blueprint.post("/billing/credits")
@auth_required()
def credit() -> Response:
    """Pay the plan with what one earned."""
    has = crediting.room(current_user)
    if has is None:
        raise crediting.NothingToCredit
    form = CreditForm(room=has.amount, currency=has.currency)
    if not form.validate():
        return _billing(credit_form=form, status=422)
    made = crediting.credit(current_user, form.amount.data or 0)
    if made.state == "refused":
        flash("Stripe did not take it. It is payable as before.", "error")
    else:
        flash(f"{made.money} of your earnings pays your next invoices.")
    return redirect(url_for("subscriptions.index"))


def _billing(credit_form: CreditForm | None = None, status: int = 200) -> Response:
    subscriptions = {each.family: each for each in queries.latest(current_user)}
    has = crediting.room(current_user)
    if credit_form is None and has is not None:
        credit_form = CreditForm(room=has.amount, currency=has.currency)
    page = render_template(
        "subscriptions/index.html",
        plan=subscriptions.get("plan"),
        all_access=subscriptions.get("pass"),
        owed={each.id: queries.open_invoice(each) for each in subscriptions.values() if each.status == "past_due"},
        invoices=queries.invoices_of(current_user, request.args.get("after")),
        room=has,
        credit_form=credit_form,
        grace=settings().grace,
        has_customer=queries.customer_of(current_user) is not None,
    )
    return _private(page, status)


def _change_page(public_id: str, product: str, interval: str, status: int = 200) -> Response:
    subscription, change = changing.change_to(current_user, public_id, product, interval)
    form = ChangeForm(
        formdata=None, product=product, interval=interval, at=int(change.at.timestamp()), due=change.due.amount
    )
    page = render_template(
        "subscriptions/change.html", subscription=subscription, change=change, form=form, is_stale=status == 409
    )
    return _private(page, status)


def _change_url(public_id: str, product: str, interval: str) -> str:
    return url_for("subscriptions.change", public_id=public_id, product=product, interval=interval)


def _private(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
