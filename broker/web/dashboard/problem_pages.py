"""Problems as pages: who looks with a browser gets the same facts in words, with the request id."""

import json
from dataclasses import dataclass

from flask import Flask, Response, request

from broker.web.context import request_id
from broker.web.dashboard.addresses import JSON_SUFFIX
from broker.web.dashboard.answers import Shown, page_response

_PROBLEM = "application/problem+json"
_MACHINES = ("/api/", "/health/", "/metrics", "/static/")


@dataclass(frozen=True, slots=True)
class ProblemScreen:
    """What went wrong, in the words of the problem document."""

    status: int
    title: str
    detail: str
    code: str
    errors: tuple[tuple[str, str], ...]
    request_id: str


def install_problem_pages(app: Flask) -> None:
    """Show the problems of `app` as pages where a browser asks; machines keep the document."""
    app.after_request(_as_page)


def _as_page(response: Response) -> Response:
    if response.mimetype != _PROBLEM or not _is_a_reader():
        return response
    page = page_response(Shown("problem.html", _screen(response)))
    page.status_code = response.status_code
    page.headers["Vary"] = "Accept, Cookie"
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            page.headers[name] = response.headers[name]
    return page


def _is_a_reader() -> bool:
    if request.path.startswith(_MACHINES) or request.path.endswith(JSON_SUFFIX):
        return False
    kinds = ("application/json", _PROBLEM, "text/html")
    accepted = request.accept_mimetypes
    return bool(accepted) and accepted.best_match(kinds) == "text/html"


def _screen(response: Response) -> ProblemScreen:
    problem = json.loads(response.get_data())
    errors = (
        (str(each.get("parameter") or each.get("pointer") or ""), str(each.get("message", "")))
        for each in problem.get("errors", ())
    )
    return ProblemScreen(
        status=response.status_code,
        title=str(problem["title"]),
        detail=str(problem["detail"]),
        code=str(problem["code"]),
        errors=tuple(errors),
        request_id=request_id(),
    )
