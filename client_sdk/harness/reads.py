"""Which fields of an answer a test really reads: views that look like dict and list and remember.

Item access, `get`, `in` and matching show single fields. What looks at everything at once
(iteration, `dict(d)`, `{**d}`, `==`, `json.dumps`, a copy) counts as reading the whole value.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, SupportsIndex

from client_sdk.contract.pointer import join
from client_sdk.harness.encoding import copied
from client_sdk.harness.matching import ANY_ITEM

ROOT: Final = ""


@dataclass(frozen=True, slots=True)
class FieldReads:
    """What is read of a tool's answers: JSON Pointers, `*` for every item of an array.

    A pointer in `wholes` was read with everything below it.
    """

    fields: frozenset[str] = frozenset()
    wholes: frozenset[str] = frozenset()

    def wants(self, pointer: str) -> bool:
        """Say whether the value at a pointer is read, or something in it, or all around it."""
        if any(_is_within(pointer, whole) for whole in self.wholes):
            return True
        return any(_is_within(field, pointer) for field in (*self.fields, *self.wholes))

    def wants_all_of(self, pointer: str) -> bool:
        """Say whether everything at a pointer is read."""
        return any(_is_within(pointer, whole) for whole in self.wholes)


class ReadLog:
    """Collects what is read, tool by tool; safe between threads."""

    def __init__(self) -> None:
        self._fields: dict[str, set[str]] = {}
        self._wholes: dict[str, set[str]] = {}
        self._lock = threading.Lock()

    def view(self, tool: str, body: Any) -> Any:  # noqa: ANN401 - a JSON value
        """Give a body that tells this log what is read of it; a scalar counts as read."""
        with self._lock:
            self._fields.setdefault(tool, set())
        return self._viewed(tool, body, ROOT)

    def reads(self) -> dict[str, FieldReads]:
        """Give what was read so far."""
        with self._lock:
            return {
                tool: FieldReads(frozenset(fields), frozenset(self._wholes.get(tool, ())))
                for tool, fields in self._fields.items()
            }

    def _field(self, tool: str, pointer: str) -> None:
        with self._lock:
            self._fields[tool].add(pointer)

    def _whole(self, tool: str, pointer: str) -> None:
        with self._lock:
            self._wholes.setdefault(tool, set()).add(pointer)

    def _viewed(self, tool: str, value: Any, pointer: str) -> Any:  # noqa: ANN401 - a JSON value
        if isinstance(value, dict):
            return TrackedDict(value, _Place(self, tool, pointer))
        if isinstance(value, list):
            return TrackedList(value, _Place(self, tool, pointer))
        return value


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a view stands, and whom it tells."""

    log: ReadLog
    tool: str
    pointer: str

    def child(self, token: str, value: Any) -> Any:  # noqa: ANN401 - a JSON value
        pointer = join(self.pointer, token)
        self.log._field(self.tool, pointer)  # noqa: SLF001 - the log's own half
        return self.log._viewed(self.tool, value, pointer)  # noqa: SLF001 - the same

    def touched(self, token: str) -> None:
        self.log._field(self.tool, join(self.pointer, token))  # noqa: SLF001 - the same

    def whole(self) -> None:
        self.log._whole(self.tool, self.pointer)  # noqa: SLF001 - the same


class TrackedDict(dict[str, Any]):
    """A dict that tells which of its members are read."""

    def __init__(self, value: dict[str, Any], place: _Place) -> None:
        super().__init__(value)
        self._place = place

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - a JSON value
        """Give a member; a missing one was asked for too."""
        self._place.touched(str(key))
        return self._place.child(key, super().__getitem__(key))

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - a JSON value
        """Give a member, or the default."""
        self._place.touched(str(key))
        return (
            self._place.child(key, super().__getitem__(key))
            if super().__contains__(key)
            else default
        )

    def __contains__(self, key: object) -> bool:
        self._place.touched(str(key))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self._place.whole()
        return super().__iter__()

    def __eq__(self, other: object) -> bool:
        self._place.whole()
        return dict.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def keys(self) -> Any:  # noqa: ANN401 - the view that dict gives
        """Give the names; everything counts as read."""
        self._place.whole()
        return super().keys()

    def values(self) -> Any:  # noqa: ANN401 - the view that dict gives
        """Give the values; everything counts as read."""
        self._place.whole()
        return super().values()

    def items(self) -> Any:  # noqa: ANN401 - the view that dict gives
        """Give the members; everything counts as read."""
        self._place.whole()
        return super().items()

    def __reversed__(self) -> Iterator[str]:
        self._place.whole()
        return super().__reversed__()

    def __repr__(self) -> str:
        self._place.whole()
        return super().__repr__()

    def pop(self, key: str, *default: Any) -> Any:  # noqa: ANN401 - a JSON value
        """Take a member out; it counts as read."""
        self._place.touched(str(key))
        is_there = super().__contains__(key)
        found = super().pop(key, *default)
        return self._place.child(key, found) if is_there else found

    def popitem(self) -> tuple[str, Any]:
        """Take the last member out; everything counts as read."""
        self._place.whole()
        return super().popitem()

    def setdefault(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - a JSON value
        """Give a member, or put the default there; it counts as read."""
        self._place.touched(str(key))
        return self._place.child(key, super().setdefault(key, default))

    def copy(self) -> dict[str, Any]:
        """Give a plain copy; everything counts as read."""
        self._place.whole()
        return dict(super().items())

    def __copy__(self) -> dict[str, Any]:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        return {key: copied(value) for key, value in self.copy().items()}

    def __reduce__(self) -> tuple[Any, ...]:
        return (dict, (self.copy(),))


class TrackedList(list[Any]):
    """A list that tells what is read of its items; they count as one, `*`."""

    def __init__(self, value: list[Any], place: _Place) -> None:
        super().__init__(value)
        self._place = place

    def __getitem__(self, index: SupportsIndex | slice) -> Any:  # noqa: ANN401 - a JSON value
        """Give an item, or some of them."""
        found = super().__getitem__(index)
        if isinstance(index, slice):
            return [self._place.child(ANY_ITEM, each) for each in found]
        return self._place.child(ANY_ITEM, found)

    def __iter__(self) -> Iterator[Any]:
        self._place.touched(ANY_ITEM)
        return (self._place.child(ANY_ITEM, each) for each in super().__iter__())

    def __eq__(self, other: object) -> bool:
        self._place.whole()
        return list.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __contains__(self, item: object) -> bool:
        self._place.whole()
        return super().__contains__(item)

    def __reversed__(self) -> Iterator[Any]:
        self._place.touched(ANY_ITEM)
        return (self._place.child(ANY_ITEM, each) for each in super().__reversed__())

    def __repr__(self) -> str:
        self._place.whole()
        return super().__repr__()

    def __add__(self, other: list[Any]) -> list[Any]:
        return [*self.copy(), *other]

    def __radd__(self, other: list[Any]) -> list[Any]:
        return [*other, *self.copy()]

    def __mul__(self, times: SupportsIndex) -> list[Any]:
        return self.copy() * times

    __rmul__ = __mul__

    def __lt__(self, other: list[Any]) -> bool:
        return self.copy() < other

    def __le__(self, other: list[Any]) -> bool:
        return self.copy() <= other

    def __gt__(self, other: list[Any]) -> bool:
        return self.copy() > other

    def __ge__(self, other: list[Any]) -> bool:
        return self.copy() >= other

    def pop(self, index: SupportsIndex = -1) -> Any:  # noqa: ANN401 - a JSON value
        """Take an item out; it counts as read."""
        return self._place.child(ANY_ITEM, super().pop(index))

    def index(self, item: Any, *bounds: SupportsIndex) -> int:  # noqa: ANN401 - a JSON value
        """Say where an item is; everything counts as read."""
        return self.copy().index(item, *bounds)

    def count(self, item: Any) -> int:  # noqa: ANN401 - a JSON value
        """Say how often an item is there; everything counts as read."""
        return self.copy().count(item)

    def remove(self, item: Any) -> None:  # noqa: ANN401 - a JSON value
        """Take an item out; everything counts as read."""
        self._place.whole()
        super().remove(item)

    def sort(self, **how: Any) -> None:  # noqa: ANN401 - as list has it
        """Sort the items; everything counts as read."""
        self._place.whole()
        super().sort(**how)

    def copy(self) -> list[Any]:
        """Give a plain copy; everything counts as read."""
        self._place.whole()
        return list(super().__iter__())

    def __copy__(self) -> list[Any]:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> list[Any]:
        return [copied(value) for value in self.copy()]

    def __reduce__(self) -> tuple[Any, ...]:
        return (list, (self.copy(),))


def _is_within(pointer: str, place: str) -> bool:
    return pointer == place or pointer.startswith(place + "/") or place == ROOT
