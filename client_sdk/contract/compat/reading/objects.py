"""Keywords about objects (Core 2020-12, section 10.3.2; Validation 2020-12, section 6.5)."""

from __future__ import annotations

from client_sdk.contract.compat.reading.arguments import a_count, an_object, strings
from client_sdk.contract.compat.reading.reader import At
from client_sdk.contract.compat.terms.kinds import OBJECT
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.values import JsonValue


def properties(at: At, argument: JsonValue) -> Node:
    """Accept objects whose named members fit, where present (10.3.2.1)."""
    schemas = an_object(at, "properties", argument).items()
    return at.arena.all_of(
        at.arena.member(name, at.inside(schema, "properties", name)) for name, schema in schemas
    )


def pattern_properties(at: At, argument: JsonValue) -> Node:
    """Accept objects whose members fit what their names match (10.3.2.2)."""
    schemas = an_object(at, "patternProperties", argument).items()
    return at.arena.all_of(
        at.arena.each(at.arena.matches(source), at.inside(schema, "patternProperties", source))
        for source, schema in schemas
    )


def additional_properties(at: At, argument: JsonValue) -> Node:
    """Accept objects whose other members fit; only the two keywords beside it count (10.3.2.3)."""
    left_over = at.arena.negate(declared_names(at))
    return at.arena.each(left_over, at.inside(argument, "additionalProperties"))


def declared_names(at: At) -> Node:
    """Accept the names that `properties` and `patternProperties` of this object speak of."""
    named = an_object(at, "properties", at.schema.get("properties", {}))
    sources = an_object(at, "patternProperties", at.schema.get("patternProperties", {}))
    return at.arena.any_of(
        [at.arena.values(list(named)), *(at.arena.matches(source) for source in sources)]
    )


def property_names(at: At, argument: JsonValue) -> Node:
    """Accept objects whose names, as strings, fit (10.3.2.4)."""
    wrong = at.arena.negate(at.inside(argument, "propertyNames"))
    return at.arena.each(wrong, at.arena.never)


def required(at: At, argument: JsonValue) -> Node:
    """Accept objects that have these members (6.5.3)."""
    names = strings(at, "required", argument)
    return at.arena.all_of(at.arena.has(name, at.arena.anything) for name in names)


def min_properties(at: At, argument: JsonValue) -> Node:
    """Accept objects of at least so many members (6.5.2)."""
    return at.arena.size(OBJECT, a_count(at, "minProperties", argument), upper=False)


def max_properties(at: At, argument: JsonValue) -> Node:
    """Accept objects of at most so many members (6.5.1)."""
    return at.arena.size(OBJECT, a_count(at, "maxProperties", argument), upper=True)


def dependent_required(at: At, argument: JsonValue) -> Node:
    """Accept objects in which a member brings others with it (6.5.4)."""
    groups = an_object(at, "dependentRequired", argument).items()
    return at.arena.all_of(
        _brings(at, name, _all_present(at, strings(at, "dependentRequired", names)))
        for name, names in groups
    )


def dependent_schemas(at: At, argument: JsonValue) -> Node:
    """Accept objects in which a member brings a schema for the object (Core, 10.2.2.4)."""
    groups = an_object(at, "dependentSchemas", argument).items()
    return at.arena.all_of(
        _brings(at, name, at.here(schema, "dependentSchemas", name)) for name, schema in groups
    )


def dependencies(at: At, argument: JsonValue) -> Node:
    """Read as the two above, told apart by their form (Validation draft 7, 6.5.7, and before)."""
    return at.arena.all_of(
        _brings(at, name, _dependency(at, name, wanted))
        for name, wanted in an_object(at, "dependencies", argument).items()
    )


def _dependency(at: At, name: str, wanted: JsonValue) -> Node:
    if isinstance(wanted, list):
        return _all_present(at, strings(at, "dependencies", wanted))
    return at.here(wanted, "dependencies", name)


def _brings(at: At, name: str, consequence: Node) -> Node:
    return at.arena.any_of((at.arena.member(name, at.arena.never), consequence))


def _all_present(at: At, names: list[str]) -> Node:
    return at.arena.all_of(at.arena.has(name, at.arena.anything) for name in names)
