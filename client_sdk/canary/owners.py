"""Who made what: an entity stays with the arm that made it until it has come to its end."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from client_sdk.canary.saved import objects, real, text
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange.budget import KEY

MAKING: Final = ("create_", "open_", "register_", "place_", "start_")
FINAL: Final = frozenset(
    [
        "released",
        "cancelled",
        "canceled",
        "expired",
        "completed",
        "closed",
        "settled",
        "refunded",
        "failed",
        "rejected",
        "done",
        "delivered",
    ]
)
STATE_MEMBERS: Final = ("status", "state")
ID: Final = "_id"
MOST_ENTITIES: Final = 100_000
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Owned:
    """An entity: its arm, the place and weight (a fraction) it was made at, and its state.

    `is_open` says that it has a state and that this state is not final: it must be drained.
    """

    on_canary: bool
    place: float
    weight: float
    is_open: bool


class Owners:
    """Every entity that was seen being made; the oldest are forgotten beyond a bound."""

    def __init__(self) -> None:
        self._owned: OrderedDict[Name, Owned] = OrderedDict()

    def owner_of(self, input_data: JsonValue) -> Owned | None:
        """Give the owner of the first entity that a call's input names."""
        if not self._owned or not isinstance(input_data, dict):
            return None
        for name, value in input_data.items():
            if name.endswith(ID) and isinstance(value, str | int):
                found = self._owned.get((name, str(value)))
                if found is not None:
                    return found
        return None

    def learn(self, tool: str, input_data: JsonValue, body: JsonValue, made: Owned) -> bool:
        """Take in a successful answer; say whether something changed.

        What a making tool answers under `<noun>_id` or `id` is new and belongs to `made`'s arm. A
        state in any answer closes or opens the entity that it is about.
        """
        if not isinstance(body, dict):
            return False
        new = _made(tool, input_data, body)
        if new is not None and self._is_news(new, made, input_data):
            self._keep(new, replace(made, is_open=_is_open(body) is True))
            return True
        return self._moved(input_data, body)

    def open_of_canary(self) -> list[Name]:
        """Name the canary's entities that have not come to their end."""
        return [name for name, owned in self._owned.items() if owned.on_canary and owned.is_open]

    def close(self, name: Name) -> None:
        """Note that an entity has come to its end."""
        if name in self._owned:
            self._owned[name] = replace(self._owned[name], is_open=False)

    def to_json(self) -> list[JsonValue]:
        """Give everything that `restore` needs."""
        return [
            {
                "member": member,
                "id": identity,
                "arm": "canary" if owned.on_canary else "stable",
                "place": owned.place,
                "weight": owned.weight,
                "state": "open" if owned.is_open else "closed",
            }
            for (member, identity), owned in self._owned.items()
        ]

    def restore(self, saved: JsonObject) -> None:
        """Go on from what `to_json` gave, under `owners`."""
        self._owned = OrderedDict(
            (
                (text(each, "member"), text(each, "id")),
                Owned(
                    text(each, "arm") == "canary",
                    real(each, "place"),
                    real(each, "weight"),
                    text(each, "state") == "open",
                ),
            )
            for each in objects(saved, "owners")
        )

    def _is_news(self, name: Name, made: Owned, input_data: JsonValue) -> bool:
        """Whether the arm has made it just now.

        A known name is a repeated call, which changes nothing and has an idempotency key, or
        comes of two services that count on their own: then the canary's entity is meant, for
        that one must be drained.
        """
        known = self._owned.get(name)
        repeats = isinstance(input_data, dict) and input_data.get(KEY) is not None
        return known is None or (made.on_canary and not known.on_canary and not repeats)

    def _moved(self, input_data: JsonValue, body: JsonObject) -> bool:
        is_open = _is_open(body)
        changed = False
        for name in _named(input_data, body) if is_open is not None else ():
            owned = self._owned.get(name)
            if owned is not None and owned.is_open is not is_open:
                self._owned[name] = replace(owned, is_open=is_open is True)
                changed = True
        return changed

    def _keep(self, name: Name, owned: Owned) -> None:
        self._owned[name] = owned
        self._owned.move_to_end(name)
        if len(self._owned) > MOST_ENTITIES:
            self._owned.popitem(last=False)


def is_final(state: object) -> bool:
    """Say whether nothing more happens to an entity in this state."""
    return isinstance(state, str) and state.lower() in FINAL


def _made(tool: str, input_data: JsonValue, body: JsonObject) -> Name | None:
    """The entity that an answer names for the first time; not one that the caller has named."""
    given = set(_named(input_data, {}))
    verb = next((verb for verb in MAKING if tool.startswith(verb)), None)
    if verb is None:
        return None
    noun = tool.removeprefix(verb)
    for name, value in body.items():
        fits = name == "id" or (name.endswith(ID) and noun.endswith(name.removesuffix(ID)))
        if fits and isinstance(value, str | int):
            made = (noun + ID if name == "id" else name), str(value)
            return None if made in given else made
    return None


def _named(input_data: JsonValue, body: JsonObject) -> Iterator[Name]:
    for source in (input_data, body):
        if isinstance(source, dict):
            for name, value in source.items():
                if name.endswith(ID) and isinstance(value, str | int):
                    yield name, str(value)


def _is_open(body: JsonObject) -> bool | None:
    """Whether the state in an answer is one that goes on; None when the answer has no state."""
    for name in STATE_MEMBERS:
        state = body.get(name)
        if isinstance(state, str):
            return not is_final(state)
    return None
