"""Samples: the small one, the full one, and each place at each of its edges."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

from client_sdk.contract import pointer as pointers
from client_sdk.contract.document import equality_key
from client_sdk.contract.errors import ContractError
from client_sdk.contract.evaluation.wording import shown
from client_sdk.contract.sampling.building import Builder, alternatives, places
from client_sdk.contract.sampling.rooms import CannotBuild, Node, nodes_of, room_of
from client_sdk.contract.shape import Shape
from client_sdk.contract.validation import is_valid
from client_sdk.contract.values import JsonObject, JsonValue

MAX_CANDIDATES: Final = 2_000
FIRST: Final = 2  # the first two, minimal and maximal, are kept whatever the limit


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
    stands at or below a `pinned` member (a name, or a JSON Pointer) stays as it is. Fewer are
    returned, or none, for a shape these means cannot build for.
    """
    found: dict[str, Sample] = {}
    try:
        for count, sample in enumerate(_candidates(nodes_of(shape), seed, around, pinned)):
            if count >= MAX_CANDIDATES:
                break
            if is_valid(shape, sample.value):
                found.setdefault(equality_key(sample.value), sample)
    except (ContractError, CannotBuild):
        pass  # what was found until then fits, and fewer samples are no lie
    if around is not None:
        found.pop(equality_key(around), None)
    return _chosen(list(found.values()), seed, limit)


def _candidates(
    nodes: list[Node], seed: int, around: JsonValue | None, pinned: frozenset[str]
) -> Iterator[Sample]:
    if around is None:
        bases = list(_bases(nodes, seed))
        yield from bases
        base = bases[-1].value if bases else None
        yield from _additions(nodes, bases[0].value if bases else None, seed)
    else:
        base = around
        yield from _additions(nodes, around, seed)
    yield from _variations(nodes, base, seed, _as_pointers(pinned))


def _bases(nodes: list[Node], seed: int) -> Iterator[Sample]:
    for label, full in (("minimal", False), ("maximal", True)):
        try:
            yield Sample(label, Builder(seed, full=full).build(nodes))
        except CannotBuild:
            continue


def _additions(nodes: list[Node], base: JsonValue, seed: int) -> Iterator[Sample]:
    """Add one optional member at a time to a value, in each of its forms."""
    for pointer, at in places(nodes, base):
        place = _found(base, pointer)
        if not isinstance(place, dict):
            continue
        for name, below in room_of(at).members.items():
            if name in place:
                continue
            for value in _forms(below, seed):
                where = pointers.join(pointer, name)
                yield Sample(f"with {where}={shown(value, width=40)}", _changed(base, where, value))


def _variations(
    nodes: list[Node], base: JsonValue, seed: int, pinned: frozenset[str]
) -> Iterator[Sample]:
    """Change one place of a value at a time, and leave out one member at a time."""
    for pointer, at in places(nodes, base):
        if any(pointer == each or pointer.startswith(each + "/") for each in pinned):
            continue
        if pointer and not any(each.startswith(pointer + "/") for each in pinned):
            yield from _other_values(base, pointer, at, seed)
            if not pointer.rsplit("/", 1)[1].isdigit():
                yield Sample(f"without {pointer}", _without(base, pointer))
        elif not pinned:
            yield from _other_values(base, pointer, at, seed)


def _other_values(base: JsonValue, pointer: str, at: list[Node], seed: int) -> Iterator[Sample]:
    try:
        for value in alternatives(at, seed=seed):
            label = f"{pointer or 'value'}={shown(value, width=40)}"
            yield Sample(label, _changed(base, pointer, value))
    except CannotBuild:
        return


def _forms(nodes: list[Node], seed: int) -> Iterator[JsonValue]:
    try:
        yield Builder(seed, full=True).build(nodes)
        yield from alternatives(nodes, seed=seed)
    except CannotBuild:
        return


def _chosen(samples: list[Sample], seed: int, limit: int) -> tuple[Sample, ...]:
    """Keep the first ones and, of the rest, as many as there is room for, spread by the seed."""
    if len(samples) <= limit:
        return tuple(samples)
    first = min(FIRST, limit)
    rest = range(first, len(samples))
    picked = sorted(random.Random(seed).sample(rest, limit - first))  # noqa: S311 - no secret
    return tuple(samples[index] for index in [*range(first), *picked])


def _as_pointers(pinned: frozenset[str]) -> frozenset[str]:
    return frozenset(name if name.startswith("/") else pointers.join("", name) for name in pinned)


def _found(value: JsonValue, pointer: str) -> JsonValue:
    try:
        return pointers.resolve(value, pointer)
    except KeyError:
        return None


def _changed(base: JsonValue, pointer: str, value: JsonValue) -> JsonValue:
    if not pointer:
        return value
    copy = deepcopy(base)
    above, last = _parent(copy, pointer)
    if isinstance(above, list):
        above[int(last)] = value
    else:
        above[last] = value
    return copy


def _without(base: JsonValue, pointer: str) -> JsonValue:
    copy = deepcopy(base)
    above, last = _parent(copy, pointer)
    if isinstance(above, dict):
        above.pop(last, None)
    return copy


def _parent(value: JsonValue, pointer: str) -> tuple[JsonObject | list[JsonValue], str]:
    head, _, _ = pointer.rpartition("/")
    above = pointers.resolve(value, head)
    if not isinstance(above, dict | list):
        raise CannotBuild
    return above, pointers.tokens_of(pointer)[-1]
