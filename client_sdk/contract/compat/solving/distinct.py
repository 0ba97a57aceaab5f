"""Different values for several places: a matching of places and values."""

from __future__ import annotations

from client_sdk.contract.canonical import equality_key
from client_sdk.contract.compat.solving.models import EMPTY, UNKNOWN, Ask, Models, Search
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.values import JsonValue


def distinct_choice(arena: Arena, nodes: list[Node]) -> Search[Models]:
    """Give one array of pairwise different values, one for each term in order.

    A place with as many values as there are places never blocks; if the others cannot be
    matched although all their values are known, no such array exists (pigeonhole).
    """
    sure = True
    known: dict[Node, dict[str, JsonValue]] = {}
    for node in dict.fromkeys(nodes):
        models = yield Ask(node, len(nodes))
        sure = sure and (models.complete or len(models.values) >= len(nodes))
        known[node] = {equality_key(value): value for value in models.values}
        arena.meter.spend(len(models.values))
    offers = [known[node] for node in nodes]
    arena.meter.spend(len(offers))
    chosen = _matched(offers)
    if chosen is None:
        return EMPTY if sure else UNKNOWN
    values: list[JsonValue] = [offer[key] for offer, key in zip(offers, chosen, strict=True)]
    return Models((values,), complete=False)


def _matched(offers: list[dict[str, JsonValue]]) -> list[str] | None:
    """Match every place with a key of its own, by augmenting paths; None when impossible."""
    holder: dict[str, int] = {}
    unseen = {id(offer): iter(offer) for offer in offers}  # a key once held stays held
    for place, offer in enumerate(offers):
        free = next((key for key in unseen[id(offer)] if key not in holder), None)
        if free is not None:
            holder[free] = place
        elif not _augment(offers, holder, place):
            return None
    keys = {place: key for key, place in holder.items()}
    return [keys[place] for place in range(len(offers))]


def _augment(offers: list[dict[str, JsonValue]], holder: dict[str, int], start: int) -> bool:
    """Find a chain of places that pass their keys on, ending at a free one."""
    came_from: dict[str, int] = {}
    waiting = [start]
    while waiting:
        place = waiting.pop()
        for key in offers[place]:
            if key in came_from:
                continue
            came_from[key] = place
            if key not in holder:
                _pass_on(holder, came_from, key, start)
                return True
            waiting.append(holder[key])
    return False


def _pass_on(holder: dict[str, int], came_from: dict[str, int], key: str, start: int) -> None:
    given_up = {place: held for held, place in holder.items()}
    while True:
        place = came_from[key]
        holder[key] = place
        if place == start:
            return
        key = given_up[place]
