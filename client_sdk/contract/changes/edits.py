"""Walks two schemas side by side and names each difference, keyword by keyword."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from client_sdk.contract.changes.change import Change, Where, edited, mapped, put
from client_sdk.contract.changes.pairs import (
    DEFINITIONS,
    At,
    Pairs,
    called,
    listed_in,
    pairs_inside,
)
from client_sdk.contract.changes.rewriting import is_rewritten, types_of
from client_sdk.contract.changes.wording import listed, shown, typed
from client_sdk.contract.document import equality_key, json_equal
from client_sdk.contract.evaluation.resources import words_in
from client_sdk.contract.model import ABSENT, Absent, ToolContract
from client_sdk.contract.pointer import join
from client_sdk.contract.values import JsonObject, JsonValue

_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "bound-changed": (
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
        *("minContains", "maxContains", "uniqueItems"),
    ),
    "pattern-changed": ("pattern",),
    "format-changed": ("format",),
    "members-changed": (
        *("properties", "additionalProperties", "unevaluatedProperties", "patternProperties"),
        *("propertyNames", "dependentRequired", "dependentSchemas", "dependencies"),
    ),
    "items-changed": ("items", "prefixItems", "additionalItems", "unevaluatedItems", "contains"),
    "condition-changed": ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "const"),
    "reference-changed": (
        *("$ref", "$dynamicRef", "$recursiveRef", "$id", "id", "$schema"),
        *("$anchor", "$dynamicAnchor", "$recursiveAnchor"),
    ),
}
_KIND_OF: Final = {keyword: kind for kind, keywords in _KINDS.items() for keyword in keywords}
_SILENT: Final = frozenset(("annotation-changed", "format-changed"))


def schema_changes(where: Where, old: JsonValue, new: JsonValue) -> Iterator[Change]:
    """Every difference between two schemas, outermost first."""
    waiting: Pairs = [(At(where, (), "", _definitions(new)), old, new)]
    while waiting:
        at, before, after = waiting.pop()
        if json_equal(before, after):
            continue
        if not isinstance(before, dict) or not isinstance(after, dict):
            yield _replaced(at, before, after)
            continue
        if is_rewritten(before, after):
            yield _replaced(at, before, after)
            continue
        for keyword in sorted({*before, *after}):
            inner = pairs_inside(at, keyword, before.get(keyword), after.get(keyword))
            waiting += reversed(inner or ())
            yield from _named(at, keyword, before, after, walked=inner is not None)


def _named(
    at: At, keyword: str, before: JsonObject, after: JsonObject, *, walked: bool
) -> Iterator[Change]:
    """The changes that are said about a keyword itself."""
    old, new = before.get(keyword, ABSENT), after.get(keyword, ABSENT)
    if keyword == "properties":
        yield from _members(at, before.get(keyword), after.get(keyword))
    elif walked or keyword in DEFINITIONS or (old is not ABSENT and _same(old, new)):
        return
    elif keyword in _SPECIAL:
        yield from _SPECIAL[keyword](at, before, after)
    else:
        kind = _KIND_OF.get(keyword, "annotation-changed")
        what = f"{_subject(at)} {_moved(keyword, old, new)}"
        yield _set(at, keyword, (kind, what), (old, new))


def _same(old: JsonValue | Absent, new: JsonValue | Absent) -> bool:
    return new is not ABSENT and old is not ABSENT and json_equal(old, new)


def _members(at: At, old: JsonValue, new: JsonValue) -> Iterator[Change]:
    before, after = mapped(old), mapped(new)
    inner = at.below("properties")
    for name in after:
        if name not in before:
            what = f"`{called(at.name, name)}` is new."
            yield _set(inner, name, ("member-added", what), (ABSENT, after[name]))
    for name in before:
        if name not in after:
            what = f"`{called(at.name, name)}` is no longer declared."
            yield _set(inner, name, ("member-removed", what), (before[name], ABSENT))


def _required(at: At, before: JsonObject, after: JsonObject) -> Iterator[Change]:
    old, new = listed_in(before.get("required")), listed_in(after.get("required"))
    for name in new:
        if name not in old:
            member = called(at.name, name)
            said = "required-added", f"`{member}` is now required."
            yield replace(_set(at, "required", said, (old, [*old, name])), member=member)
    for name in old:
        if name not in new:
            member, rest = called(at.name, name), [each for each in old if each != name]
            said = "required-removed", f"`{member}` is no longer required."
            yield replace(_set(at, "required", said, (old, rest)), member=member)


def _enum(at: At, before: JsonObject, after: JsonObject) -> Iterator[Change]:
    old, new = before.get("enum"), after.get("enum")
    if not isinstance(old, list):
        what = f"{_subject(at)} now allows only {listed(listed_in(new))}."
        yield _set(at, "enum", ("enum-narrowed", what), (ABSENT, new))
        return
    if not isinstance(new, list):
        what = f"{_subject(at)} may now hold more than {listed(old)}."
        yield _set(at, "enum", ("enum-widened", what), (old, ABSENT))
        return
    was, now = set(map(equality_key, old)), set(map(equality_key, new))
    gone = [each for each in old if equality_key(each) not in now]
    added = [each for each in new if equality_key(each) not in was]
    if gone:
        rest = [each for each in old if equality_key(each) in now]
        what = f"{_subject(at)} no longer allows {listed(gone)}."
        yield _set(at, "enum", ("enum-narrowed", what), (old, rest))
    if added:
        what = f"{_subject(at)} now also allows {listed(added)}."
        yield _set(at, "enum", ("enum-widened", what), (old, [*old, *added]))


def _type(at: At, before: JsonObject, after: JsonObject) -> Iterator[Change]:
    old, new = before.get("type"), after.get("type")
    if _type_set(old) == _type_set(new):
        return
    what = f"{_subject(at)} changed its type from {typed(old)} to {typed(new)}."
    yield _set(at, "type", ("type-changed", what), (_there(old), _there(new)))


_Special: TypeAlias = "Callable[[At, JsonObject, JsonObject], Iterator[Change]]"
_SPECIAL: Final[dict[str, _Special]] = {"required": _required, "enum": _enum, "type": _type}


def _type_set(value: JsonValue) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset((value,))
    return frozenset(str(each) for each in value) if isinstance(value, list) else frozenset()


def _there(value: JsonValue) -> JsonValue | Absent:
    return ABSENT if value is None else value


def _set(
    at: At,
    keyword: str,
    said: tuple[str, str],
    values: tuple[JsonValue | Absent, JsonValue | Absent],
) -> Change:
    kind, what = said
    old, new = values

    def apply(tool: ToolContract) -> ToolContract:
        resource = at.where.resource(tool)
        schema = _defined(edited(resource.schema, at.tokens, keyword, new), at, new)
        return at.where.put(tool, replace(resource, schema=schema))

    return Change(
        rule=f"{at.where.side}-{kind}",
        side=at.where.side,
        path=join(at.path, keyword),
        what=what,
        old=None if old is ABSENT else old,
        new=None if new is ABSENT else new,
        apply=None if kind in _SILENT else apply,
        status=at.where.status,
    )


def _replaced(at: At, old: JsonValue, new: JsonValue) -> Change:
    """A schema that became another kind of schema: `true`, `false` or an object."""

    def apply(tool: ToolContract) -> ToolContract:
        resource = at.where.resource(tool)
        schema = _defined(put(resource.schema, at.tokens, new), at, new)
        return at.where.put(tool, replace(resource, schema=schema))

    before, after = types_of(old), types_of(new)
    is_retyped = before is not None and after is not None and before != after
    return Change(
        rule=f"{at.where.side}-{'type' if is_retyped else 'condition'}-changed",
        side=at.where.side,
        path=at.path,
        what=f"{_subject(at)} is described by {shown(new)} instead of {shown(old)}.",
        old=old,
        new=new,
        apply=apply,
        status=at.where.status,
    )


def _definitions(schema: JsonValue) -> JsonObject:
    return {each: mapped(schema).get(each, {}) for each in sorted(DEFINITIONS)}


def _defined(schema: JsonValue, at: At, new: JsonValue | Absent) -> JsonValue:
    """The schema with the definitions that its new piece refers to and the old one lacks."""
    if new is ABSENT or not isinstance(schema, dict) or not _refers(new):
        return schema
    missing = {
        each: {**mapped(there), **mapped(schema.get(each))}
        for each, there in at.definitions.items()
        if not mapped(there).keys() <= mapped(schema.get(each)).keys()
    }
    return {**schema, **missing}


def _refers(value: JsonValue) -> bool:
    """Whether a schema refers to something, or is the text of a reference itself."""
    if isinstance(value, dict | list):
        return "$ref" in words_in(value)
    return isinstance(value, str) and value.startswith("#/")


def _subject(at: At) -> str:
    if at.name:
        return f"`{at.name}`"
    return "The input" if at.where.member == "input_schema" else "The body"


def _moved(keyword: str, old: JsonValue | Absent, new: JsonValue | Absent) -> str:
    if old is ABSENT:
        return f"now has `{keyword}` {_value(new)}."
    if new is ABSENT:
        return f"no longer has `{keyword}` (it was {_value(old)})."
    return f"changed `{keyword}` from {_value(old)} to {_value(new)}."


def _value(value: JsonValue | Absent) -> str:
    return "nothing" if value is ABSENT else shown(value)
