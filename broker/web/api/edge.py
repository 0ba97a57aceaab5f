"""From a raw request to a typed value: limits first, then strict JSON, then the model."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar, get_origin

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from broker.web.context import context
from broker.web.refusals import (
    BodyInvalid,
    BodyTooLarge,
    ContentEncodingUnsupported,
    FieldFault,
    LengthMissing,
    MediaTypeUnsupported,
    ParametersInvalid,
)
from client_sdk.contract.document import parse_untrusted
from client_sdk.contract.pointer import escape

_OUR_WORDS = re.compile(r"^(?:Input|String|List|Tuple|Dictionary) should ")
_WORDS: Mapping[str, str] = {
    "extra_forbidden": "is not known here",
    "missing": "is required",
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "string_type": "must be a text",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
}
_KEY = "[key]"  # where pydantic finds fault with the name of a member, not with its value
_JSON_TYPE = re.compile(r"application/(?:json|[a-z0-9.!#$&^_+-]{1,100}\+json)")


class Strict(BaseModel):
    """What came from outside: exact types, no unknown members, never changed afterwards."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


Model = TypeVar("Model", bound=Strict)


def read_query(model: type[Model]) -> Model:
    """The parameters of this request; raises ParametersInvalid with every fault at once."""
    values: dict[str, Any] = {}
    faults: list[FieldFault] = []
    for name, came in request.args.lists():
        field = model.model_fields.get(name)
        if field is not None and get_origin(field.annotation) is tuple:
            values[name] = tuple(came)
        elif len(came) == 1:
            values[name] = came[0]
        else:
            faults.append(FieldFault("must be given once", parameter=name))
    try:
        parsed = model.model_validate(values)
    except ValidationError as error:
        faults.extend(_parameter_fault(fault) for fault in _details(error))
        raise ParametersInvalid(tuple(faults)) from None
    if faults:
        raise ParametersInvalid(tuple(faults))
    return parsed


def read_body(model: type[Model]) -> Model:
    """The JSON body of this request; raises the kernel's refusals, and BodyInvalid."""
    return from_document(model, parse_untrusted(raw_body(), limits=context().limits))


def from_document(model: type[Model], document: object) -> Model:
    """A parsed body as a value of `model`; raises BodyInvalid with every fault at once."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        faults = tuple(_member_fault(fault) for fault in _details(error))
        raise BodyInvalid(faults) from None


def raw_body() -> bytes:
    """The bytes as they came, once `check_body` let them through."""
    return request.get_data(cache=True)


def check_body() -> None:
    """Refuse a body that is compressed, of unknown length, too long or no JSON; reads nothing."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise ContentEncodingUnsupported
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        raise LengthMissing
    limit = context().limits.max_bytes
    if (request.content_length or 0) > limit:
        raise BodyTooLarge(limit)
    if request.method in {"POST", "PUT", "PATCH"}:
        _check_media_type()


def _check_media_type() -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if not _JSON_TYPE.fullmatch(request.mimetype) or charset not in {"utf-8", "utf8"}:
        raise MediaTypeUnsupported(request.headers.get("Content-Type", ""))


def _details(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_context=False, include_input=False)


def _parameter_fault(fault: ErrorDetails) -> FieldFault:
    return FieldFault(_message(fault), parameter=str(fault["loc"][0]) if fault["loc"] else "query")


def _member_fault(fault: ErrorDetails) -> FieldFault:
    names_a_member = fault["loc"][-1:] == (_KEY,)
    place = fault["loc"][:-1] if names_a_member else fault["loc"]
    message = f"has a name that {_message(fault)}" if names_a_member else _message(fault)
    return FieldFault(message, pointer="".join(f"/{escape(str(token))}" for token in place))


def _message(fault: ErrorDetails) -> str:
    if fault["type"] in _WORDS:
        return _WORDS[fault["type"]]
    said = _OUR_WORDS.sub("must ", fault["msg"]).removeprefix("Value error, ")
    return said.replace(" after validation,", ",")
