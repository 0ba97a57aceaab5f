"""Keywords that apply schemas to members and items, and those that judge what is left over."""

from __future__ import annotations

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.evaluation.assertions import a_list, a_number, an_object, compiled
from client_sdk.contract.evaluation.place import CHARACTERS_PER_STEP, Place, apply
from client_sdk.contract.values import JsonValue


def properties(at: Place, schemas: JsonValue) -> None:
    """Hold when each present member holds under its schema."""
    if isinstance(at.value, dict):
        for name, schema in an_object(schemas).items():
            if name in at.value:
                _member(at, name, schema)


def pattern_properties(at: Place, schemas: JsonValue) -> None:
    """Hold when each member holds under the schema of every pattern found in its name."""
    if isinstance(at.value, dict):
        for source, schema in an_object(schemas).items():
            for name in at.value:
                if _found(at, source, name):
                    _member(at, name, schema)


def additional_properties(at: Place, schema: JsonValue) -> None:
    """Hold when each member that neither of the two above names holds under the schema."""
    if not isinstance(at.value, dict):
        return
    named = an_object(at.schema.get("properties", {}))
    sources = an_object(at.schema.get("patternProperties", {}))
    for name in at.value:
        if name not in named and not any(_found(at, source, name) for source in sources):
            _left_over(at, name, schema, "additionalProperties")


def unevaluated_properties(at: Place, schema: JsonValue) -> None:
    """Hold when each member that no keyword of this place looked at holds under the schema."""
    if isinstance(at.value, dict):
        for name in at.value:
            if name not in at.members:
                _left_over(at, name, schema, "unevaluatedProperties")


def property_names(at: Place, schema: JsonValue) -> None:
    """Hold when each member's name, as a string, holds under the schema."""
    if isinstance(at.value, dict):
        for name in at.value:
            if not apply(_at_name(at, name), schema, brief=True).valid:
                at.fail("propertyNames", "no member of this name", member=name)


def items(at: Place, schema: JsonValue) -> None:
    """Hold when every item after `prefixItems` holds under the schema (2020-12)."""
    _items_from(at, len(a_list(at.schema.get("prefixItems", []))), schema)


def prefix_items(at: Place, schemas: JsonValue) -> None:
    """Hold when each of the first items holds under the schema at its place."""
    if isinstance(at.value, list):
        for index, schema in enumerate(a_list(schemas)[: len(at.value)]):
            _item(at, index, schema)


def items_or_tuple(at: Place, argument: JsonValue) -> None:
    """Hold as `prefixItems` for an array, as `items` for a schema (up to 2019-09)."""
    if isinstance(argument, list):
        prefix_items(at, argument)
    else:
        _items_from(at, 0, argument)


def additional_items(at: Place, schema: JsonValue) -> None:
    """Hold when every item after those of an `items` array holds under the schema."""
    named = at.schema.get("items")
    if isinstance(named, list):
        _items_from(at, len(named), schema)


def unevaluated_items(at: Place, schema: JsonValue) -> None:
    """Hold when each item that no keyword of this place looked at holds under the schema."""
    if isinstance(at.value, list):
        for index in range(len(at.value)):
            if index not in at.items:
                _item(at, index, schema)


def contains(at: Place, schema: JsonValue) -> None:
    """Hold when some item holds under the schema; the count may be bounded on both sides."""
    if not isinstance(at.value, list):
        return
    fitting = [
        index for index in range(len(at.value)) if apply(at, schema, token=index, brief=True).valid
    ]
    if at.base.dialect is Dialect.D2020:
        at.items.update(fitting)
    least, most = a_number(at.schema.get("minContains", 1)), at.schema.get("maxContains")
    if len(fitting) < least:
        at.fail("contains", f"at least {least} items that fit the schema under 'contains'")
    if most is not None and len(fitting) > a_number(most):
        at.fail("maxContains", f"at most {most} items that fit the schema under 'contains'")


def contains_one(at: Place, schema: JsonValue) -> None:
    """Hold when some item holds under the schema (drafts 6 and 7)."""
    if isinstance(at.value, list) and not any(
        apply(at, schema, token=index, brief=True).valid for index in range(len(at.value))
    ):
        at.fail("contains", "at least 1 item that fits the schema under 'contains'")


def _member(at: Place, name: str, schema: JsonValue) -> None:
    if schema is True:  # nothing to look at, but it is looked at
        at.run.spend()
    else:
        _absorb(at, apply(at, schema, token=name))
    at.members.add(name)


def _left_over(at: Place, name: str, schema: JsonValue, rule: str) -> None:
    if schema is False:
        at.fail(rule, "no member of this name", member=name)
    else:
        _member(at, name, schema)


def _items_from(at: Place, start: int, schema: JsonValue) -> None:
    if isinstance(at.value, list):
        for index in range(start, len(at.value)):
            if at.brief and at.failures:
                return
            _item(at, index, schema)


def _item(at: Place, index: int, schema: JsonValue) -> None:
    _absorb(at, apply(at, schema, token=index))
    at.items.add(index)


def _absorb(at: Place, child: Place) -> None:
    """Take over a child's failures, never what it evaluated: those are its own members."""
    if child.failures:
        at.include(child)


def _found(at: Place, source: str, name: str) -> bool:
    at.run.spend(1 + len(name) // CHARACTERS_PER_STEP)
    return compiled(source).search(name)


def _at_name(at: Place, name: str) -> Place:
    return Place(at.run, at.base, at.schema, value=name, pointer=at.pointer, brief=True)
