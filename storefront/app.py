"""The application: settings, kit, slices. One screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from storefront import config, pieces
from storefront.kit import assets, caching, dates, db, errors, security, storage, templating, urls
from storefront.kit.money import money_brief, money_text
from storefront.kit.slices import install
from storefront.slices import SLICES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PACKAGE = Path(__file__).parent
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}


class App(Flask):
    """Flask, with one transaction a request: below 400 it is committed, anything else rolls back."""

    jinja_environment = templating.Templates
    jinja_options = {"trim_blocks": True, "lstrip_blocks": True}

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        kept = caching.kept_pages(self).find(environ)
        return kept(environ, start_response) if kept else super().wsgi_app(environ, start_response)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func  # nothing here is a coroutine, and Flask would ask that of a dozen functions in every request

    def full_dispatch_request(self) -> Response:
        if request.method in SAFE_METHODS:
            response = super().full_dispatch_request()
            caching.kept_pages(self).keep(request.environ, response)
            return caching.conditional(response)
        with db.writing():
            return super().full_dispatch_request()

    def dispatch_request(self) -> ResponseReturnValue:
        response = self.make_response(super().dispatch_request())
        if response.status_code < 400:
            db.commit()
        else:
            db.roll_back()
        return response


def create_app(settings: config.Settings | None = None) -> App:
    """The shop, ready to serve. Raises ConfigError for settings that may not be used."""
    settings = settings or config.load()
    app = App(__name__, static_folder=None)
    app.config.from_mapping({name.upper(): value for name, value in asdict(settings).items()})
    app.config.update(SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_SECURE=settings.is_production)
    app.extensions["settings"] = settings
    app.jinja_env.filters.update(money=money_text, money_brief=money_brief)
    app.jinja_env.globals["site_name"] = settings.site_name
    db.init_db(app, settings.database_url)
    security.init_security(app, settings)
    caching.init_caching(app, settings.shared_seconds)
    urls.init_urls(app)
    for part in (
        assets.init_assets,
        dates.init_dates,
        errors.init_errors,
        storage.init_storage,
        templating.init_templating,
    ):
        part(app)
    install(app, SLICES)
    app.register_blueprint(pieces.blueprint)
    serve_files(app, settings)
    return app


def serve_files(app: App, settings: config.Settings) -> None:
    """Static files by WhiteNoise, for good where the name holds a hash; forwarded headers of known proxies."""
    files = WhiteNoise(app.wsgi_app, autorefresh=settings.debug, immutable_file_test=r"^/static/dist/")
    files.add_files(PACKAGE / "static", prefix="static/")
    hops = settings.trusted_proxies
    app.wsgi_app = ProxyFix(files, hops, hops, hops, hops) if hops else files  # type: ignore[method-assign]
