"""Every error answer: one table says which status a cause has, one shape says the rest."""

import traceback
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from http import HTTPStatus

import structlog
from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from broker.domain import errors as domain
from broker.domain.can_i_deploy import Decision
from broker.domain.publication import Predecessor
from broker.web import refusals as web
from broker.web.api import decision_json, representations
from broker.web.context import request_id
from client_sdk.contract import errors as kernel
from client_sdk.contract.document import dumps
from client_sdk.contract.evolve import Report

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:tallystick:problem:"
RETRY_SECONDS = "1"
_LONGEST_CAUSE = 500

# A class stands for its subclasses too, unless they have a row of their own.
STATUS: Mapping[type[Exception], HTTPStatus] = {
    domain.NotKnown: HTTPStatus.NOT_FOUND,
    domain.Conflict: HTTPStatus.CONFLICT,
    domain.Unacceptable: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.Malformed: HTTPStatus.BAD_REQUEST,
    domain.ChangedMeanwhile: HTTPStatus.PRECONDITION_FAILED,
    domain.ComeBackLater: HTTPStatus.SERVICE_UNAVAILABLE,
    domain.IdempotencyKeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    kernel.DocumentMalformed: HTTPStatus.BAD_REQUEST,
    kernel.DocumentTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    kernel.DocumentInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    kernel.NameRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    web.ParametersInvalid: HTTPStatus.BAD_REQUEST,
    web.PathNameInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    web.BodyInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    web.LengthMissing: HTTPStatus.LENGTH_REQUIRED,
    web.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    web.MediaTypeUnsupported: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    web.ContentEncodingUnsupported: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    web.ConditionMissing: HTTPStatus.PRECONDITION_REQUIRED,
    web.HostUnknown: HTTPStatus.BAD_REQUEST,
    web.IdempotencyKeyInvalid: HTTPStatus.BAD_REQUEST,
}

PROTOCOL_CODES = {
    HTTPStatus.BAD_REQUEST: "request-malformed",
    HTTPStatus.NOT_FOUND: "route-unknown",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body-too-large",
    HTTPStatus.LENGTH_REQUIRED: "length-required",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "headers-too-large",
    HTTPStatus.NOT_IMPLEMENTED: "transfer-encoding-unsupported",
}
_PROTOCOL_DETAILS = {
    HTTPStatus.NOT_FOUND: "Nothing lives at this address. /api/v1/openapi.json lists what does.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take that method; see the Allow header.",
}
_SHOWN_ELSEWHERE = frozenset({"faults"})


def install_problems(app: Flask) -> None:
    """Answer every exception of `app` with a problem document (RFC 9457)."""
    for cause in (domain.Refusal, kernel.ContractError, web.RequestRefused):
        app.register_error_handler(cause, _refused)
    app.register_error_handler(HTTPException, _protocol_error)
    app.register_error_handler(Exception, _bug)


def status_of(cause: Exception) -> HTTPStatus:
    """The status of a refusal: its own row of the table, or that of its nearest ancestor."""
    for ancestor in type(cause).__mro__:
        if ancestor in STATUS:
            return STATUS[ancestor]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem(
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    errors: Iterable[Mapping[str, str]] = (),
    data: Mapping[str, representations.Json] | None = None,
) -> Response:
    """A problem document; `data` are members of this one cause, and win over ours."""
    found = [dict(error) for error in errors]
    body: dict[str, representations.Json] = {
        "type": TYPE_PREFIX + code,
        "title": code.replace("-", " ").capitalize(),
        "status": int(status),
        "detail": detail,
        "code": code,
        **({"errors": [dict(error) for error in found]} if found else {}),
        "request_id": request_id(),
        **(data or {}),
    }
    return Response(dumps(body), status=status, content_type=MEDIA_TYPE)


def _refused(cause: Exception) -> Response:
    status = status_of(cause)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        return _bug(cause)
    code = getattr(cause, "code", "refused")
    response = problem(status, code, str(cause), errors=_errors(cause), data=_data(cause))
    response.headers.update(getattr(cause, "headers", {}))
    if isinstance(cause, domain.ComeBackLater | domain.IdempotencyKeyBusy):
        response.headers["Retry-After"] = RETRY_SECONDS
    if isinstance(cause, domain.ComeBackLater):
        # Who runs the broker wants to know why; statements hide their values even there.
        why = str(cause.__cause__ or "")[:_LONGEST_CAUSE]
        structlog.get_logger("broker.web").warning("come-back-later", code=code, cause=why)
    return response


def _errors(cause: Exception) -> list[dict[str, str]]:
    return [
        fault.to_json() if isinstance(fault, web.FieldFault) else _fault(fault)
        for fault in getattr(cause, "faults", ())
    ]


def _fault(fault: kernel.Fault) -> dict[str, str]:
    return {
        "pointer": fault.pointer,
        "code": fault.code,
        "severity": fault.severity.value,
        "message": fault.message,
    }


def _data(cause: object) -> dict[str, representations.Json]:
    if not is_dataclass(cause):
        return {}
    return {
        member.name: _shown(getattr(cause, member.name), cause)
        for member in fields(cause)
        if member.name not in _SHOWN_ELSEWHERE
    }


def _shown(value: object, cause: object) -> representations.Json:
    match value:
        case Report():
            return representations.report_json(value, against=_against(cause))
        case Decision():
            return decision_json.decision_json(value)
        case tuple():
            return [str(item) for item in value]
        case int() | None:
            return value
        case _:
            return str(value)


def _against(cause: object) -> Predecessor | None:
    match cause:
        case domain.ContentConflict():
            return Predecessor(cause.version, cause.stored_digest)
        case _:
            return None


def _protocol_error(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    code = PROTOCOL_CODES.get(status, status.phrase.lower().replace(" ", "-"))
    detail = _PROTOCOL_DETAILS.get(status, f"{status.phrase}.")
    response = problem(status, code, detail)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "Location"}:
            response.headers[name] = value
    return response


def _bug(error: Exception) -> Response:
    # The text only: a renderer that shows local variables would show what requests held.
    trace = "".join(traceback.format_exception(error))
    structlog.get_logger("broker.web").error("request-failed", traceback=trace)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal-error",
        "Something went wrong inside the broker. Its log holds the cause under this request_id.",
    )
