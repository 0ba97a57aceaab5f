"""Constraints out of a document: an unknown kind or a missing member is a fault, never silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from client_sdk.contract.constraints import (
    Constraint,
    FieldAbsentIf,
    FieldEquals,
    FieldMatches,
    FieldPresentIf,
    SchemaConstraint,
)
from client_sdk.contract.errors import Severity
from client_sdk.contract.members import Members, shown
from client_sdk.contract.schema_reading import SchemaReader
from client_sdk.contract.spelling import near_miss

_SEVERITIES: Final = tuple(severity.value for severity in Severity)
_SHARED: Final = ("type", "severity", "message")


@dataclass(frozen=True, slots=True)
class _Kind:
    members: tuple[str, ...]
    read: Callable[[Members, SchemaReader, Severity, str], Constraint | None]


def read_constraint(members: Members, schemas: SchemaReader) -> Constraint | None:
    """Read one constraint; None when it cannot be read, which is noted."""
    if not members.required("type"):
        return None
    name = members.text("type")
    kind = _KINDS.get(name)
    if kind is None:
        _note_unknown(members, name)
        return None
    members.only((*_SHARED, *kind.members))
    severity, message = _severity(members), members.text("message")
    missing = [member for member in kind.members if not members.required(member)]
    if missing:
        return None
    return kind.read(members, schemas, severity, message)


def _note_unknown(members: Members, name: str) -> None:
    meant = near_miss(name, _KINDS)
    hint = f"did you mean {shown(meant)}?" if meant else f"known are {', '.join(_KINDS)}."
    members.faults.error(
        "unknown-constraint", members.at("type"), f"{shown(name)} is no constraint; {hint}"
    )


def _severity(members: Members) -> Severity:
    name = members.text("severity", Severity.ERROR)
    if name not in _SEVERITIES:
        known = ", ".join(_SEVERITIES)
        message = f"{shown(name)} is no severity; known are {known}."
        members.faults.error("unknown-severity", members.at("severity"), message)
        return Severity.ERROR
    return Severity(name)


def _field(members: Members, name: str, schemas: SchemaReader) -> str:
    field = members.text(name, "?")
    trouble = schemas.fields.trouble(field)
    if trouble is not None:
        members.faults.error("field-invalid", members.at(name), trouble)
    return field


def _equals(
    members: Members, schemas: SchemaReader, severity: Severity, message: str
) -> Constraint:
    return FieldEquals(_field(members, "field", schemas), members.value["value"], severity, message)


def _present_if(
    members: Members, schemas: SchemaReader, severity: Severity, message: str
) -> Constraint:
    return FieldPresentIf(
        _field(members, "condition_field", schemas),
        members.value["condition_value"],
        _field(members, "required_field", schemas),
        severity,
        message,
    )


def _absent_if(
    members: Members, schemas: SchemaReader, severity: Severity, message: str
) -> Constraint:
    return FieldAbsentIf(
        _field(members, "condition_field", schemas),
        members.value["condition_value"],
        _field(members, "absent_field", schemas),
        severity,
        message,
    )


def _matches(
    members: Members, schemas: SchemaReader, severity: Severity, message: str
) -> Constraint:
    pattern = members.text("pattern")
    trouble = schemas.patterns.trouble(pattern)
    if trouble is not None:
        code, sentence = trouble
        members.faults.error(code, members.at("pattern"), sentence)
    return FieldMatches(_field(members, "field", schemas), pattern, severity, message)


def _schema(
    members: Members, schemas: SchemaReader, severity: Severity, message: str
) -> Constraint | None:
    schema = schemas.read(members.value["schema"], members.at("schema"))
    return None if schema is None else SchemaConstraint(schema, severity, message)


_KINDS: Final[Mapping[str, _Kind]] = {
    "field_equals": _Kind(("field", "value"), _equals),
    "field_present_if": _Kind(
        ("condition_field", "condition_value", "required_field"), _present_if
    ),
    "field_absent_if": _Kind(("condition_field", "condition_value", "absent_field"), _absent_if),
    "field_matches": _Kind(("field", "pattern"), _matches),
    "schema": _Kind(("schema",), _schema),
}
