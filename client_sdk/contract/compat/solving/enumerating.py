"""Several values of one array or object: products of their parts' values, checked one by one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from client_sdk.contract.compat.solving.models import Ask, Collected, Models, Search
from client_sdk.contract.compat.solving.names import fresh_classes
from client_sdk.contract.compat.terms.evaluating import fits
from client_sdk.contract.compat.terms.kinds import STRING
from client_sdk.contract.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from client_sdk.contract.compat.solving.arrays import ArrayState
    from client_sdk.contract.compat.solving.objects import ObjectState
    from client_sdk.contract.compat.solving.state import State

MOST_TRIED: Final = 3_000
MOST_ALTERNATIVES: Final = 16  # values tried per part
LONGEST_TRIED: Final = 12  # items of arrays that are listed exhaustively


class _Absent:
    """Stands for a member that is left out."""


ABSENT: Final = _Absent()


def more_objects(state: ObjectState, first: JsonObject, want: int) -> Search[Models]:
    """Vary the members of an object; `complete` when every object there can be was tried."""
    collected = Collected(want, state.arena.meter)
    alternatives: dict[str, list[object]] = {}
    is_full = state.most is not None and state.most <= len(state.required)
    names = state.required if is_full else dict.fromkeys((*first, *state.known_names()))
    for name in names:
        node = state.member(name)
        models = yield Ask(node, min(want + len(state.excluded), MOST_ALTERNATIVES))
        collected.complete = collected.complete and models.complete
        optional = [] if name in state.required else [ABSENT]
        alternatives[name] = (
            [*models.values, *optional]
            if name in first
            else [
                *optional,
                *models.values,
            ]
        )
    open_end = None if is_full else (yield from _fresh_member(state, want))
    collected.complete = collected.complete and open_end is None
    tried = _combined(alternatives)
    _keep_fitting(state, collected, islice(tried, MOST_TRIED))
    collected.complete = collected.complete and next(tried, None) is None
    if open_end is not None:
        fresh, values = open_end
        pairs = islice(product(values, fresh), MOST_TRIED)
        more = ({**first, name: value} for value, name in pairs if isinstance(name, str))
        _keep_fitting(state, collected, more)
    return collected.models()


def more_arrays(state: ArrayState, want: int) -> Search[Models]:
    """List arrays by length; `complete` when every array there can be was tried."""
    collected = Collected(want, state.arena.meter)
    tried = 0
    most = LONGEST_TRIED if state.most is None else min(state.most, LONGEST_TRIED)
    collected.complete = most == state.most
    choices: list[list[JsonValue]] = []
    for length in range(most + 1):
        if length > len(choices):
            models = yield Ask(state.place(length - 1), min(want * 2, MOST_ALTERNATIVES))
            collected.complete = collected.complete and models.complete
            choices.append(list(models.values))
        if length < state.least:
            continue
        arrays = (list(items) for items in product(*choices))
        for array in arrays:
            tried += 1
            _keep_fitting(state, collected, iter((array,)))
            if tried > MOST_TRIED or collected.missing <= 0:
                collected.complete = False
                return collected.models()
    return collected.models()


def _keep_fitting(state: State, collected: Collected, values: Iterator[JsonValue]) -> None:
    for value in values:
        state.arena.meter.spend(4)
        if collected.missing <= 0:
            collected.complete = False
            return
        if state.allows(value) and all(
            fits(state.arena, literal, value) is not False for literal in state.taken
        ):
            collected.extend([value])


def _combined(alternatives: dict[str, list[object]]) -> Iterator[JsonValue]:
    """Vary the members together, those named last fastest."""
    for chosen in product(*alternatives.values()):
        paired = zip(alternatives, chosen, strict=True)
        yield {name: value for name, value in paired if value is not ABSENT}  # type: ignore[misc]


def _fresh_member(
    state: ObjectState, want: int
) -> Search[tuple[tuple[JsonValue, ...], tuple[JsonValue, ...]] | None]:
    """Find fresh names that may be added, and values for them; None when there is no room."""
    arena = state.arena
    unmentioned = arena.negate(arena.values(list(state.known_names())))
    for fresh in fresh_classes(arena, arena.anything, state.each, arena.anything):
        values = yield Ask(fresh.node, min(want + 1, MOST_ALTERNATIVES))
        names = yield Ask(arena.all_of((fresh.names, unmentioned, arena.types(STRING))), want + 1)
        if not values.empty and not names.empty:
            return names.values, values.values
    return None
