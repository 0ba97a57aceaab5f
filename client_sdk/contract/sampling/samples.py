"""Samples: the small one, the full one, and each place at each of its edges."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from client_sdk.contract import pointer as pointers
from client_sdk.contract.compat.instances import shape_models
from client_sdk.contract.compat.verdicts import Budget
from client_sdk.contract.document import equality_key
from client_sdk.contract.errors import ContractError
from client_sdk.contract.evaluation.wording import shown
from client_sdk.contract.sampling.building import Builder, Effort, alternatives, places
from client_sdk.contract.sampling.rooms import CannotBuild, Node, nodes_of, room_of
from client_sdk.contract.shape import Shape
from client_sdk.contract.validation import is_valid
from client_sdk.contract.values import JsonObject, JsonValue

MAX_CANDIDATES: Final = 500
MAX_VARIED: Final = 3_000  # values built for all variations together
SEARCH: Final = Budget(steps=40_000, wall_seconds=1.0)
FIRST: Final = 2  # minimal and maximal are tried before a limit is used up


@dataclass(frozen=True, slots=True)
class Sample:
    """An input that fits, and what is special about it: `minimal`, `/currency="EUR"`, ..."""

    label: str
    value: JsonValue


def sample_inputs(
    shape: Shape,
    *,
    seed: int,
    around: JsonValue | None = None,
    pinned: frozenset[str] = frozenset(),
    limit: int,
) -> tuple[Sample, ...]:
    """Give at most `limit` different inputs that fit the shape, the same ones for a seed.

    With `around` every sample is that value with one place changed or one member added; what
    stands at or below a `pinned` member (a name, or a JSON Pointer) stays as it is. What cannot
    be built is searched for by the containment engine; fewer are returned, or none, for a shape
    that neither finds enough values of.
    """
    candidates = _candidates(shape, seed, around, pinned)
    order = list(range(len(candidates)))
    rest = order[FIRST:]
    random.Random(seed).shuffle(rest)  # noqa: S311 - no secret
    kept: list[int] = []
    for index in [*order[:FIRST], *rest]:
        if len(kept) >= limit:
            break
        if _fits(shape, candidates[index].value):
            kept.append(index)
    if not kept and around is None and not pinned:
        return _searched(shape, seed, limit)
    return tuple(candidates[index] for index in sorted(kept))


def _searched(shape: Shape, seed: int, limit: int) -> tuple[Sample, ...]:
    """Give values that the engine finds, and the first of them varied place by place."""
    values = shape_models(shape, limit, budget=SEARCH)
    varied: tuple[Sample, ...] = ()
    if values and values[0] is not None:
        varied = sample_inputs(shape, seed=seed, around=values[0], limit=limit)
    found = [Sample("minimal" if value is values[0] else "searched", value) for value in values]
    known: dict[str, Sample] = {}
    for sample in (*found[:1], *varied, *found[1:]):
        known.setdefault(equality_key(sample.value), sample)
    return tuple(known.values())[:limit]


def _fits(shape: Shape, value: JsonValue) -> bool:
    try:
        return is_valid(shape, value)
    except ContractError:
        return False  # what cannot be judged is not sent


def _candidates(
    shape: Shape, seed: int, around: JsonValue | None, pinned: frozenset[str]
) -> list[Sample]:
    """Give what may fit, each value once, never the one it varies."""
    found: dict[str, Sample] = {}
    try:
        for sample in islice(_made(nodes_of(shape), seed, around, pinned), MAX_CANDIDATES):
            found.setdefault(equality_key(sample.value), sample)
    except (ContractError, CannotBuild):
        pass  # what was made until then may fit, and fewer samples are no lie
    if around is not None:
        found.pop(equality_key(around), None)
    return list(found.values())


def _made(
    nodes: list[Node], seed: int, around: JsonValue | None, pinned: frozenset[str]
) -> Iterator[Sample]:
    builder = Builder(seed, full=True, effort=Effort(MAX_VARIED))
    bases = [Sample("", around)] if around is not None else list(_bases(nodes, seed))
    yield from bases if around is None else _filled(nodes, around, builder)
    if bases:
        yield from _additions(nodes, bases[0].value, builder)
        yield from _variations(nodes, bases[-1].value, builder, _as_pointers(pinned))


def _bases(nodes: list[Node], seed: int) -> Iterator[Sample]:
    for label, full in (("minimal", False), ("maximal", True)):
        try:
            yield Sample(label, Builder(seed, full=full).build(nodes))
        except CannotBuild:
            continue


def _filled(nodes: list[Node], base: JsonValue, builder: Builder) -> Iterator[Sample]:
    """Add every optional member at once, where there are several: some matter only together."""
    value, added = base, 0
    for pointer, at in places(nodes, base):
        place = pointers.resolve(value, pointer)
        if isinstance(place, dict):
            missing = dict(_first_forms(room_of(at).members, place, builder))
            value, added = _changed(value, pointer, {**place, **missing}), added + len(missing)
    if added > 1:
        yield Sample("maximal", value)


def _first_forms(
    members: Mapping[str, list[Node]], place: JsonObject, builder: Builder
) -> Iterator[tuple[str, JsonValue]]:
    for name, below in members.items():
        if name not in place:
            yield from ((name, value) for value in islice(_forms(below, builder), 1))


def _additions(nodes: list[Node], base: JsonValue, builder: Builder) -> Iterator[Sample]:
    """Add one optional member at a time to a value, in each of its forms."""
    for pointer, at in places(nodes, base):
        place = pointers.resolve(base, pointer)
        if not isinstance(place, dict):
            continue
        for name, below in room_of(at).members.items():
            if name in place:
                continue
            for value in _forms(below, builder):
                where = pointers.join(pointer, name)
                yield Sample(f"with {where}={shown(value, width=40)}", _changed(base, where, value))


def _variations(
    nodes: list[Node], base: JsonValue, builder: Builder, pinned: frozenset[str]
) -> Iterator[Sample]:
    """Change one place of a value at a time, and leave out one member at a time."""
    for pointer, at in places(nodes, base):
        if any(pointer == each or pointer.startswith(each + "/") for each in pinned):
            continue
        if pointer and not any(each.startswith(pointer + "/") for each in pinned):
            yield from _other_values(base, pointer, at, builder)
            if isinstance(pointers.resolve(base, pointer.rpartition("/")[0]), dict):
                yield Sample(f"without {pointer}", _without(base, pointer))
        elif not pinned:
            yield from _other_values(base, pointer, at, builder)


def _other_values(
    base: JsonValue, pointer: str, at: list[Node], builder: Builder
) -> Iterator[Sample]:
    try:
        for value in alternatives(at, builder):
            label = f"{pointer or 'value'}={shown(value, width=40)}"
            yield Sample(label, _changed(base, pointer, value))
    except CannotBuild:
        return


def _forms(nodes: list[Node], builder: Builder) -> Iterator[JsonValue]:
    try:
        yield builder.build(nodes)
        yield from alternatives(nodes, builder)
    except CannotBuild:
        return


def _as_pointers(pinned: frozenset[str]) -> frozenset[str]:
    return frozenset(name if name.startswith("/") else pointers.join("", name) for name in pinned)


def _changed(base: JsonValue, pointer: str, value: JsonValue) -> JsonValue:
    return _placed(base, pointers.tokens_of(pointer), lambda _: value)


def _without(base: JsonValue, pointer: str) -> JsonValue:
    *above, last = pointers.tokens_of(pointer)
    return _placed(base, tuple(above), lambda place: _members_but(place, last))


def _members_but(place: JsonValue, left_out: str) -> JsonValue:
    members = place if isinstance(place, dict) else {}
    return {name: value for name, value in members.items() if name != left_out}


def _placed(
    base: JsonValue, tokens: tuple[str, ...], make: Callable[[JsonValue], JsonValue]
) -> JsonValue:
    """Give a copy in which what stands at `tokens` is made anew; the rest is shared."""
    if not tokens:
        return make(base)
    first, rest = tokens[0], tokens[1:]
    if isinstance(base, list):
        index = int(first)
        return [*base[:index], _placed(base[index], rest, make), *base[index + 1 :]]
    members = base if isinstance(base, dict) else {}
    return {**members, first: _placed(members.get(first), rest, make)}
