"""Makes a consumer's contract out of a Pact file: the HTTP interactions of versions 2, 3 and 4.

An interaction is an example. What its bodies look like becomes the schemas: the kinds of values
and the members that are there, not the values themselves, which the consumer's test made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote

from client_sdk.contract.dialect import DEFAULT_DIALECT
from client_sdk.contract.errors import DocumentInvalid, Fault
from client_sdk.contract.model import is_success
from client_sdk.contract.values import JsonObject, JsonValue

HTTP: Final = "Synchronous/HTTP"  # what version 4 calls an interaction that is no message
VERSION: Final = "1.0"


def contract_from_pact(document: JsonObject, *, version: str = VERSION) -> JsonObject:
    """The contract document of a Pact file; `version` becomes that of its tools.

    A request with `tool` and `input` in its body calls that tool; any other calls the tool that
    the last part of its path names. Raises DocumentInvalid when no interaction is there.
    """
    calls: dict[str, list[_Call]] = {}
    for call in _calls(document):
        calls.setdefault(call.tool, []).append(call)
    if not calls:
        raise _invalid("/interactions", "The file holds no HTTP interaction.")
    return {
        "$schema": DEFAULT_DIALECT.meta_schema_uri,
        "consumer": _object(document.get("consumer")).get("name"),
        "producer": _object(document.get("provider")).get("name"),
        "metadata": {"source": "pact"},
        "tools": [_tool(name, made, version) for name, made in calls.items()],
    }


@dataclass(frozen=True, slots=True)
class _Call:
    """One interaction: the tool it calls, what is sent, and what comes back."""

    tool: str
    sent: JsonValue
    status: int
    body: JsonValue
    example: JsonObject


def _calls(document: JsonObject) -> Iterator[_Call]:
    interactions = document.get("interactions")
    for number, each in enumerate(interactions if isinstance(interactions, list) else ()):
        interaction = _object(each)
        if interaction.get("type", HTTP) == HTTP and "request" in interaction:
            yield _call(interaction, f"/interactions/{number}")


def _call(interaction: JsonObject, place: str) -> _Call:
    request, response = _object(interaction["request"]), _object(interaction.get("response"))
    tool, sent = _asked(request, place)
    status, body = response.get("status", 200), _body(response)
    if not isinstance(status, int) or isinstance(status, bool):
        raise _invalid(f"{place}/response/status", f"The status {status!r} is no number.")
    example: JsonObject = {
        "name": str(interaction.get("description", place)),
        **_state(interaction),
        "input": sent,
        "response": {"status_code": status, "body": body},
    }
    return _Call(tool, sent, status, body, example)


def _asked(request: JsonObject, place: str) -> tuple[str, JsonValue]:
    body = _body(request)
    if isinstance(body, dict) and isinstance(body.get("tool"), str) and "input" in body:
        return str(body["tool"]), body["input"]
    name = unquote(str(request.get("path", "")).rstrip("/").rpartition("/")[2])
    if not name:
        raise _invalid(f"{place}/request/path", "The path names no tool.")
    query = _query(request.get("query"))
    if body is None or isinstance(body, dict):
        return name, {**query, **(body or {})}
    return name, body


def _query(query: JsonValue | None) -> JsonObject:
    """The parameters, in the form of version 2 (text) or of the later ones (lists of values)."""
    found = parse_qs(query, keep_blank_values=True) if isinstance(query, str) else query
    listed = found.items() if isinstance(found, dict) else ()
    return {
        name: values[0] if isinstance(values, list) and len(values) == 1 else _listed(values)
        for name, values in listed
    }


def _listed(values: object) -> JsonValue:
    return [*values] if isinstance(values, list) else str(values)


def _body(half: JsonObject) -> JsonValue:
    """The body of a request or a response; version 4 wraps it."""
    body = half.get("body")
    is_wrapped = isinstance(body, dict) and {"content", "contentType"} <= body.keys()
    return body["content"] if isinstance(body, dict) and is_wrapped else body


def _state(interaction: JsonObject) -> JsonObject:
    states = interaction.get("providerStates")
    first = _object(states[0]) if isinstance(states, list) and states else {}
    name = first.get("name") or interaction.get("providerState")
    if not isinstance(name, str):
        return {}
    found: JsonObject = {"provider_state": name}
    if first.get("params"):
        found["params"] = first["params"]
    return found


def _tool(name: str, calls: list[_Call], version: str) -> JsonObject:
    answers: dict[int, list[JsonValue]] = {}
    for call in calls:
        answers.setdefault(call.status, []).append(call.body)
    good = [body for status, bodies in answers.items() if is_success(status) for body in bodies]
    others = {str(s): _shape_of(bodies) for s, bodies in answers.items() if not is_success(s)}
    return {
        "tool_name": name,
        "version": version,
        "input_schema": _shape_of([call.sent for call in calls]),
        "output_schema": _shape_of(good),
        "status_codes": [*sorted(answers)],
        "responses": {**others},
        "examples": [call.example for call in calls],
    }


def _shape_of(values: list[JsonValue]) -> JsonValue:
    """One schema for some values; each different look is one of its branches."""
    shapes = [_shape(value) for value in values]
    unlike = [shape for number, shape in enumerate(shapes) if shape not in shapes[:number]]
    if not unlike:
        return {}
    return unlike[0] if len(unlike) == 1 else {"anyOf": unlike}


def _shape(value: JsonValue) -> JsonValue:
    match value:
        case None:
            return {}
        case bool():
            return {"type": "boolean"}
        case str():
            return {"type": "string"}
        case list():
            return {"type": "array", "items": _shape_of(value)}
        case dict():
            shapes: JsonObject = {name: _shape(member) for name, member in value.items()}
            return {"type": "object", "properties": shapes, "required": [*value]}
        case _:
            return {"type": "number"}


def _object(value: JsonValue | None) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _invalid(pointer: str, message: str) -> DocumentInvalid:
    return DocumentInvalid(message, (Fault("not-pact", pointer, message),))
