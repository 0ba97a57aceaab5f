"""The walker: finds the members of a value that nobody wrote down, without writing a schema."""

from __future__ import annotations

from collections.abc import Iterator

from client_sdk.contract.declared import Declared
from client_sdk.contract.pointer import join
from client_sdk.contract.shape import Shape
from client_sdk.contract.standing import Place, in_place, place_of
from client_sdk.contract.values import JsonValue


def undeclared_members(shape: Shape, value: JsonValue) -> tuple[str, ...]:
    """Pointers to the members of `value` that nothing in `shape` declares, at every depth.

    Independent of `closed`: it looks each member up instead of generating a schema.
    """
    return tuple(_undeclared(place_of(shape), value, ""))


def _undeclared(place: Place, value: JsonValue, pointer: str) -> Iterator[str]:
    if isinstance(value, dict):
        found = Declared(place)
        for name, inner in value.items():
            if found.declares(name):
                spots = found.at_member(name)
                yield from _undeclared(in_place(spots), inner, join(pointer, name))
            else:
                yield join(pointer, name)
    elif isinstance(value, list):
        found = Declared(place)
        for index, inner in enumerate(value):
            spots = found.at_item(index)
            yield from _undeclared(in_place(spots), inner, join(pointer, str(index)))
