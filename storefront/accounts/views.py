"""Signing in and out, joining, confirming an e-mail, and passwords."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response, flash, make_response, render_template, request, session, url_for
from flask_login import current_user
from flask_security import auth_required, login_user, logout_user
from flask_security.confirmable import confirm_email_token_status
from flask_security.recoverable import reset_password_token_status
from flask_wtf import FlaskForm
from wtforms import Field

from storefront.accounts import letters, services
from storefront.accounts.destinations import (
    destination,
    destination_email,
    destination_words,
    here,
    wanted,
    work_on_the_wall,
)
from storefront.accounts.forms import ChangeForm, JoinForm, LetterForm, ResetForm, SettingsForm, SignInForm
from storefront.accounts.models import Person
from storefront.accounts.passwords import WrongPassword, recognize
from storefront.accounts.tries import PasswordTries, Paused, spend_join, spend_letter
from storefront.kit.db import step
from storefront.kit.errors import Forbidden, Refusal
from storefront.kit.htmx import redirect

blueprint = Blueprint("accounts", __name__)


class DeadLink(Refusal):
    status = 410
    title = "This link no longer works."
    message = "It was used already, is too old, or lost a letter on its way."


class NotYourLink(Forbidden):
    title = "This link is for another account."
    message = "Sign out first, then open it again."


@blueprint.after_request
def keep_nothing(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def for_strangers(view: Callable[..., Response]) -> Callable[..., Response]:
    """Who is signed in already goes straight on."""

    @wraps(view)
    def pass_on() -> Response:
        return redirect(destination()) if current_user.is_authenticated else view()

    return pass_on


@blueprint.get("/login")
@for_strangers
def login() -> Response:
    return _page("login", SignInForm(email=destination_email()))


@blueprint.post("/login")
@for_strangers
def sign_in() -> Response:
    form = SignInForm()
    if not form.validate():
        return _page("login", form, 422)
    try:
        person = recognize(form.email.data, form.password.data, address=_address())
    except (WrongPassword, Paused) as refusal:
        return _refused("login", form, form.password, refusal)
    _enter(person)
    return redirect(destination())


@blueprint.post("/logout")
def logout() -> Response:
    logout_user()
    session.clear()
    return redirect("/")


@blueprint.get("/register")
@for_strangers
def register() -> Response:
    return _page("register", JoinForm(email=destination_email()))


@blueprint.post("/register")
@for_strangers
def join() -> Response:
    form = JoinForm()
    if not form.validate():
        return _page("register", form, 422)
    try:
        spend_join(_address())
        person = services.join(form.email.data, form.password.data, name=form.name.data)
    except (services.EmailTaken, Paused) as refusal:
        return _refused("register", form, form.email, refusal)
    letters.ask_for_confirmation(person.email, wanted())
    _enter(person)
    return redirect(destination())


@blueprint.get("/confirm")
def send_confirmation() -> Response:
    return _page("confirm", LetterForm(email=_own_email()))


@blueprint.post("/confirm")
def ask_for_confirmation() -> Response:
    form = LetterForm()
    if not form.validate():
        return _page("confirm", form, 422)
    try:
        spend_letter(form.email.data, _address())
    except Paused as refusal:
        return _refused("confirm", form, form.email, refusal)
    letters.ask_for_confirmation(form.email.data, wanted())
    return redirect(url_for("accounts.letter_sent", next=wanted() or None))


@blueprint.get("/confirm/<token>")
def confirm_email(token: str) -> Response:
    """Reached from a letter, so by GET; it only ever confirms, and signs nobody in."""
    with step():
        person = _holder(confirm_email_token_status(token), again="accounts.send_confirmation")
        services.confirm(person)
    flash("Your e-mail is confirmed.")
    return redirect(destination())


@blueprint.get("/reset")
def forgot_password() -> Response:
    return _page("forgot", LetterForm(email=_own_email()))


@blueprint.post("/reset")
def ask_for_reset() -> Response:
    form = LetterForm()
    if not form.validate():
        return _page("forgot", form, 422)
    try:
        spend_letter(form.email.data, _address())
    except Paused as refusal:
        return _refused("forgot", form, form.email, refusal)
    letters.ask_for_reset(form.email.data, wanted())
    return redirect(url_for("accounts.letter_sent", next=wanted() or None))


@blueprint.get("/reset/sent")
def letter_sent() -> Response:
    """The same whether a letter was sent or there is no such account."""
    return _page("sent")


@blueprint.get("/reset/<token>")
def reset_password(token: str) -> Response:
    _holder(reset_password_token_status(token), again="accounts.forgot_password")
    return _page("reset", ResetForm())


@blueprint.post("/reset/<token>")
def set_password(token: str) -> Response:
    person = _holder(reset_password_token_status(token), again="accounts.forgot_password")
    form = ResetForm()
    if not form.validate():
        return _page("reset", form, 422)
    services.reset_password(person, form.password.data)
    PasswordTries(person.email, _address()).forget()
    flash("Your new password is set. Sign in with it.")
    return redirect(url_for("accounts.login", next=wanted() or None))


@blueprint.get("/change")
@auth_required()
def change_password() -> Response:
    return _page("change", ChangeForm())


@blueprint.post("/change")
@auth_required()
def set_own_password() -> Response:
    form = ChangeForm()
    if not form.validate():
        return _page("change", form, 422)
    try:
        person = recognize(current_user.email, form.password.data, address=_address())
    except (WrongPassword, Paused) as refusal:
        return _refused("change", form, form.password, refusal)
    services.change_password(person, form.new_password.data)
    flash("Your password is changed. Everywhere else you are signed out.")
    return redirect(destination())


@blueprint.get("/settings")
@auth_required()
def settings() -> str:
    form = SettingsForm(is_named=current_user.named_since is not None)
    return render_template("accounts/settings.html", form=form)


@blueprint.post("/settings")
@auth_required()
def change_settings() -> Response:
    services.allow_naming(current_user, bool(SettingsForm().is_named.data))
    flash("Saved.")
    return redirect(url_for("accounts.settings"))


def confirm_banner() -> str:
    """Under the header of every page, until the e-mail of who is signed in is confirmed."""
    if not current_user.is_authenticated or current_user.is_verified:
        return ""
    return render_template("accounts/_confirm_banner.html", back=here())


def _enter(person: Person) -> None:
    """Begin a session of the person's own. Nothing from before is kept: somebody may have planted it."""
    session.clear()
    session.permanent = True
    login_user(person, remember=False, authn_via=["password"])


def _holder(status: tuple[bool, bool, Person | None], *, again: str) -> Person:
    """Whom a link was sent to. Raises DeadLink with the page that sends another, NotYourLink for others."""
    expired, invalid, person = status
    if expired or invalid or person is None or not person.active:
        raise DeadLink(action=("Send another", url_for(again, next=wanted() or None)))
    if current_user.is_authenticated and current_user.id != person.id:
        raise NotYourLink
    return person


def _page(name: str, form: FlaskForm | None = None, status: int = 200) -> Response:
    onward = {"next": wanted() or None, "onward": destination_words(), "hung": work_on_the_wall()}
    return make_response(render_template(f"accounts/{name}.html", form=form, **onward), status)


def _refused(name: str, form: FlaskForm, field: Field, refusal: Refusal) -> Response:
    """The form again, with the refusal beside the field it is about."""
    field.errors = [*field.errors, refusal.message]
    return _page(name, form, refusal.status)


def _own_email() -> str:
    return current_user.email if current_user.is_authenticated else ""


def _address() -> str:
    return request.remote_addr or ""
