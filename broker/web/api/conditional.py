"""GET answers carry the digest of what they say, so that nobody reads the same thing twice."""

from http import HTTPStatus

from flask import Blueprint, Response, request

from broker.domain.errors import ChangedMeanwhile


def install_conditional(blueprint: Blueprint) -> None:
    """Put an ETag on every GET answer of `blueprint`, and answer 304 when the reader has it."""
    blueprint.after_request(_with_etag)


def is_conditional() -> bool:
    """Whether the request wants to change only what it has read (`If-Match`)."""
    return bool(request.if_match)


def check_unchanged(what: str, answer: Response) -> None:
    """Raise ChangedMeanwhile unless `answer`, that of a GET now, is the one that was read."""
    answer.add_etag()
    tag, _ = answer.get_etag()
    if not request.if_match.contains(tag or ""):
        raise ChangedMeanwhile(what)


def _with_etag(response: Response) -> Response:
    if request.method not in {"GET", "HEAD"} or response.status_code != HTTPStatus.OK:
        return response
    response.add_etag()
    response.headers.setdefault("Cache-Control", "no-cache")
    response.headers.setdefault("Vary", "Accept")
    conditional = response.make_conditional(request)
    assert isinstance(conditional, Response)  # noqa: S101 - Flask's own class, kept by werkzeug
    return conditional
