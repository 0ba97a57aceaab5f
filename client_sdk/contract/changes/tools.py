"""Walks two versions of a tool's contract and names each difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from client_sdk.contract.canonical import equality_key
from client_sdk.contract.changes.change import Change, Where, edited
from client_sdk.contract.changes.edits import schema_changes
from client_sdk.contract.changes.wording import shown
from client_sdk.contract.constraints import Constraint
from client_sdk.contract.document import json_equal
from client_sdk.contract.errors import Severity
from client_sdk.contract.model import ABSENT, Example, ToolContract
from client_sdk.contract.report import Side
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.values import JsonValue

_INPUT: Final = Where(Side.INPUT, "input_schema")
_OUTPUT: Final = Where(Side.OUTPUT, "output_schema")


def tool_changes(old: ToolContract, new: ToolContract) -> tuple[Change, ...]:
    """Every difference between two versions of a tool, inputs first."""
    return tuple(change for step in _STEPS for change in step(old, new))


def _inputs(old: ToolContract, new: ToolContract) -> Iterator[Change]:
    yield from _resources(_INPUT, old.input, new.input)


def _outputs(old: ToolContract, new: ToolContract) -> Iterator[Change]:
    for change in _resources(_OUTPUT, old.output, new.output):
        if change.path == "/output_schema/required":
            was = change.member in old.required_output_fields
            if was or change.member in new.required_output_fields:
                continue  # required before and after, or said by `required_output_fields`
        listed = change.rule == "output-required-removed" and _is_listed(change, new)
        yield replace(change, rule="output-required-to-optional") if listed else change


def _is_listed(change: Change, new: ToolContract) -> bool:
    """Whether the field that is no longer required is one of the optional fields."""
    names = {field.removeprefix("/").replace("/", ".") for field in new.optional_output_fields}
    return change.member in names


def _resources(where: Where, old: SchemaResource, new: SchemaResource) -> Iterator[Change]:
    changes = schema_changes(where, old.schema, new.schema)
    if old.dialect is not new.dialect:
        yield _dialect(where, old, new)
        path = f"/{where.member}/$schema"
        changes = (change for change in changes if change.path != path)
    yield from changes


def _dialect(where: Where, old: SchemaResource, new: SchemaResource) -> Change:
    said = new.schema.get("$schema", ABSENT) if isinstance(new.schema, dict) else ABSENT

    def apply(tool: ToolContract) -> ToolContract:
        schema = where.resource(tool).schema
        written = edited(schema, (), "$schema", said) if isinstance(schema, dict) else schema
        return where.put(tool, SchemaResource(written, new.dialect))

    return Change(
        rule=f"{where.side}-dialect-changed",
        side=where.side,
        path=f"/{where.member}/$schema",
        what=f"The schema is written in {new.dialect} instead of {old.dialect}.",
        old=old.dialect.value,
        new=new.dialect.value,
        apply=apply,
        status=where.status,
    )


def _required_fields(old: ToolContract, new: ToolContract) -> Iterator[Change]:
    before, after = old.required_output_fields, new.required_output_fields
    still = _required_by_schema(new)
    for name in after:
        if name not in before and name not in _required_by_schema(old):
            yield _fields(
                "output-required-added", f"`{name}` is now required.", (*before, name), old
            )
    for name in before:
        if name not in after and name not in still:
            rest = tuple(each for each in before if each != name)
            optional = name in new.optional_output_fields
            rule = "output-required-to-optional" if optional else "output-required-removed"
            yield _fields(rule, f"`{name}` is no longer required.", rest, old)


def _fields(rule: str, what: str, names: tuple[str, ...], old: ToolContract) -> Change:
    return Change(
        rule=rule,
        side=Side.OUTPUT,
        path="/required_output_fields",
        what=what,
        old=list(old.required_output_fields),
        new=list(names),
        apply=lambda tool: replace(tool, required_output_fields=names),
    )


def _required_by_schema(tool: ToolContract) -> list[JsonValue]:
    schema = tool.output.schema
    required = schema.get("required") if isinstance(schema, dict) else None
    return required if isinstance(required, list) else []


def _optional_fields(old: ToolContract, new: ToolContract) -> Iterator[Change]:
    before, after = set(old.optional_output_fields), set(new.optional_output_fields)
    if before != after:
        yield Change(
            rule="output-optional-changed",
            side=Side.OUTPUT,
            path="/optional_output_fields",
            what=f"The optional fields are now {shown([*new.optional_output_fields])}.",
            old=list(old.optional_output_fields),
            new=list(new.optional_output_fields),
        )


def _statuses(old: ToolContract, new: ToolContract) -> Iterator[Change]:
    before, after = old.status_codes, new.status_codes
    for rule, codes, what in (
        ("status-added", [code for code in after if code not in before], "is now handled"),
        ("status-removed", [code for code in before if code not in after], "is no longer handled"),
    ):
        for code in codes:
            yield Change(
                rule=rule,
                side=Side.STATUS,
                path="/status_codes",
                what=f"Status {code} {what}.",
                old=list(before),
                new=list(after),
                status=code,
            )


def _responses(old: ToolContract, new: ToolContract) -> Iterator[Change]:
    for status in sorted({*old.responses, *new.responses}):
        before, after = old.responses.get(status), new.responses.get(status)
        if before is not None and after is not None:
            where = Where(Side.OUTPUT, f"responses/{status}", status)
            yield from _resources(where, before, after)
        else:
            yield _response(status, before, after)


def _response(status: int, old: SchemaResource | None, new: SchemaResource | None) -> Change:
    def apply(tool: ToolContract) -> ToolContract:
        kept = {code: each for code, each in tool.responses.items() if code != status}
        return replace(tool, responses=kept if new is None else {**kept, status: new})

    return Change(
        rule="response-removed" if new is None else "response-added",
        side=Side.OUTPUT,
        path=f"/responses/{status}",
        what=f"The body of status {status} is "
        + ("no longer described." if new is None else "now described."),
        old=None if old is None else old.schema,
        new=None if new is None else new.schema,
        apply=apply,
        status=status,
    )


def _constraints(old: ToolContract, new: ToolContract) -> Iterator[Change]:
    before = {_constraint_key(each): each for each in old.constraints}
    after = {_constraint_key(each): each for each in new.constraints}
    for index, (key, constraint) in enumerate(after.items()):
        if key not in before:
            added = (*old.constraints, constraint)
            yield _constraint("constraint-added", index, constraint, added)
    for index, (key, constraint) in enumerate(before.items()):
        if key not in after:
            rest = tuple(each for each in old.constraints if each is not constraint)
            yield _constraint("constraint-removed", index, constraint, rest)


def _constraint(
    rule: str, index: int, constraint: Constraint, all_of_them: tuple[Constraint, ...]
) -> Change:
    schema = constraint.to_schema().schema
    added = rule == "constraint-added"
    judged = constraint.severity is Severity.ERROR
    return Change(
        rule=rule,
        side=Side.CONSTRAINT,
        path=f"/constraints/{index}",
        what=f"A constraint is {'new' if added else 'gone'}: {_constraint_text(constraint)}.",
        old=None if added else schema,
        new=schema if added else None,
        apply=(lambda tool: replace(tool, constraints=all_of_them)) if judged else None,
    )


def _constraint_text(constraint: Constraint) -> str:
    return constraint.message.removesuffix(".") or shown(constraint.to_schema().schema)


def _constraint_key(constraint: Constraint) -> str:
    return f"{constraint.severity} {constraint.message} {constraint.to_schema().key}"


def _examples(old: ToolContract, new: ToolContract) -> Iterator[Change]:
    before = {example_key(each) for each in old.examples}
    after = {example_key(each) for each in new.examples}
    for index, example in enumerate(new.examples):
        if example_key(example) not in before:
            what = f"The example `{example.name}` is new."
            yield _example("example-added", index, what, (None, example.input))
    for index, example in enumerate(old.examples):
        if example_key(example) not in after:
            what = f"The example `{example.name}` is gone."
            yield _example("example-removed", index, what, (example.input, None))


def _example(rule: str, index: int, what: str, values: tuple[JsonValue, JsonValue]) -> Change:
    path = f"/examples/{index}"
    return Change(rule, Side.EXAMPLE, path, what, old=values[0], new=values[1])


def example_key(example: Example) -> str:
    """What makes two examples the same: everything but their name."""
    response = example.response
    body = None if response is None or response.body is ABSENT else response.body
    status = None if response is None else response.status_code
    return equality_key([example.input, example.provider_state, example.params, status, body])


def _rest(old: ToolContract, new: ToolContract) -> Iterator[Change]:
    for rule, member, values in (
        ("tool-version-changed", "version", (old.version, new.version)),
        ("tool-description-changed", "description", (old.description, new.description)),
        ("expectations-changed", "expectations", (old.expectations, new.expectations)),
    ):
        if not json_equal(*values):
            what = f"`{member}` changed from {shown(values[0])} to {shown(values[1])}."
            yield Change(rule, Side.TOOL, f"/{member}", what, old=values[0], new=values[1])


_STEPS: Final[tuple[Callable[[ToolContract, ToolContract], Iterator[Change]], ...]] = (
    _inputs,
    _outputs,
    _required_fields,
    _optional_fields,
    _statuses,
    _responses,
    _constraints,
    _examples,
    _rest,
)
