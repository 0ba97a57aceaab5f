"""Where strict JSON is broken: a slow, iterative walk over text already known to be faulty."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from client_sdk.contract.errors import Fault
from client_sdk.contract.pointer import join
from client_sdk.contract.values import Limits

_TOKEN: Final = re.compile(
    r'(?P<string>"(?:[^"\\]++|\\.)*+"?)'
    r"|(?P<number>-?[0-9][0-9.eE+-]*+)"
    r"|(?P<constant>-?[A-Za-z]++)"
    r"|(?P<mark>[\[\]{},:])",
    re.DOTALL,
)
_UNPAIRED: Final = re.compile("[\ud800-\udfff]")
_SHOWN = 40  # characters of a key or a number that a message repeats


@dataclass(slots=True)
class _Open:
    """A container whose end was not met yet."""

    pointer: str
    is_object: bool
    keys: set[str] = field(default_factory=set)
    key: str = ""
    index: int = 0
    wants_key: bool = False

    def child(self) -> str:
        if self.wants_key:
            return self.pointer
        return join(self.pointer, self.key if self.is_object else self.index)


def where(text: str, offset: int) -> str:
    """Say a position as people read it: line and column, both from one, and the offset."""
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    return f"line {line}, column {column} (character {offset})"


def first_fault(text: str, limits: Limits) -> Fault | None:
    """Find the first thing that the standard parser accepts and this kernel refuses."""
    stack: list[_Open] = []
    for token in _TOKEN.finditer(text):
        fault = _fault_at(token, stack, limits)
        if fault is not None:
            code, message = fault
            place = stack[-1].child() if stack else ""
            return Fault(code, place, f"{message} at {where(text, token.start())}.")
    return None


def _fault_at(token: re.Match[str], stack: list[_Open], limits: Limits) -> tuple[str, str] | None:
    found = token.group()
    match token.lastgroup:
        case "string":
            return _string_fault(found, stack)
        case "number":
            return _number_fault(found, limits)
        case "constant" if found.lstrip("-") in {"NaN", "Infinity"}:
            return "number-not-finite", f"{found} is no JSON number,"
        case "constant":
            return None
        case _:
            return _mark_fault(found, stack, limits)


def _string_fault(found: str, stack: list[_Open]) -> tuple[str, str] | None:
    try:
        text = json.loads(found, strict=False)
    except json.JSONDecodeError:
        return None  # the parser has a better message for it
    # Before the key is taken over: a pointer that held one of these could not be written.
    if "\x00" in text:
        return "nul-character", "A string holds the character NUL"
    if _UNPAIRED.search(text):
        return "lone-surrogate", "A string holds half of a surrogate pair"
    if stack and stack[-1].wants_key:
        place = stack[-1]
        place.key, place.wants_key = text, False
        if text in place.keys:
            return "duplicate-key", f"The key {_shown(text)} stands twice in one object,"
        place.keys.add(text)
    return None


def _number_fault(found: str, limits: Limits) -> tuple[str, str] | None:
    try:
        number = Decimal(found)
    except InvalidOperation:
        return "number-exponent", f"The number {_shown(found)} cannot be read"
    if abs(number.adjusted()) > limits.max_exponent:
        largest = limits.max_exponent
        return "number-exponent", f"The exponent of {_shown(found)} is beyond ±{largest}"
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    if len(digits) > limits.max_number_digits:
        most = limits.max_number_digits
        return "number-digits", f"{_shown(found)} has more than {most} significant digits"
    return None


def _mark_fault(mark: str, stack: list[_Open], limits: Limits) -> tuple[str, str] | None:
    """Keep the stack, which stops growing at the limit."""
    if mark in "[{":
        if len(stack) == limits.max_depth:
            return "too-deep", f"Nesting deeper than {limits.max_depth} levels begins"
        place = stack[-1].child() if stack else ""
        stack.append(_Open(place, is_object=mark == "{", wants_key=mark == "{"))
    elif stack and mark in "]}":
        stack.pop()
    elif stack and mark == ",":
        stack[-1].index += 1
        stack[-1].wants_key = stack[-1].is_object
    return None


def _shown(text: str) -> str:
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return json.dumps(short, ensure_ascii=False)
