"""Pairs the schemas inside two versions of a schema, so that like is compared with like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from client_sdk.contract.changes.change import Where
from client_sdk.contract.document import equality_key
from client_sdk.contract.pointer import join
from client_sdk.contract.values import JsonObject, JsonValue

DEFINITIONS: Final = frozenset(("$defs", "definitions"))
_MAPS: Final = frozenset(("patternProperties", "dependentSchemas"))
_LISTS: Final = frozenset(("allOf", "anyOf", "oneOf", "prefixItems", "items"))
_ITEM_LISTS: Final = frozenset(("prefixItems", "items"))
_ITEMS: Final = frozenset(("items", "additionalItems", "contains"))
_SINGLES: Final = frozenset(
    (
        "items",
        "additionalProperties",
        "additionalItems",
        "contains",
        "not",
        "if",
        "then",
        "else",
        "propertyNames",
    )
)


@dataclass(frozen=True, slots=True)
class At:
    """A pair of schemas that stand at the same pointer of the old and the new schema."""

    where: Where
    tokens: tuple[str, ...]
    name: str  # how a reader calls this place
    definitions: JsonObject  # those of the whole new schema, by keyword

    def below(self, *tokens: str, name: str | None = None) -> At:
        """The pair of schemas further inside."""
        return replace(self, tokens=(*self.tokens, *tokens), name=name or self.name)

    @property
    def path(self) -> str:
        """The pointer into the tool's contract."""
        path = "/" + self.where.member
        for token in self.tokens:
            path = join(path, token)
        return path


_Aligned: TypeAlias = "tuple[int, JsonValue, JsonValue]"
Pairs: TypeAlias = "list[tuple[At, JsonValue, JsonValue]]"


def pairs_inside(at: At, keyword: str, old: JsonValue, new: JsonValue) -> Pairs | None:
    """The pairs of schemas inside a keyword, or `None` when the keyword is to be named itself."""
    if isinstance(old, dict) and isinstance(new, dict):
        return _inside_objects(at, keyword, old, new)
    same_length = isinstance(old, list) and isinstance(new, list) and len(old) == len(new)
    if keyword in _LISTS and same_length:
        pairs = _aligned(keyword, listed_in(old), listed_in(new))
        name = _called_item(at.name) if keyword in _ITEM_LISTS else at.name
        return [(at.below(keyword, str(each[0]), name=name), each[1], each[2]) for each in pairs]
    return None


def _aligned(keyword: str, old: list[JsonValue], new: list[JsonValue]) -> Iterator[_Aligned]:
    """Pairs by index; where order means nothing, only what is not in both lists."""
    if keyword in _ITEM_LISTS:
        yield from ((index, *pair) for index, pair in enumerate(zip(old, new, strict=True)))
        return
    gone = _beyond(old, new)
    yield from zip(
        gone, (old[each] for each in gone), (new[each] for each in _beyond(new, old)), strict=True
    )


def _beyond(these: list[JsonValue], those: list[JsonValue]) -> list[int]:
    """The indices of what is in the first list and not in the second, as often as it is more."""
    left, found = Counter(map(equality_key, those)), []
    for index, key in enumerate(map(equality_key, these)):
        left[key] -= 1
        if left[key] < 0:
            found.append(index)
    return found


def _inside_objects(at: At, keyword: str, old: JsonObject, new: JsonObject) -> Pairs | None:
    if keyword == "properties":
        return [
            (at.below(keyword, name, name=called(at.name, name)), old[name], new[name])
            for name in old
            if name in new
        ]
    # A definition that came or went matters to nobody until something refers to it.
    if keyword in DEFINITIONS or (keyword in _MAPS and set(old) == set(new)):
        return [
            (at.below(keyword, each, name=_called_below(at, keyword, each)), old[each], new[each])
            for each in old
            if each in new
        ]
    name = _called_item(at.name) if keyword in _ITEMS else at.name
    return [(at.below(keyword, name=name), old, new)] if keyword in _SINGLES else None


def _called_below(at: At, keyword: str, name: str) -> str:
    if keyword in DEFINITIONS:
        return f"{keyword}/{name}"
    return called(at.name, f"/{name}/") if keyword == "patternProperties" else at.name


def _called_item(around: str) -> str:
    return f"{around}[]"


def called(around: str, name: object) -> str:
    """How a reader calls a member of the place that is called `around`."""
    return f"{around}.{name}" if around else str(name)


def listed_in(value: JsonValue) -> list[JsonValue]:
    """The value when it is a list, else an empty one."""
    return value if isinstance(value, list) else []
