"""The API about itself: its description, the same as a page, and its limits."""

import base64
import functools
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from flask import Response, render_template

from broker.domain.paging import LARGEST_LIMIT
from broker.web.api.representations import JSON_TYPE, Json, json_answer
from broker.web.api.routing import Route
from broker.web.context import context

_METHODS = ("get", "put", "post", "patch", "delete")


def openapi() -> Response:
    """GET the description of this API."""
    return Response(_description_text(), content_type=JSON_TYPE)


def openapi_source() -> Response:
    """GET the description as it was written."""
    return Response(_source(), content_type="application/yaml; charset=utf-8")


def docs() -> Response:
    """GET the description as a page that loads nothing else."""
    api = description()
    page = render_template(
        "api/description.html", api=api, operations=tuple(_operations(api)), style=_style()
    )
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _policy()
    return response


def limits() -> Response:
    """GET how large a document and a page may be."""
    sizes: dict[str, Json] = {**asdict(context().limits), "max_page": LARGEST_LIMIT}
    return json_answer(sizes)


@functools.cache
def description() -> dict[str, Any]:
    """The parsed openapi.yaml; read once, when first asked for."""
    import yaml  # noqa: PLC0415 - nobody pays for it before somebody reads the description

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(_source(), Loader=loader)  # noqa: S506 - both are safe loaders
    return loaded


@functools.cache
def _description_text() -> str:
    return json.dumps(description())


@functools.cache
def _source() -> str:
    return files("broker.web.api").joinpath("openapi.yaml").read_text("utf-8")


def _operations(api: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, item in api["paths"].items():
        for method in _METHODS:
            if method in item:
                operation = item[method]
                parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
                yield {
                    "method": method.upper(),
                    "path": path,
                    "operation": operation,
                    "parameters": [_resolved(api, each) for each in parameters],
                    "answers": [
                        (status, _resolved(api, answer))
                        for status, answer in operation["responses"].items()
                    ],
                }


def _resolved(api: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    found: Any = api
    for token in part["$ref"].removeprefix("#/").split("/"):
        found = found[token]
    return dict(found)


@functools.cache
def _style() -> str:
    return files("broker.web.api").joinpath("templates/api/description.css").read_text("utf-8")


@functools.cache
def _policy() -> str:
    """Allow the page its own style, by digest, and nothing else: no script runs on it."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'none'"
    )


ROUTES = (
    Route("GET", "/openapi.json", openapi),
    Route("GET", "/limits", limits),
)
PAGES = (
    Route("GET", "/docs/api", docs),
    Route("GET", "/openapi.yaml", openapi_source),
)
