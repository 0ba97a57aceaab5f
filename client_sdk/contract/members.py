"""Members of a document, read one by one: every fault is collected, reading always goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from client_sdk.contract.errors import ContractError, Fault, Severity
from client_sdk.contract.pointer import join
from client_sdk.contract.spelling import near_miss
from client_sdk.contract.values import JsonObject, JsonValue, integer_in

_Kind = TypeVar("_Kind")
_MOST_FAULTS = 1_000
_MOST_UNKNOWN = 5_000
_LONGEST_POINTER = 2_000
_SHOWN = 60  # characters of a stranger's text that a message repeats


@dataclass(slots=True)
class Faults:
    """A list of what is wrong with one document, in the order it was found.

    Of each severity the first thousand are kept: a stranger's document decides how many there are.
    """

    found: list[Fault] = field(default_factory=list)
    _meant: dict[tuple[str, ...], str | None] = field(default_factory=dict)
    _counts: dict[Severity, int] = field(default_factory=lambda: dict.fromkeys(Severity, 0))

    def error(self, code: str, pointer: str, message: str) -> None:
        """Note something that refuses the document."""
        self._note(Fault(code, _cut(pointer), message))

    def warning(self, code: str, pointer: str, message: str) -> None:
        """Note something that its author should look at."""
        self._note(Fault(code, _cut(pointer), message, Severity.WARNING))

    def extend(self, faults: Iterable[Fault]) -> None:
        """Note what another check has found."""
        for fault in faults:
            self._note(fault)

    @property
    def error_count(self) -> int:
        """How many errors were found so far; any of them refuses the document."""
        return self._counts[Severity.ERROR]

    @property
    def is_full_of_warnings(self) -> bool:
        """Whether another warning would not be kept."""
        return self._counts[Severity.WARNING] >= _MOST_FAULTS

    def meant(self, name: str, known: Collection[str]) -> str | None:
        """Find the known name that an unknown one misspells, or None.

        Looking costs, so a document with too many different unknown names is refused.
        """
        key = (name, *known)
        if key not in self._meant:
            if len(self._meant) == _MOST_UNKNOWN:
                message = f"More than {_MOST_UNKNOWN} different unknown names are too many."
                self.error("too-many-unknown-members", "", message)
            is_over = len(self._meant) >= _MOST_UNKNOWN
            self._meant[key] = None if is_over else near_miss(name, known)
        return self._meant[key]

    def _note(self, fault: Fault) -> None:
        self._counts[fault.severity] += 1
        if self._counts[fault.severity] <= _MOST_FAULTS:
            self.found.append(fault)


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one object of a document.

    A missing or wrong member becomes a fault and an empty value of its type, so that the rest of
    the document is still read.
    """

    value: JsonObject
    pointer: str
    faults: Faults

    def at(self, name: str) -> str:
        """Give the pointer of a member."""
        return join(self.pointer, name)

    def has(self, name: str) -> bool:
        """Tell whether the member is there, null included."""
        return name in self.value

    def only(self, known: Collection[str]) -> None:
        """Note unknown members; one that looks like a misspelt known name is an error."""
        for name in self.value:
            if name in known or name.startswith("x-"):
                continue
            meant = self.faults.meant(name, known)
            if meant is None:
                message = f"{shown(name)} is unknown here; it is kept and never interpreted."
                self.faults.warning("unknown-member", self.at(name), message)
            else:
                message = f"{shown(name)} would check nothing; did you mean {shown(meant)}?"
                self.faults.error("misspelt-member", self.at(name), message)

    def required(self, name: str) -> bool:
        """Tell whether a member is there, noting when it is not."""
        if name not in self.value:
            self.faults.error("missing-member", self.pointer, f"{shown(name)} is missing.")
        return name in self.value

    def text(self, name: str, default: str = "") -> str:
        """Read a string."""
        return self._typed(name, str, "a string", default)

    def json_object(self, name: str) -> JsonObject:
        """Read an object; an absent one is empty."""
        empty: JsonObject = {}
        return self._typed(name, dict, "an object", empty)

    def array(self, name: str) -> list[JsonValue]:
        """Read an array; an absent one is empty."""
        empty: list[JsonValue] = []
        return self._typed(name, list, "an array", empty)

    def checked(self, name: str, check: Callable[[object], str]) -> str:
        """Read a required name under its grammar."""
        if not self.required(name):
            return ""
        try:
            return check(self.value[name])
        except ContractError as refusal:
            self.faults.error("name-invalid", self.at(name), str(refusal))
            return ""

    def integer(self, name: str, allowed: range) -> int:
        """Read a required integer between bounds; a boolean is none."""
        if not self.required(name):
            return allowed.start
        return integer_at(self.value[name], self.at(name), allowed, self.faults)

    def inner(self, name: str) -> Members:
        """Read an object as members."""
        return Members(self.json_object(name), self.at(name), self.faults)

    def each(self, name: str) -> Iterable[Members]:
        """Read an array of objects; items of another type are noted and left out."""
        for index, item in enumerate(self.array(name)):
            pointer = join(self.at(name), index)
            if isinstance(item, dict):
                yield Members(item, pointer, self.faults)
            else:
                self.faults.error("wrong-type", pointer, "An object is wanted here.")

    def _typed(self, name: str, kind: type[_Kind], noun: str, default: _Kind) -> _Kind:
        if name not in self.value:
            return default
        found = self.value[name]
        if isinstance(found, kind):
            return found
        self.faults.error("wrong-type", self.at(name), f"{shown(name)} is {noun}.")
        return default


def integer_at(value: JsonValue, pointer: str, allowed: range, faults: Faults) -> int:
    """Read an integer between bounds, noting what is none."""
    number = integer_in(value)
    if number is not None and number in allowed:
        return number
    message = f"An integer from {allowed.start} to {allowed.stop - 1} is wanted here."
    faults.error("wrong-type", pointer, message)
    return allowed.start


def shown(text: str) -> str:
    """Quote a stranger's text for a message, shortened and without line breaks."""
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return f"'{short}'" if short.isprintable() else ascii(short)


def _cut(pointer: str) -> str:
    return pointer if len(pointer) <= _LONGEST_POINTER else pointer[: _LONGEST_POINTER - 1] + "…"
