"""Tells a schema that was written anew from one that was edited, and which types either has."""

from __future__ import annotations

from typing import Final

from client_sdk.contract.values import JsonObject, JsonValue

_CHOICES: Final = ("anyOf", "oneOf")
_FORMS: Final = frozenset((*_CHOICES, "allOf", "$ref"))


def is_rewritten(old: JsonObject, new: JsonObject) -> bool:
    """Whether the type went into a choice or a reference, or came out of one.

    Keyword by keyword such a change reads as a heap of losses; it is one.
    """
    return ("type" in old) != ("type" in new) and _FORMS & old.keys() != _FORMS & new.keys()


def types_of(schema: JsonValue) -> frozenset[str] | None:
    """The types that a schema names, itself or in the branches of a choice; `None`: it does not."""
    if not isinstance(schema, dict):
        return None
    named = schema.get("type")
    if isinstance(named, str):
        return frozenset((named,))
    if isinstance(named, list):
        return frozenset(map(str, named))
    for keyword in _CHOICES:
        branches = schema.get(keyword)
        if isinstance(branches, list):
            return _together([types_of(branch) for branch in branches])
    return None


def _together(found: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [types for types in found if types is not None]
    return frozenset[str]().union(*known) if len(known) == len(found) else None
