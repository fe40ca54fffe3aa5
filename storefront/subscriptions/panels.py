"""What subscriptions put into other pages: the banner of a failed payment, and the ways to a plan."""

from __future__ import annotations

from flask import render_template, url_for
from flask_login import current_user
from markupsafe import Markup

from storefront.accounts.plans import Plan
from storefront.config import current as settings
from storefront.subscriptions import queries
from storefront.subscriptions.forms import ChooseForm
from storefront.subscriptions.products import ALL_ACCESS, Price, price_of


def banner() -> str:
    """Under the header of every page, while a payment of who is signed in has failed."""
    if not current_user.is_authenticated or not current_user.owes:
        return ""
    owing = queries.owing(current_user)
    if owing is None:
        return ""
    until = owing.past_due_since + settings().grace if owing.past_due_since else None
    return render_template("subscriptions/_banner.html", subscription=owing, until=until)


def way_on(plan: Plan, interval: str, classes: str = "") -> str:
    """The way to a plan from the pricing page: what one has, a change, or a page to subscribe on."""
    price = price_of(settings(), plan.name, interval)
    return _way(price, plan.title, classes) if price else ""


def all_access() -> str:
    """All-Access on the pricing page."""
    price = price_of(settings(), ALL_ACCESS, "month")
    return render_template(
        "subscriptions/_all_access.html", price=price, way=Markup(_way(price, "All-Access", "btn-lg")) if price else "",
        most=settings().all_access_limit, credit=settings().copy_credit, currency=settings().currency,
    )  # fmt: skip


def _way(price: Price, title: str, classes: str) -> str:
    live = queries.live(current_user, price.family) if current_user.is_authenticated else None
    is_mine = live is not None and (live.product, live.interval) == (price.product, price.interval)
    if live is None:
        href = url_for("subscriptions.new", product=price.product, interval=price.interval)
    else:
        href = url_for("subscriptions.change", public_id=live.public_id, product=price.product, interval=price.interval)
    return render_template(
        "subscriptions/_way.html", price=price, title=title, classes=classes, live=live, is_mine=is_mine, href=href,
        form=ChooseForm() if current_user.is_authenticated else None,
    )  # fmt: skip
