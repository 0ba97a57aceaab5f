"""GET answers carry the digest of what they say: nobody reads twice, nobody writes over others."""

from http import HTTPStatus
from typing import TypeVar

from flask import Blueprint, Response, request

from broker.domain.errors import ChangedMeanwhile
from broker.web.refusals import ConditionMissing

T = TypeVar("T")


def install_conditional(blueprint: Blueprint) -> None:
    """Put an ETag on every GET answer of `blueprint`, and answer 304 when the reader has it."""
    blueprint.after_request(_with_etag)


def as_it_was_read(found: T, what: str, answer: Response, *, required: bool = True) -> T | None:
    """`found` when only that may be changed; `None` when `If-Match: *` takes whatever is there.

    `answer` is that of a GET now. Raises ConditionMissing without `If-Match`, unless it is not
    `required`, and ChangedMeanwhile when that names another answer.
    """
    if not request.if_match and required:
        raise ConditionMissing(request.path)
    if not request.if_match or request.if_match.star_tag:
        return None
    if not request.if_match.contains(_tag(answer)):
        raise ChangedMeanwhile(what)
    return found


def tagged(response: Response, answer: Response) -> Response:
    """`response` to a change with the ETag of `answer`, that of a GET now: the next may follow."""
    response.set_etag(_tag(answer))
    return response


def _tag(answer: Response) -> str:
    answer.add_etag()
    tag, _ = answer.get_etag()
    return tag or ""


def _with_etag(response: Response) -> Response:
    if request.method not in {"GET", "HEAD"} or response.status_code != HTTPStatus.OK:
        return response
    response.add_etag()
    response.headers.setdefault("Cache-Control", "no-cache")
    response.headers.setdefault("Vary", "Accept")
    conditional = response.make_conditional(request)
    assert isinstance(conditional, Response)  # noqa: S101 - Flask's own class, kept by werkzeug
    return conditional
