"""Validation: what a value violates, in words that its sender can act on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, assert_never

from client_sdk.contract import pointer as pointers
from client_sdk.contract.constraints import required_fields_schema
from client_sdk.contract.errors import Severity
from client_sdk.contract.evaluation import (
    EvaluationTooComplex,
    Failure,
    SchemaUnusable,
    Steps,
    ValueUnusable,
    accepts,
    failures_of,
)
from client_sdk.contract.evaluation.wording import shortened, shown
from client_sdk.contract.model import (
    Constraint,
    FieldAbsentIf,
    FieldEquals,
    FieldMatches,
    FieldPresentIf,
    SchemaConstraint,
    ToolContract,
    is_success,
)
from client_sdk.contract.shape import Shape
from client_sdk.contract.values import JsonValue

__all__ = [
    "EvaluationTooComplex",
    "SchemaUnusable",
    "Steps",
    "ValueUnusable",
    "Violation",
    "is_valid",
    "validate_request",
    "validate_response",
    "violations",
]

MISSING_RULES: Final = frozenset({"required", "dependentRequired", "dependencies"})
EXCESS_RULES: Final = frozenset(
    {"additionalProperties", "unevaluatedProperties", "propertyNames", "false"}
)
FieldConstraint: TypeAlias = FieldEquals | FieldPresentIf | FieldAbsentIf | FieldMatches


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a value is not what was agreed.

    `path` is a JSON Pointer into the value, `field` the same in words, `rule` the JSON Schema
    keyword or the type of the constraint. `actual` is cut where it is long.
    """

    field: str
    expected: str
    actual: JsonValue
    severity: Severity
    message: str
    path: str
    rule: str


def is_valid(shape: Shape, value: JsonValue) -> bool:
    """Say whether the value fits the shape.

    Raises:
        ContractError: it cannot be decided (`too-complex`, `schema-unusable`, `value-unusable`).
    """
    return all(accepts(part, value) for part in shape.parts)


def violations(
    shape: Shape,
    value: JsonValue,
    *,
    pointer: str = "",
    name: str = "value",
    steps: Steps | None = None,
) -> tuple[Violation, ...]:
    """Give what keeps the value from fitting the shape; nothing when it fits.

    `pointer` is where the value stands in something larger, `name` what its root is called.
    Judgements that are given the same `steps` share that budget.

    Raises:
        ContractError: it cannot be decided (`too-complex`, `schema-unusable`, `value-unusable`).
    """
    failures = (
        failure for part in shape.parts for failure in failures_of(part, value, steps=steps)
    )
    return _without_repetition(_violation(failure, pointer, name) for failure in failures)


def validate_request(tool: ToolContract, input_value: JsonValue) -> tuple[Violation, ...]:
    """Give what keeps an input from being one that the consumer said it may send.

    Raises:
        ContractError: it cannot be decided (`too-complex`, `schema-unusable`, `value-unusable`).
    """
    return violations(tool.input_shape(), input_value, name="input")


def validate_response(
    tool: ToolContract, status_code: int, body: JsonValue
) -> tuple[Violation, ...]:
    """Give what the consumer would not understand of an answer.

    A status that it does not handle is the only violation then: its body has no schema.

    Raises:
        ContractError: it cannot be decided (`too-complex`, `schema-unusable`, `value-unusable`).
    """
    if status_code not in tool.status_codes:
        return (_unhandled_status(tool, status_code),)
    if not is_success(status_code):
        return violations(tool.output_shape(status_code), body, name="body")
    return _without_repetition(
        (
            *violations(_declared_shape(tool), body, name="body"),
            *(found for each in tool.constraints for found in _constraint_violations(each, body)),
        )
    )


def _declared_shape(tool: ToolContract) -> Shape:
    required = tool.required_output_fields
    return Shape((tool.output, *((required_fields_schema(required),) if required else ())))


def _constraint_violations(constraint: Constraint, body: JsonValue) -> Iterator[Violation]:
    failures = failures_of(constraint.to_schema(), body)
    if isinstance(constraint, SchemaConstraint):
        for failure in failures:
            yield _under(constraint, replace(_violation(failure, "", "body"), rule="schema"))
    elif failures:
        yield _under(constraint, _broken_clause(constraint, body))


def _under(constraint: Constraint, found: Violation) -> Violation:
    message = constraint.message or found.message
    return replace(found, severity=constraint.severity, message=message)


def _broken_clause(constraint: FieldConstraint, body: JsonValue) -> Violation:
    field, expected, rule = _clause(constraint)
    path = pointers.join("", field) if not field.startswith("/") else field
    try:
        actual = shortened(pointers.resolve(body, path))
        state = f"is {shown(actual)}"
    except KeyError:
        actual, state = None, "is missing"
    name = ".".join(pointers.tokens_of(path))
    message = f"{name} should be {expected}, {state}"
    return Violation(name, expected, actual, Severity.ERROR, message, path, rule)


def _clause(constraint: FieldConstraint) -> tuple[str, str, str]:
    """Give the field that a constraint is about, what it should be, and the constraint's type."""
    match constraint:
        case FieldEquals(field=field, value=value):
            return field, shown(value), "field_equals"
        case FieldPresentIf(condition_field=when, condition_value=value, required_field=field):
            return field, f"present when {when} is {shown(value)}", "field_present_if"
        case FieldAbsentIf(condition_field=when, condition_value=value, absent_field=field):
            return field, f"absent when {when} is {shown(value)}", "field_absent_if"
        case FieldMatches(field=field, pattern=pattern):
            return field, f"text in which {pattern} is found", "field_matches"
        case _:
            assert_never(constraint)


def _unhandled_status(tool: ToolContract, status_code: int) -> Violation:
    expected = " or ".join(str(status) for status in sorted(tool.status_codes))
    return Violation(
        field="status_code",
        expected=expected,
        actual=status_code,
        severity=Severity.ERROR,
        message=f"status {status_code} is not one the consumer handles ({expected})",
        path="",
        rule="status_code",
    )


def _violation(failure: Failure, prefix: str, name: str) -> Violation:
    field = ".".join(pointers.tokens_of(failure.pointer)) or name
    return Violation(
        field=field,
        expected=failure.expected,
        actual=shortened(failure.actual),
        severity=Severity.ERROR,
        message=_sentence(failure, field),
        path=prefix + failure.pointer,
        rule=failure.rule,
    )


def _sentence(failure: Failure, field: str) -> str:
    if failure.rule in MISSING_RULES:
        return f"{field} is missing"
    if failure.rule in EXCESS_RULES:
        return f"{field} is not allowed here"
    return f"{field} should be {failure.expected}, is {shown(failure.actual)}"


def _without_repetition(found: Iterable[Violation]) -> tuple[Violation, ...]:
    """Keep one of those that say the same: a field may be required twice."""
    return tuple({(each.path, each.rule, each.expected): each for each in found}.values())
