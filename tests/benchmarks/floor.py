"""The floor: one file of Flask, Jinja and SQLAlchemy that shows the same listings and does nothing else.

No accounts, no forms, no filters, no headers, no transactions: nobody could keep shop with it. What the shop does
beside this is what it takes longer.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, render_template
from jinja2 import DictLoader

COLUMNS = (
    "id", "slug", "title", "tagline", "description", "example_input", "example_output", "creator", "kind", "price",
    "all_access", "gets", "cover",
)  # fmt: skip
WORKS = sa.table("works", *map(sa.column, COLUMNS))
CARDS = sa.select(WORKS).order_by(sa.column("score").desc(), WORKS.c.id.desc()).limit(24)
WORK = sa.select(WORKS).where(WORKS.c.slug == sa.bindparam("slug"))

HEAD = """<!doctype html><html lang=en><meta charset=utf-8>
<title>{% block title %}{% endblock %}</title>{% block main %}{% endblock %}"""

# The card is the shop's own, tag for tag, written out in the loop.
CATALOG = """{% extends "head" %}{% block title %}Catalog{% endblock %}{% block main %}<h1>Catalog</h1>
{% for work in works %}<article class="work">
<img class="print" src="/covers/{{ work.cover }}-640.webp" srcset="/covers/{{ work.cover }}-320.webp 320w,
/covers/{{ work.cover }}-640.webp 640w,
/covers/{{ work.cover }}-1280.webp 1280w" sizes="{{ sizes }}"
width="640" height="400" alt=""{% if loop.index > 6 %} loading="lazy"{% endif %} decoding="async">
<div><div class="row"><h2 class="t"><a href="/listings/{{ work.slug }}">{{ work.title }}</a></h2>
<p class="price">{% if work.price %}{{ work.price|money }}{% else %}Free{% endif %}</p></div>
<p class="by"><span class="k">{{ kinds[work.kind] }} by </span>{{ work.creator }}
{% if work.all_access %}<span class="k"> · in All-Access</span>{% endif %}</p></div></article>
{% endfor %}{% endblock %}"""
LISTING = """{% extends "head" %}{% block title %}{{ work.title }}{% endblock %}{% block main %}
<img src="/covers/{{ work.cover }}-1280.webp" width="1280" height="800" alt="Cover of {{ work.title }}">
<h1>{{ work.title }}</h1><p>{{ work.tagline }}</p>
<p>{{ kinds[work.kind] }} by {{ work.creator }}, {{ work.gets }} gets</p>
<b>{% if work.price %}{{ work.price|money }}{% else %}Free{% endif %}</b>
{% for part in work.description.split("\n\n") %}<p>{{ part }}</p>{% endfor %}
<pre>{{ work.example_input }}</pre><pre>{{ work.example_output }}</pre>{% endblock %}"""
KINDS = {"pack": "Prompt pack", "flow": "Flow", "project": "Project"}
SIZES = "(min-width: 64rem) 20rem, 50vw"


def make_floor(folder: Path, shop: Path) -> Flask:
    """The floor's app, over a database of its own filled from the shop's listings."""
    file = folder / f"floor-{shop.name}"
    _fill(file, shop)
    app = Flask("floor")
    app.jinja_loader = DictLoader({"head": HEAD, "catalog.html": CATALOG, "listing.html": LISTING})
    app.jinja_env.filters["money"] = lambda cents: f"${cents / 100:.2f}"
    app.jinja_env.globals.update(kinds=KINDS, sizes=SIZES)
    engine = sa.create_engine(f"sqlite:///{file}")

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.get("/catalog")
    def catalog() -> str:
        with engine.connect() as connection:
            return render_template("catalog.html", works=connection.execute(CARDS).all())

    @app.get("/listings/<slug>")
    def listing(slug: str) -> str:
        with engine.connect() as connection:
            return render_template("listing.html", work=connection.execute(WORK, {"slug": slug}).one())

    return app


def _fill(file: Path, shop: Path) -> None:
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("ATTACH ? AS shop", (str(shop),))
    database.executescript(
        """
        CREATE TABLE works (id INTEGER PRIMARY KEY, slug TEXT UNIQUE, title TEXT, tagline TEXT, description TEXT,
                            example_input TEXT, example_output TEXT, creator TEXT, kind TEXT, price INTEGER,
                            all_access INTEGER, gets INTEGER, cover TEXT, score INTEGER);
        INSERT INTO works
        SELECT listing.id, slug, title, tagline, description, example_input, example_output, name, listing.kind, price,
               all_access, gets, cover, trending_even
        FROM shop.listings AS listing JOIN shop.workspaces AS workspace ON workspace.id = workspace_id;
        CREATE INDEX ix_works_score ON works (score, id);
        """
    )
    database.close()
