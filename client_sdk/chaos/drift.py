"""Drift made of a contract's own schema, each kind labelled allowed or breaking by the kernel.

An operator is a change that a producer could ship: it edits the output schema, and a body the
same way. It is allowed when every body of the edited schema is one the consumer understands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from client_sdk.chaos.decisions import Draws
from client_sdk.chaos.drift_places import (
    EACH,
    Place,
    body_with,
    body_without,
    places_of,
    schema_with,
    schema_without,
)
from client_sdk.chaos.mutators import NotApplicable, json_type
from client_sdk.contract.closed import closed
from client_sdk.contract.compat import Budget, Proved, Refuted, shape_contained
from client_sdk.contract.document import equality_key
from client_sdk.contract.errors import ContractError
from client_sdk.contract.model import Contract, ToolContract, is_success
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.validation import is_valid
from client_sdk.contract.values import JsonValue
from client_sdk.exchange import Result

BUDGET: Final = Budget(steps=60_000, wall_seconds=2.0)
UNKNOWN_MEMBER: Final = "x_unexpected"
UNKNOWN_VALUE: Final = "unexpected_value"
SUCCESS: Final = 200
_OTHER_TYPES: Final[dict[str, JsonValue]] = {
    "string": ["number", "array"],
    "number": "string",
    "integer": "string",
    "boolean": "string",
    "array": "object",
    "object": "string",
}


class Label(StrEnum):
    """Whether a consumer must survive a drift; what is undecided counts as neither."""

    ALLOWED = "allowed"
    BREAKING = "breaking"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class DriftOperator:
    """One change of a tool's answers: what it is called, where, and what the kernel says."""

    tool: str
    name: str
    pointer: str
    label: Label
    _old: ToolContract
    _change: Callable[[JsonValue], JsonValue]

    @property
    def id(self) -> str:
        """Its name and place, as in `remove /created_at`."""
        return f"{self.name} {self.pointer or '/'}"

    def apply(self, body: JsonValue) -> JsonValue:
        """Give the body as a producer that made this change would answer.

        Raises:
            NotApplicable: this body does not change, or not in the way the label says.
        """
        new = self._change(body)
        if _written(new) == _written(body):
            raise NotApplicable("the body stays the same")
        if self.label is Label.UNDECIDED:
            return new
        understood = is_valid(self._old.output_shape(SUCCESS), new)
        if understood is not (self.label is Label.ALLOWED):
            raise NotApplicable(f"on this body the change is not {self.label}")
        return new


def drifts_of(contract: Contract | ToolContract) -> tuple[DriftOperator, ...]:
    """Give every drift that the output schemas suggest, in a stable order.

    Args:
        contract: a contract, for all of its tools, or one tool of it.

    Returns:
        The operators, each labelled `allowed`, `breaking` or `undecided`.
    """
    tools = contract.tools if isinstance(contract, Contract) else (contract,)
    return tuple(operator for tool in tools for operator in _drifts_of_tool(tool))


def drifted_body(operators: Sequence[DriftOperator], result: Result, draws: Draws) -> JsonValue:
    """Give the body of a successful answer, changed by one of the operators.

    Raises:
        NotApplicable: none of them changes this answer.
    """
    if not is_success(result.status_code):
        raise NotApplicable(f"drift is about successful answers; this one has {result.status_code}")
    for operator in sorted(operators, key=lambda each: draws.share(f"drift {each.id}")):
        try:
            return operator.apply(result.body)
        except (NotApplicable, ContractError):
            continue
    raise NotApplicable("no drift of the contract's schema changes this body")


@dataclass(frozen=True, slots=True)
class _Edit:
    """A drift before it is labelled: the edited schema, and the same done to a body."""

    name: str
    pointer: str
    schema: JsonValue
    change: Callable[[JsonValue], JsonValue]
    member: str = ""  # what is no longer promised at the root


def _drifts_of_tool(tool: ToolContract) -> Iterator[DriftOperator]:
    schema = tool.output.schema
    for place in places_of(schema):
        for make in _EDITS:
            for edit in make(schema, place):
                label = _label(tool, edit)
                yield DriftOperator(
                    tool.tool_name, edit.name, edit.pointer, label, tool, edit.change
                )


def _label(tool: ToolContract, edit: _Edit) -> Label:
    """Whether the consumer understands every body of the producer that made the edit."""
    new = replace(
        tool,
        output=SchemaResource(edit.schema, tool.output.dialect),
        required_output_fields=tuple(
            each for each in tool.required_output_fields if each.lstrip("/") != edit.member
        ),
        constraints=tuple(
            each for each in tool.constraints if not edit.member or edit.member not in str(each)
        ),
    )
    try:
        shape = tool.output_shape(SUCCESS)
        verdict = shape_contained(closed(new.output_shape(SUCCESS)), shape, budget=BUDGET)
    except ContractError:
        return Label.UNDECIDED
    if isinstance(verdict, Proved):
        return Label.ALLOWED
    return Label.BREAKING if isinstance(verdict, Refuted) else Label.UNDECIDED


def _member_edits(schema: JsonValue, place: Place) -> Iterator[_Edit]:
    if not place.is_member:
        return
    way, pointer, name = place.way, place.pointer, place.way[-1]
    root = place.way[0]
    yield _Edit(
        "remove", pointer, schema_without(schema, way), lambda body: body_without(body, way), root
    )
    new = f"{name}_v2"
    renamed = schema_without(schema, way, new)
    yield _Edit("rename", pointer, renamed, lambda body: body_without(body, way, new), root)
    nullable = schema_with(schema, way, lambda old: {"anyOf": [old, {"type": "null"}]})
    yield _Edit("null", pointer, nullable, _changing(way, lambda _: None), root)


def _type_edits(schema: JsonValue, place: Place) -> Iterator[_Edit]:
    kind = _type_of(place)
    if not place.way or kind not in _OTHER_TYPES:
        return
    other = _OTHER_TYPES[kind]
    retyped = schema_with(schema, place.way, lambda _: {"type": other})
    yield _edit("retype", place, retyped, _retyped)
    if kind == "string":
        emptied = schema_with(schema, place.way, lambda _: {"const": ""})
        yield _edit("empty-text", place, emptied, _emptied)
    if kind in {"number", "integer"}:
        yield _edit("number-form", place, schema, _number_form)


def _choice_edits(schema: JsonValue, place: Place) -> Iterator[_Edit]:
    values = place.schema.get("enum")
    if "const" in place.schema:
        values = [place.schema["const"]]
    if isinstance(values, list) and place.way:
        wider: JsonValue = {"enum": [*values, UNKNOWN_VALUE]}
        widened = schema_with(schema, place.way, lambda _: wider)
        yield _edit("widen-enum", place, widened, lambda _: UNKNOWN_VALUE)


def _object_edits(schema: JsonValue, place: Place) -> Iterator[_Edit]:
    if not isinstance(place.schema.get("properties"), dict):
        return

    def declare(old: JsonValue) -> JsonValue:
        return schema_with(old, (UNKNOWN_MEMBER,), lambda _: {"type": "string"})

    added = schema_with(schema, place.way, declare)
    yield _edit("add-member", place, added, _with_unknown_member)


def _array_edits(schema: JsonValue, place: Place) -> Iterator[_Edit]:
    if _type_of(place) != "array":
        return
    if not isinstance(place.schema.get("prefixItems") or place.schema.get("items"), list):
        yield _edit("reorder", place, schema, _reversed)
    bounds: JsonValue = {"type": "array", "maxItems": 0}
    emptied = schema_with(schema, place.way, lambda _: bounds)
    yield _edit("empty-list", place, emptied, _without_items)


_EDITS: Final = (_member_edits, _type_edits, _choice_edits, _object_edits, _array_edits)


def _edit(
    name: str, place: Place, schema: JsonValue, change: Callable[[JsonValue], JsonValue]
) -> _Edit:
    is_inner = not place.way or place.way[0] == EACH
    member = "" if is_inner else place.way[0]
    return _Edit(name, place.pointer, schema, _changing(place.way, change), member)


def _changing(
    way: tuple[str, ...], change: Callable[[JsonValue], JsonValue]
) -> Callable[[JsonValue], JsonValue]:
    return lambda body: body_with(body, way, change)


def _type_of(place: Place) -> str:
    kind = place.schema.get("type")
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), None)
    return kind if isinstance(kind, str) else ""


def _retyped(value: JsonValue) -> JsonValue:
    match json_type(value):
        case "string":
            try:
                number = Decimal(str(value))
            except InvalidOperation:
                return [value]
            return number if number.is_finite() else [value]
        case "array":
            return {"items": value}
        case "null":
            raise NotApplicable("null has no other form")
        case _:
            return str(value).lower()


def _emptied(value: JsonValue) -> JsonValue:
    return "" if isinstance(value, str) else _wrong_type(value, "text")


def _number_form(value: JsonValue) -> JsonValue:
    """The same number written otherwise: 10 as 10.0."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return _wrong_type(value, "number")
    return Decimal(value) + Decimal("0.0") if value == int(value) else Decimal(f"{value}0")


def _with_unknown_member(value: JsonValue) -> JsonValue:
    if not isinstance(value, dict):
        return _wrong_type(value, "object")
    return {**value, UNKNOWN_MEMBER: "drift"}


def _reversed(value: JsonValue) -> JsonValue:
    return value[::-1] if isinstance(value, list) else _wrong_type(value, "array")


def _without_items(value: JsonValue) -> JsonValue:
    return [] if isinstance(value, list) else _wrong_type(value, "array")


def _wrong_type(value: JsonValue, wanted: str) -> JsonValue:
    raise NotApplicable(f"it is {json_type(value)} and not {wanted}")


def _written(body: JsonValue) -> str:
    """A key under which 10 and 10.0 differ, though they are the same number."""
    return equality_key(body) + repr(body)
