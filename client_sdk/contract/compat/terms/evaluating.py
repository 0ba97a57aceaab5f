"""Evaluating a term on a value: yes, no, or None where the engine does not know.

One function per form. Values are finite, so recursive definitions end by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from client_sdk.contract.canonical import equality_key
from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.kinds import kind_of
from client_sdk.contract.compat.terms.nodes import Literal, Node
from client_sdk.contract.evaluation.numbers import number_of
from client_sdk.contract.patterns import PatternRefused, compile_pattern
from client_sdk.contract.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from client_sdk.contract.compat.terms.arena import Arena

MAX_NESTING: Final = 100  # terms inside terms; four Python frames each


def fits(arena: Arena, node: Node, value: JsonValue, nesting: int = 0) -> bool | None:
    """Say whether the value fits the term; None when that is not known."""
    if isinstance(node, Literal) and not node.kinds & kind_of(value):
        return True
    if nesting > MAX_NESTING:
        return None
    arena.meter.spend()
    return _RULES[type(node)](arena, node, value, nesting + 1)


def found(source: str, text: str) -> bool | None:
    """Say whether the pattern is found in the text; None when the engine refuses the pattern."""
    try:
        return compile_pattern(source).search(text)
    except PatternRefused:
        return None


def _types(_arena: Arena, node: nodes.Types, value: JsonValue, _nesting: int) -> bool:
    return bool(kind_of(value) & node.mask)


def _values(_arena: Arena, node: nodes.Values, value: JsonValue, _nesting: int) -> bool:
    return equality_key(value) in node.known


def _excluded(_arena: Arena, node: nodes.Excluded, value: JsonValue, _nesting: int) -> bool:
    return equality_key(value) not in node.known


def _all(arena: Arena, node: nodes.All, value: JsonValue, nesting: int) -> bool | None:
    return _every(fits(arena, part, value, nesting) for part in node.parts)


def _any(arena: Arena, node: nodes.AnyOf, value: JsonValue, nesting: int) -> bool | None:
    return _some(fits(arena, part, value, nesting) for part in node.parts)


def _not(arena: Arena, node: nodes.Not, value: JsonValue, nesting: int) -> bool | None:
    return _opposite(fits(arena, node.inner, value, nesting))


def _var(arena: Arena, node: nodes.Var, value: JsonValue, nesting: int) -> bool | None:
    body = arena.bodies.get(node.name)  # absent while the definition is being read
    return None if body is None else fits(arena, body, value, nesting)


def _bound(_arena: Arena, node: nodes.Bound, value: Decimal | float, _nesting: int) -> bool:
    number = fraction_of(value)
    if number == node.limit:
        return not node.strict
    return (number < node.limit) is node.upper


def _step(_arena: Arena, node: nodes.Step, value: Decimal | float, _nesting: int) -> bool:
    return ((fraction_of(value) / node.divisor).denominator == 1) is not node.negative


def _size(
    _arena: Arena, node: nodes.Size, value: str | list[JsonValue] | JsonObject, _nesting: int
) -> bool:
    return len(value) <= node.limit if node.upper else len(value) >= node.limit


def _matches(arena: Arena, node: nodes.Matches, value: str, _nesting: int) -> bool | None:
    arena.meter.spend(len(value) // 16)
    answer = found(node.source, value)
    return _opposite(answer) if node.negative else answer


def _unique(_arena: Arena, node: nodes.Unique, value: list[JsonValue], _nesting: int) -> bool:
    return (len({equality_key(each) for each in value}) == len(value)) is not node.negative


def _place(arena: Arena, node: nodes.Place, value: list[JsonValue], nesting: int) -> bool | None:
    return node.index >= len(value) or fits(arena, node.node, value[node.index], nesting)


def _has_place(
    arena: Arena, node: nodes.HasPlace, value: list[JsonValue], nesting: int
) -> bool | None:
    return node.index < len(value) and fits(arena, node.node, value[node.index], nesting)


def _items(arena: Arena, node: nodes.Items, value: list[JsonValue], nesting: int) -> bool | None:
    return _every(fits(arena, node.node, each, nesting) for each in value[node.start :])


def _count(arena: Arena, node: nodes.Count, value: list[JsonValue], nesting: int) -> bool | None:
    answers = [fits(arena, node.node, each, nesting) for each in value[node.start :]]
    least = answers.count(True)
    most = least + answers.count(None)
    enough = node.limit + 1 if node.upper else node.limit
    if (least >= enough) is not (most >= enough):
        return None
    return (least >= enough) is not node.upper


def _member(arena: Arena, node: nodes.Member, value: JsonObject, nesting: int) -> bool | None:
    return node.name not in value or fits(arena, node.node, value[node.name], nesting)


def _has(arena: Arena, node: nodes.Has, value: JsonObject, nesting: int) -> bool | None:
    return node.name in value and fits(arena, node.node, value[node.name], nesting)


def _each(arena: Arena, node: nodes.Each, value: JsonObject, nesting: int) -> bool | None:
    return _every(
        _some(
            (
                _opposite(fits(arena, node.names, name, nesting)),
                fits(arena, node.node, each, nesting),
            )
        )
        for name, each in value.items()
    )


def _exists(arena: Arena, node: nodes.Exists, value: JsonObject, nesting: int) -> bool | None:
    return _some(
        _every((fits(arena, node.names, name, nesting), fits(arena, node.node, each, nesting)))
        for name, each in value.items()
    )


def _opaque(_arena: Arena, _node: nodes.Opaque, _value: JsonValue, _nesting: int) -> None:
    return None


def fraction_of(value: JsonValue) -> Fraction:
    """Give the exact number that a JSON number means."""
    number = number_of(value)
    return Fraction(0 if number is None else number)


def _every(answers: Iterable[bool | None]) -> bool | None:
    known: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            known = None
    return known


def _some(answers: Iterable[bool | None]) -> bool | None:
    known: bool | None = False
    for answer in answers:
        if answer is True:
            return True
        if answer is None:
            known = None
    return known


def _opposite(answer: bool | None) -> bool | None:  # noqa: FBT001 - an answer, not a flag
    return None if answer is None else not answer


_RULES: Final[Mapping[type[Node], Callable[[Arena, Any, Any, int], bool | None]]] = {
    nodes.Types: _types,
    nodes.Values: _values,
    nodes.Excluded: _excluded,
    nodes.All: _all,
    nodes.AnyOf: _any,
    nodes.Not: _not,
    nodes.Var: _var,
    nodes.Bound: _bound,
    nodes.Step: _step,
    nodes.Size: _size,
    nodes.Matches: _matches,
    nodes.Unique: _unique,
    nodes.Place: _place,
    nodes.HasPlace: _has_place,
    nodes.Items: _items,
    nodes.Count: _count,
    nodes.Member: _member,
    nodes.Has: _has,
    nodes.Each: _each,
    nodes.Exists: _exists,
    nodes.Opaque: _opaque,
}
