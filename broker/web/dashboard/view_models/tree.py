"""A JSON document as a tree to fold and unfold; every place has its JSON Pointer as an anchor."""

from dataclasses import dataclass

from client_sdk.contract.document import JsonValue, dumps
from client_sdk.contract.pointer import join

MOST_NODES = 4_000


@dataclass(frozen=True, slots=True)
class Node:
    """One place; a leaf has its `text`, anything else its `children` and the `brackets` of it."""

    pointer: str
    name: str
    text: str
    brackets: str = ""
    children: tuple["Node", ...] = ()


def tree_of(value: JsonValue, pointer: str, name: str) -> Node | None:
    """The value as a tree; `None` when it has too many places for a page."""
    return _node(value, pointer, name) if _size(value) <= MOST_NODES else None


def _node(value: JsonValue, pointer: str, name: str) -> Node:
    match value:
        case dict() if value:
            members = (_node(each, join(pointer, key), key) for key, each in value.items())
            return Node(pointer, name, _members(len(value)), "{}", tuple(members))
        case list() if value:
            items = (
                _node(each, join(pointer, str(index)), str(index))
                for index, each in enumerate(value)
            )
            return Node(pointer, name, _items(len(value)), "[]", tuple(items))
        case _:
            return Node(pointer, name, dumps(value))


def _size(value: JsonValue) -> int:
    match value:
        case dict():
            return 1 + sum(map(_size, value.values()))
        case list():
            return 1 + sum(map(_size, value))
        case _:
            return 1


def _members(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"
