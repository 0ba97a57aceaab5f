"""From what a view found to an answer: HTML or JSON, with a tag that makes a second look cheap."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus

from flask import Response, request

from broker.services.overview import current_as_of
from broker.web.context import context, now, request_id
from broker.web.dashboard.addresses import AS_PAGE, JSON_SUFFIX
from broker.web.dashboard.json_twin import json_of
from broker.web.dashboard.preferences import preferences
from broker.web.dashboard.rendering import assets_digest, templates
from client_sdk.contract.document import dumps

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_FOREVER = "private, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen: its template, and the value that the template and the JSON twin are made of."""

    template: str
    page: object


View = Callable[..., Shown]


def served(
    view: View, *, is_live: bool = False, is_immutable: bool = False
) -> Callable[..., Response]:
    """The view as Flask calls it.

    The tag names the last write, the address and the reader's choices, so whoever has it gets a
    304 before anything is read. Pages carry relative times, so their tags last a minute; a live
    fragment's until something changes, its times are kept up by the script.
    """

    @wraps(view)
    def answer(**names: str) -> Response:
        as_json = wants_json(names)
        tag = _tag(as_json=as_json, is_live=is_live, is_immutable=is_immutable)
        if request.if_none_match.contains_weak(tag):
            return _tagged(_unchanged(as_json=as_json), tag)
        shown = view(**names)
        if as_json:
            response = Response(dumps(json_of(shown.page)), content_type="application/json")
        else:
            response = page_response(shown)
        _tagged(response, tag)
        if is_immutable and as_json:
            response.headers["Cache-Control"] = _FOREVER
        return response

    return answer


def page_response(shown: Shown, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """The screen as HTML."""
    text = (
        templates()
        .get_template(shown.template)
        .render(
            page=shown.page,
            preferences=preferences(),
            now=now(),
            query=request.args,
            path=request.full_path.removesuffix("?"),
            request_id=request_id(),
        )
    )
    response = Response(text, status=status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response


def wants_json(names: dict[str, str]) -> bool:
    """Whether the data is asked for; takes a `.json` at the end off the last name of the path."""
    if request.path.endswith(JSON_SUFFIX) and request.args.get("format") != AS_PAGE:
        for name, value in list(names.items())[-1:]:
            names[name] = value.removesuffix(JSON_SUFFIX)
        return True
    return prefers_json()


def prefers_json() -> bool:
    """Whether the Accept header likes JSON better than a page."""
    best = request.accept_mimetypes.best_match(("text/html", "application/json"))
    return best == "application/json"


def _tag(*, as_json: bool, is_live: bool, is_immutable: bool) -> str:
    chosen = preferences()
    parts = [assets_digest(), chosen.theme, chosen.keys, as_json, request.full_path]
    if not is_immutable:
        parts.append(current_as_of(context().store))
    if not (is_live or is_immutable or as_json):
        parts.append(now().strftime("%Y%m%d%H%M"))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def _unchanged(*, as_json: bool) -> Response:
    """A 304; its headers replace those the browser has kept, so the page's policy comes again."""
    response = Response(status=HTTPStatus.NOT_MODIFIED)
    if not as_json:
        response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response


def _tagged(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept, Cookie"
    return response
