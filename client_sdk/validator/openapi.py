"""Makes a consumer's contract out of the operations that an OpenAPI document describes.

Read are OpenAPI 3.0, whose schemas are of draft 4, and 3.1, whose schemas are of 2020-12.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import DocumentInvalid, Fault
from client_sdk.contract.model import is_success
from client_sdk.contract.pointer import resolve
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.validator.openapi_schemas import SchemaReader

METHODS: Final = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
SENT_AS_MEMBERS: Final = ("path", "query")  # headers and cookies belong to the transport
DIALECTS: Final = {"3.0": Dialect.DRAFT4, "3.1": Dialect.D2020}
DEEPEST: Final = 20  # references to references


def contract_from_openapi(
    document: JsonObject, *, consumer: str, producer: str, operations: Iterable[str]
) -> JsonObject:
    """The contract document of a consumer that uses `operations` as they are described.

    An operation is one tool by its `operationId`. Path and query parameters and the members of
    the JSON body are its input. Raises DocumentInvalid naming each operation that is not there.
    """
    dialect = DIALECTS.get(str(document.get("openapi", ""))[:3])
    if dialect is None:
        raise _invalid("/openapi", "The document is of no OpenAPI 3.0 or 3.1.")
    reading = _Reading(document, SchemaReader(document, dialect))
    described = dict(reading.operations())
    wanted = tuple(operations)
    missing = [name for name in wanted if name not in described]
    if missing:
        known = ", ".join(sorted(described)) or "none"
        raise _invalid("/paths", f"There is no operation {missing[0]!r}; there are: {known}.")
    return {
        "$schema": dialect.meta_schema_uri,
        "consumer": consumer,
        "producer": producer,
        "metadata": {"source": "openapi"},
        "tools": [reading.tool(name, *described[name]) for name in wanted],
    }


class _Reading:
    """One document and how its schemas are read."""

    def __init__(self, document: JsonObject, schemas: SchemaReader) -> None:
        self._document = document
        self._schemas = schemas

    def operations(self) -> Iterator[tuple[str, tuple[JsonObject, JsonObject]]]:
        """Give each operation under its id, with the path item that holds it."""
        for item in map(self._followed, _object(self._document.get("paths")).values()):
            for method in METHODS:
                operation = _object(item.get(method))
                name = operation.get("operationId")
                if isinstance(name, str):
                    yield name, (operation, item)

    def tool(self, name: str, operation: JsonObject, item: JsonObject) -> JsonObject:
        """Give one operation as a tool contract."""
        answers = dict(self._answers(operation))
        bodies = [body for status, body in answers.items() if is_success(status)]
        unlike = [body for number, body in enumerate(bodies) if body not in bodies[:number]]
        others = {str(s): body for s, body in answers.items() if not is_success(s) and body != {}}
        version = _object(self._document.get("info")).get("version")
        return {
            "tool_name": name,
            "version": version if isinstance(version, str) else "0",
            "description": str(operation.get("summary", "")),
            "input_schema": self._input(operation, item),
            "output_schema": unlike[0] if len(unlike) == 1 else {"anyOf": [*unlike]},
            "status_codes": [*answers],
            "responses": {**others},
        }

    def _input(self, operation: JsonObject, item: JsonObject) -> JsonValue:
        body = self._followed(operation.get("requestBody"))
        sent = self._json_of(body)
        parameters = self._parameters(operation, item)
        if not parameters:
            return sent
        schemas = {n: self._schemas.read(p.get("schema", {})) for n, p in parameters.items()}
        required: list[JsonValue] = [n for n, p in parameters.items() if p.get("required") is True]
        members: JsonObject = {"type": "object", "properties": {**schemas}}
        if required:
            members["required"] = required
        return members if sent == {} else {"allOf": [members, sent]}

    def _parameters(self, operation: JsonObject, item: JsonObject) -> dict[str, JsonObject]:
        """Those of the path and those of the operation, which come later and win."""
        found: dict[str, JsonObject] = {}
        for each in (*_list(item.get("parameters")), *_list(operation.get("parameters"))):
            parameter = self._followed(each)
            name, place = parameter.get("name"), parameter.get("in")
            if isinstance(name, str) and place in SENT_AS_MEMBERS:
                found[name] = parameter
        return found

    def _answers(self, operation: JsonObject) -> Iterator[tuple[int, JsonValue]]:
        """Give each status that is a number with the schema of its body; 200 when none is a 2xx."""
        responses = _object(operation.get("responses"))
        statuses = {int(s): self._followed(r) for s, r in responses.items() if s.isdecimal()}
        if not any(map(is_success, statuses)):
            yield 200, self._json_of(self._followed(responses.get("2XX")))
        for status, response in statuses.items():
            yield status, self._json_of(response)

    def _json_of(self, holder: JsonObject) -> JsonValue:
        """The schema of the JSON content of a request or a response; anything when it has none."""
        for media, content in _object(holder.get("content")).items():
            kind = media.partition(";")[0].strip().lower()
            if kind == "application/json" or kind.endswith("+json"):
                return self._schemas.read(_object(content).get("schema", {}))
        return {}

    def _followed(self, value: JsonValue | None) -> JsonObject:
        """Follow references inside the document to the object they mean."""
        for _ in range(DEEPEST):
            reference = value.get("$ref") if isinstance(value, dict) else None
            if not isinstance(reference, str):
                return _object(value)
            value = _target(self._document, reference)
        raise _invalid("", "A reference leads round in circles.")


def _target(document: JsonObject, reference: str) -> JsonValue:
    if not reference.startswith("#/"):
        raise _invalid("", f"The reference {reference!r} leaves the document.")
    try:
        return resolve(document, reference[1:])
    except KeyError as error:
        raise _invalid("", f"The reference {reference!r} leads nowhere.") from error


def _object(value: JsonValue | None) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue | None) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _invalid(pointer: str, message: str) -> DocumentInvalid:
    return DocumentInvalid(message, (Fault("not-openapi", pointer, message),))
