"""How an endpoint is written: an address, what it takes and gives, and the document that says so.

Flask-smorest reads and checks what comes in, writes what goes out, and makes the OpenAPI document of both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, NoReturn, TypeVar, cast

import flask_smorest
import simplejson
from flask import Flask
from flask.json.provider import DefaultJSONProvider
from flask_smorest.utils import prepare_response
from marshmallow import Schema, fields
from webargs.flaskparser import FlaskParser

from storefront.api import guard
from storefront.api.scopes import SCOPES
from storefront.config import Settings
from storefront.kit.errors import BadRequest, Invalid
from storefront.kit.security import csrf

View = TypeVar("View", bound=Callable[..., Any])
PROBLEM = "application/problem+json"
EXTENSION = "api"
ABOUT = (
    "Send a personal access token with each request: `Authorization: Bearer sfp_…`. Make one in your settings; its "
    "scopes say what it may do. Amounts are whole minor units (cents), unless a name ends in `_dollars`: those are "
    "decimal numbers in the major unit of the shop's currency. Times are ISO 8601 in UTC. A list has at most one page; "
    "`next` is the cursor for the parameter `after`, and its address stands in the `Link` header. Whatever goes wrong "
    "is told as `application/problem+json` (RFC 9457)."
)


class Problem(Schema):
    """What went wrong (RFC 9457). ``errors`` lists, by the name of a field, what is wrong with it."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    request_id = fields.String(required=True, metadata={"description": "Quote it when you ask for help."})
    errors = fields.Dict(keys=fields.String())
    action = fields.Dict(keys=fields.String(), metadata={"description": "A way on: `label` and `url`."})


class ExactJSON(DefaultJSONProvider):
    """JSON whose decimal numbers are written digit by digit. The standard library writes floats only."""

    def dumps(self, obj: Any, **options: Any) -> str:
        options = {"ensure_ascii": self.ensure_ascii, "sort_keys": self.sort_keys, "default": self.default, **options}
        text: str = simplejson.dumps(obj, use_decimal=True, namedtuple_as_object=False, **options)
        return text


class Parser(FlaskParser):
    """Says what is wrong with a request in the shop's own problems."""

    def handle_error(self, error: Any, *_rest: Any, **_more: Any) -> NoReturn:
        raise Invalid(next(iter(error.messages.values())) if len(error.messages) == 1 else error.messages)

    def _handle_invalid_json_error(self, error: Any, *_rest: Any, **_more: Any) -> NoReturn:
        raise BadRequest("The body is not JSON.", title="This can't be read.") from error


class ApiBlueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # Flask-smorest ships no types
    """Endpoints of one subject, headed in the document by its title and description."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, module: str, title: str, about: str) -> None:
        super().__init__(name, module, description=about)
        self.title = title
        csrf.exempt(self)  # looked at by the guard, for whoever comes by session
        self.before_request(guard.let_in)
        self.after_request(guard.dress)

    def answers(
        self, method: str, rule: str, *, scope: str = "", takes: Schema | None = None, query: Schema | None = None,
        gives: Schema | None = None, status: int = 200, refuses: Sequence[int] = (), seen: str = "",
        headers: Mapping[str, str] | None = None, content_type: str | None = None,
    ) -> Callable[[View], View]:  # fmt: skip
        """Put a view at ``rule``. ``refuses`` are the statuses of its own refusals; those all have are added.

        ``seen`` says whether a request ``may`` or ``must`` name the state that it changes, in ``If-Match``.
        """
        statuses = {400, 429, 503, *refuses}
        statuses |= {401, 403} if scope else {401}
        statuses |= {404} if "<" in rule else set()
        statuses |= {413, 422} if takes else {422} if query else set()
        statuses |= {"may": {412}, "must": {412, 428}}.get(seen, set())
        more: dict[str, Any] = {"parameters": [_if_match(seen)]} if seen else {}

        def put(view: View) -> View:
            made: Any = view
            if query is not None:
                made = self.arguments(query, location="query")(made)
            if takes is not None:
                made = self.arguments(takes, location="json")(made)
            made = self.response(status, gives, headers=_described(headers), content_type=content_type)(made)
            for each in sorted(statuses):
                made = self.alt_response(each, HTTPStatus(each).name)(made)
            security = [{"token": [scope]}, {"session": []}] if scope else [{}, {"token": []}]
            made = self.doc(operationId=view.__name__, security=security, **more)(made)
            made.scope = scope
            self.route(rule, methods=[method], tags=[self.title])(made)
            return cast(View, made)

        return put


def _if_match(seen: str) -> dict[str, Any]:
    words = "The ETag that reading gave. If it changed since, nothing is."
    said = {"required": seen == "must", "description": words, "schema": {"type": "string"}}
    return {"in": "header", "name": "If-Match", **said}


def _described(headers: Mapping[str, str] | None) -> dict[str, Any] | None:
    if not headers:
        return None
    return {name: {"description": words, "schema": {"type": "string"}} for name, words in headers.items()}


class Documented(flask_smorest.Api):  # type: ignore[misc]
    """The document of every ApiBlueprint. Problems are the shop's own, so no error handler is put in."""

    DEFAULT_ERROR_RESPONSE_NAME = None  # it would let any status pass for described

    def _register_error_handlers(self) -> None:
        pass

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            response: dict[str, Any] = {"description": status.phrase, "schema": Problem}
            prepare_response(response, self.spec, PROBLEM)
            self.spec.components.response(status.name, response, lazy=True)


def init_api(app: Flask) -> None:
    """Describe the endpoints of all slices so far, and write their decimals exactly."""
    app.json = ExactJSON(app)
    settings: Settings = app.extensions["settings"]
    api = Documented(
        app,
        spec_kwargs={
            "title": f"{settings.site_name} API",
            "version": "1",
            "openapi_version": "3.1.0",
            "info": {"description": ABOUT},
            "servers": [{"url": settings.site_url}],
        },
    )
    words = "\n".join(f"- `{scope}`: {what}" for scope, what in SCOPES.items())
    bearer = {"type": "http", "scheme": "bearer", "description": f"A personal access token. Its scopes:\n\n{words}"}
    session = {"type": "apiKey", "in": "cookie", "name": "session", "description": "A page of the shop, signed in."}
    api.spec.components.security_scheme("token", bearer)
    api.spec.components.security_scheme("session", session)
    for blueprint in app.blueprints.values():
        if isinstance(blueprint, ApiBlueprint):
            blueprint.register_views_in_doc(api, app, api.spec, name=blueprint.name, parameters=None)
            api.spec.tag({"name": blueprint.title, "description": blueprint.description})
    app.extensions[EXTENSION] = api.spec.to_dict()
