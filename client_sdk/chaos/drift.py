"""Drift made of a contract's own schema, each kind labelled allowed or breaking by the kernel.

An operator is a change that a producer could ship: it edits the output schema, and a body the
same way. It is allowed when every body of the edited schema is one the consumer understands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import Final

from client_sdk.chaos.decisions import Draws
from client_sdk.chaos.drift_places import (
    Place,
    as_pointer,
    body_with,
    body_without,
    places_of,
    schema_with,
    schema_without,
)
from client_sdk.chaos.drift_values import (
    UNKNOWN_MEMBER,
    emptied,
    number_form,
    retyped,
    turned_round,
    with_unknown_member,
    without_items,
)
from client_sdk.chaos.mutators import NotApplicable
from client_sdk.contract.closed import closed
from client_sdk.contract.compat import Budget, Proved, Refuted
from client_sdk.contract.document import equality_key
from client_sdk.contract.errors import ContractError
from client_sdk.contract.model import (
    Constraint,
    Contract,
    SchemaConstraint,
    ToolContract,
    is_success,
)
from client_sdk.contract.settled import SETTLED
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.validation import is_valid
from client_sdk.contract.values import JsonValue
from client_sdk.exchange import Result

BUDGET: Final = Budget(steps=60_000, wall_seconds=2.0)
UNKNOWN_VALUE: Final = "unexpected_value"
SUCCESS: Final = 200
FIELD_MEMBERS: Final = ("field", "condition_field", "required_field", "absent_field")
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


class _Touch(Enum):
    """What an edit does to what was promised at its place."""

    NOTHING = "nothing"  # the same values, or more of them beside
    VALUE = "value"
    PRESENCE = "presence"


@dataclass(frozen=True, slots=True)
class _Edit:
    """A drift before it is labelled: the edited schema, and the same done to a body."""

    name: str
    pointer: str
    schema: JsonValue
    change: Callable[[JsonValue], JsonValue]
    touch: _Touch = _Touch.VALUE


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
            name for name in tool.required_output_fields if not _undoes(edit, name)
        ),
        constraints=tuple(each for each in tool.constraints if not _contradicts(edit, each)),
    )
    try:
        shape = tool.output_shape(SUCCESS)
        verdict = SETTLED.contained(closed(new.output_shape(SUCCESS)), shape, BUDGET)
    except ContractError:
        return Label.UNDECIDED
    if isinstance(verdict, Proved):
        return Label.ALLOWED
    return Label.BREAKING if isinstance(verdict, Refuted) else Label.UNDECIDED


def _undoes(edit: _Edit, name: str) -> bool:
    """Whether the edit takes away that a field is always there."""
    pointer = as_pointer(name)
    is_inside = pointer.startswith(edit.pointer + "/")
    match edit.touch:
        case _Touch.PRESENCE:
            return is_inside or pointer == edit.pointer
        case _Touch.VALUE:
            return is_inside
        case _Touch.NOTHING:
            return False


def _contradicts(edit: _Edit, constraint: Constraint) -> bool:
    """Whether the edit makes values that the constraint is about."""
    if edit.touch is _Touch.NOTHING:
        return False
    if isinstance(constraint, SchemaConstraint):
        return edit.pointer.rpartition("/")[2] in str(constraint.schema)
    names = (getattr(constraint, each, None) for each in FIELD_MEMBERS)
    pointers = [as_pointer(name) for name in names if isinstance(name, str)]
    return any(f"{each}/".startswith(f"{edit.pointer}/") for each in pointers)


def _member_edits(schema: JsonValue, place: Place) -> Iterator[_Edit]:
    if not place.is_member:
        return
    way, pointer, name = place.way, place.pointer, place.way[-1]
    gone = _Touch.PRESENCE
    yield _Edit(
        "remove", pointer, schema_without(schema, way), lambda body: body_without(body, way), gone
    )
    new = f"{name}_v2"
    renamed = schema_without(schema, way, new)
    yield _Edit("rename", pointer, renamed, lambda body: body_without(body, way, new), gone)
    nullable = schema_with(schema, way, lambda old: {"anyOf": [old, {"type": "null"}]})
    yield _Edit("null", pointer, nullable, _changing(way, lambda _: None))


def _type_edits(schema: JsonValue, place: Place) -> Iterator[_Edit]:
    kind = _type_of(place)
    if not place.way or kind not in _OTHER_TYPES:
        return
    other = _OTHER_TYPES[kind]
    other_type = schema_with(schema, place.way, lambda _: {"type": other})
    yield _edit("retype", place, other_type, retyped)
    if kind == "string":
        only_empty = schema_with(schema, place.way, lambda _: {"const": ""})
        yield _edit("empty-text", place, only_empty, emptied)
    if kind in {"number", "integer"}:
        yield _edit("number-form", place, schema, number_form, _Touch.NOTHING)


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
    yield _edit("add-member", place, added, with_unknown_member, _Touch.NOTHING)


def _array_edits(schema: JsonValue, place: Place) -> Iterator[_Edit]:
    if _type_of(place) != "array":
        return
    if not isinstance(place.schema.get("prefixItems") or place.schema.get("items"), list):
        yield _edit("reorder", place, schema, turned_round, _Touch.NOTHING)
    bounds: JsonValue = {"type": "array", "maxItems": 0}
    only_empty = schema_with(schema, place.way, lambda _: bounds)
    yield _edit("empty-list", place, only_empty, without_items)


_EDITS: Final = (_member_edits, _type_edits, _choice_edits, _object_edits, _array_edits)


def _edit(
    name: str,
    place: Place,
    schema: JsonValue,
    change: Callable[[JsonValue], JsonValue],
    touch: _Touch = _Touch.VALUE,
) -> _Edit:
    return _Edit(name, place.pointer, schema, _changing(place.way, change), touch)


def _changing(
    way: tuple[str, ...], change: Callable[[JsonValue], JsonValue]
) -> Callable[[JsonValue], JsonValue]:
    return lambda body: body_with(body, way, change)


def _type_of(place: Place) -> str:
    kind = place.schema.get("type")
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), None)
    return kind if isinstance(kind, str) else ""


def _written(body: JsonValue) -> str:
    """A key under which 10 and 10.0 differ, though they are the same number."""
    return equality_key(body) + repr(body)
