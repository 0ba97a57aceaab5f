"""POST with an Idempotency-Key: what succeeded is answered again, never done again."""

import hashlib
import re

import structlog
from flask import Blueprint, Response, g, request

from broker.domain.errors import Refusal
from broker.domain.idempotency import GivenAnswer
from broker.services.idempotency import claim_key, keep_answer, release_key
from broker.web.api.edge import raw_body
from broker.web.context import context
from broker.web.refusals import IdempotencyKeyInvalid

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"

_KEY = re.compile(r"[!-~]{1,255}")
_OK = range(200, 300)


def install_repeating(blueprint: Blueprint) -> None:
    """Honour the key on every POST of `blueprint`; belongs after the checks of the request."""
    blueprint.before_request(_answer_again)
    blueprint.after_request(_remember)


def _answer_again() -> Response | None:
    key = request.headers.get(KEY_HEADER)
    if key is None or request.method != "POST":
        return None
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyInvalid
    earlier = claim_key(context().store, key, _fingerprint(), clock=context().clock)
    if earlier is None:
        g.claimed_key = key
        return None
    response = Response(earlier.body, earlier.status, content_type=earlier.content_type)
    response.headers[REPLAYED_HEADER] = "true"
    if earlier.location is not None:
        response.headers["Location"] = earlier.location
    return response


def _remember(response: Response) -> Response:
    key = g.pop("claimed_key", None)
    if key is None:
        return response
    try:
        _settle(key, response)
    except Refusal as refusal:
        # What was asked is done; the key lapses by itself, and that much is for the log.
        structlog.get_logger("broker.web").warning("key-not-settled", code=refusal.code)
    return response


def _settle(key: str, response: Response) -> None:
    if response.status_code not in _OK:
        release_key(context().store, key)
        return
    answer = GivenAnswer(
        response.status_code,
        response.content_type or "",
        response.get_data(),
        response.headers.get("Location"),
    )
    keep_answer(context().store, key, answer)


def _fingerprint() -> str:
    """The digest of method, address and body: all that decides what the request does."""
    digest = hashlib.sha256()
    for part in (request.method.encode(), request.full_path.encode(), raw_body()):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
