"""Assembles objects: required members, members that must exist, then as many as are wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from client_sdk.contract.compat.meter import Reason
from client_sdk.contract.compat.solving.enumerating import more_objects
from client_sdk.contract.compat.solving.models import EMPTY, UNKNOWN, Ask, Models, Search
from client_sdk.contract.compat.solving.names import FreshClass, fresh_classes
from client_sdk.contract.compat.terms.kinds import STRING
from client_sdk.contract.compat.terms.nodes import Exists, Node
from client_sdk.contract.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from client_sdk.contract.compat.solving.objects import ObjectState

MOST_MEMBERS: Final = 2_000  # of a witness


@dataclass(frozen=True, slots=True)
class _Plan:
    """Members chosen so far: by name, and as yet nameless ones of fresh classes."""

    named: dict[str, Node]
    fresh: tuple[FreshClass, ...]

    @property
    def size(self) -> int:
        return len(self.named) + len(self.fresh)


def assembled(state: ObjectState, want: int) -> Search[Models]:
    """Give up to `want` objects that fit what the state has taken."""
    required = {name: state.member(name) for name in state.required}
    for node in required.values():
        if (yield Ask(node)).empty:
            return EMPTY
    exhausted = True
    for plan in _plans(state, _Plan(required, ()), tuple(state.exists)):
        models = yield from _carried_out(state, plan)
        if models.values:
            return (yield from _enough(state, models, want))
        exhausted = exhausted and models.complete
    return EMPTY if exhausted else UNKNOWN


def _enough(state: ObjectState, models: Models, want: int) -> Search[Models]:
    """Leave out excluded objects, and look for others when one is not enough."""
    allowed = tuple(value for value in models.values if state.allows(value))
    if len(allowed) >= want:
        return Models(allowed[:want], complete=False)
    first = models.values[0]
    return (yield from more_objects(state, first if isinstance(first, dict) else {}, want))


def _plans(state: ObjectState, plan: _Plan, exists: tuple[Exists, ...]) -> Iterator[_Plan]:
    """List the ways to give every member that must exist a place, depth first."""
    if not exists:
        yield plan
        return
    waiting = [_placed(state, plan, exists[0])]
    while waiting:
        state.arena.meter.spend()
        option = next(waiting[-1], None)
        if option is None:
            waiting.pop()
        elif state.most is not None and option.size > state.most:
            continue
        elif len(waiting) == len(exists):
            yield option
        else:
            waiting.append(_placed(state, option, exists[len(waiting)]))


def _placed(state: ObjectState, plan: _Plan, literal: Exists) -> Iterator[_Plan]:
    """List the members that one literal can be about: chosen ones, fresh ones, known ones."""
    arena = state.arena
    known = [name for name in state.known_names() if state.may_cover(literal.names, name)]
    for name in sorted(known, key=lambda name: name not in plan.named):
        joint = arena.both(plan.named.get(name, state.member(name)), literal.node)
        if joint is not arena.never:
            yield replace(plan, named={**plan.named, name: joint})
    for fresh in fresh_classes(arena, literal.names, state.each, literal.node):
        yield replace(plan, fresh=(*plan.fresh, fresh))
    for index, fresh in enumerate(plan.fresh):
        joint_names = arena.both(fresh.names, literal.names)
        joint = arena.both(fresh.node, literal.node)
        if joint is not arena.never and joint_names is not arena.never:
            merged = list(plan.fresh)
            merged[index] = FreshClass(joint_names, joint)
            yield replace(plan, fresh=tuple(merged))


def _carried_out(state: ObjectState, plan: _Plan) -> Search[Models]:
    """Find values for the members of a plan, and enough others to reach the smallest size."""
    built: JsonObject = {}
    for name, node in plan.named.items():
        models = yield Ask(node)
        if not models.values:
            return models
        built[name] = models.values[0]
    for fresh in plan.fresh:
        models = yield from _add_fresh(state, built, fresh)
        if not models.values:
            return models
    if len(built) < state.least:
        return (yield from _filled(state, built))
    return Models((built,), complete=False)


def _add_fresh(state: ObjectState, built: JsonObject, fresh: FreshClass) -> Search[Models]:
    """Add one member under a name of the class that is not there yet."""
    values = yield Ask(fresh.node)
    if not values.values:
        return values
    names = yield Ask(_unmentioned(state, fresh.names), len(built) + 2)
    free = [name for name in names.values if name not in built]
    name = next(filter(None, free), next(iter(free), None))  # the empty name reads badly
    if isinstance(name, str):
        built[name] = values.values[0]
        return Models((name,), complete=False)
    return EMPTY if names.complete and not names.values else UNKNOWN


def _unmentioned(state: ObjectState, names: Node) -> Node:
    arena = state.arena
    known = arena.negate(arena.values(list(state.known_names())))
    return arena.all_of((names, known, arena.types(STRING)))


def _filled(state: ObjectState, built: JsonObject) -> Search[Models]:
    """Add optional members until the smallest size is reached."""
    if state.least > MOST_MEMBERS:
        state.arena.meter.doubt(Reason.WITNESS_TOO_LARGE)
        return UNKNOWN
    sure = True
    for name in state.known_names():
        if len(built) >= state.least:
            break
        if name not in built:
            models = yield Ask(state.member(name))
            sure = sure and (models.complete or bool(models.values))
            if models.values:
                built[name] = models.values[0]
    for fresh in fresh_classes(state.arena, state.arena.anything, state.each, state.arena.anything):
        sure = (yield from _fill_from(state, built, fresh)) and sure
    if len(built) >= state.least:
        return Models((built,), complete=False)
    return EMPTY if sure else UNKNOWN


def _fill_from(state: ObjectState, built: JsonObject, fresh: FreshClass) -> Search[bool]:
    """Add members of one fresh class; say whether all of its names were tried if too few."""
    missing = state.least - len(built)
    if missing <= 0:
        return True
    values = yield Ask(fresh.node)
    if not values.values:
        return values.complete
    names = yield Ask(_unmentioned(state, fresh.names), len(built) + missing)
    value: JsonValue = values.values[0]
    for name in names.values:
        if len(built) < state.least and isinstance(name, str):
            built.setdefault(name, value)
    return names.complete or len(built) >= state.least
