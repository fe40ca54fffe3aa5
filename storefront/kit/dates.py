"""Dates for people: relative, with the exact one on hover."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_datetime, format_timedelta
from flask import Flask
from markupsafe import Markup

from storefront.kit import clock

RECENT = timedelta(days=28)


def init_dates(app: Flask) -> None:
    app.jinja_env.filters.update(ago=ago, day=day, moment=moment, month_name=month_name)


def day(when: date) -> str:
    """``21 November 2026``."""
    return format_date(when, "d MMMM y", locale="en_US")


def month_name(month: str) -> str:
    """``November 2026`` for ``2026-11``."""
    return format_date(date.fromisoformat(f"{month}-01"), "MMMM y", locale="en_US")


def moment(when: datetime) -> str:
    """``21 November 2026, 10:41 UTC``."""
    return format_datetime(when, "d MMMM y, HH:mm 'UTC'", locale="en_US")


def ago(when: datetime) -> Markup:
    """A ``<time>``: ``4 days ago``, or the day itself once that says more; the exact moment on hover."""
    past = clock.now() - when
    near = timedelta(0) <= past < RECENT
    words = format_timedelta(-past, add_direction=True, locale="en_US") if near else day(when)
    if timedelta(0) <= past < timedelta(minutes=1):
        words = "just now"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(when.isoformat(), moment(when), words)
