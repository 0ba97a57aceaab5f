"""Numbers and texts that stand at the edges of what a room admits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from client_sdk.contract.errors import ContractError
from client_sdk.contract.patterns import example_string
from client_sdk.contract.sampling.rooms import CannotBuild, Room
from client_sdk.contract.values import JsonValue

LONGEST_TEXT: Final = 2_000
LONGEST_OF_PATTERN: Final = 256  # a search for each character
PATTERN_TRIES: Final = 3
FORMATS: Final = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "time": "12:00:00Z",
    "uri": "https://example.com/",
    "uuid": "7e57d004-2b97-4e7a-b45f-5387367791cd",
}


def numbers_in(room: Room, *, whole: bool) -> list[int | Decimal]:
    """Give the lowest number of the room, one beside it, a plain one, and the highest.

    Where there are no steps, bounds that are no whole numbers are among them.

    Raises:
        CannotBuild: the room has no number on its steps.
    """
    step = _step(room, whole=whole)
    low, high = _edge(room.low, step, up=True), _edge(room.high, step, up=False)
    found = [low, high, *(() if whole or room.step is not None else _between_steps(room))]
    if low is not None:
        found.append(low + step)
    if high is not None:
        found.append(high - step)
    if low is None and high is None:
        found.extend([step, -step, Fraction(0)])
    kept = [number for number in found if number is not None and _is_in(room, number)]
    if not kept:
        raise CannotBuild
    return [_written(number) for number in sorted(set(kept))]


def texts_in(room: Room, *, seed: int) -> list[str]:
    """Give the shortest text of the room, a plain one and the longest.

    Raises:
        CannotBuild: no text was found for its patterns.
    """
    if room.patterns:
        return _matching(room, seed)
    longest = LONGEST_TEXT if room.max_length is None else min(room.max_length, LONGEST_TEXT)
    if room.format in FORMATS:
        return [FORMATS[room.format]]
    plain = "sample"[:longest].ljust(room.min_length, "e")
    lengths = [room.min_length] if room.max_length is None else [room.min_length, longest]
    return list(dict.fromkeys([plain, *("x" * length for length in lengths)]))


def plain_number(numbers: list[int | Decimal]) -> int | Decimal:
    """Give the number nearest to one, which few servers mind."""
    return min(numbers, key=lambda number: (abs(number - 1), number))


def json_type(value: JsonValue) -> str:
    """Name the JSON type of a value."""
    if isinstance(value, bool) or value is None:
        return "null" if value is None else "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list | dict):
        return "array" if isinstance(value, list) else "object"
    return "number"


def _matching(room: Room, seed: int) -> list[str]:
    found: dict[str, None] = {}
    for source in room.patterns:
        for attempt in range(PATTERN_TRIES):
            text = pattern_text(source, seed + attempt, room)
            if text is not None:
                found[text] = None
        found.update(dict.fromkeys(_at_limits(source, seed, room)))
    if not found:
        raise CannotBuild
    return list(found)


def _at_limits(source: str, seed: int, room: Room) -> Iterator[str]:
    """Texts of exactly the shortest and the longest length, as far as the pattern has them."""
    for length in dict.fromkeys((room.min_length, room.max_length)):
        if length is not None and 0 < length <= LONGEST_OF_PATTERN:
            exact = replace(room, min_length=length, max_length=length)
            text = pattern_text(source, seed, exact)
            if text is not None:
                yield text


def pattern_text(source: str, seed: int, room: Room) -> str | None:
    """Give a text of the room's lengths in which the pattern is found, if one can be had."""
    try:
        return example_string(source, seed, room.min_length, room.max_length)
    except ContractError:
        return None


def _between_steps(room: Room) -> Iterator[Fraction]:
    """The bounds themselves; in place of one that is out, a number just inside of it."""
    low, high = (None if each is None else Fraction(each[0]) for each in (room.low, room.high))
    inside = Fraction(1, 8) if low is None or high is None else (high - low) / 8
    if low is not None and room.low is not None:
        yield low + inside if room.low[1] else low
    if high is not None and room.high is not None:
        yield high - inside if room.high[1] else high


def _is_in(room: Room, number: Fraction) -> bool:
    if room.low is not None and number <= room.low[0]:
        return number == room.low[0] and not room.low[1]
    if room.high is not None and number >= room.high[0]:
        return number == room.high[0] and not room.high[1]
    return True


def _step(room: Room, *, whole: bool) -> Fraction:
    step = Fraction(room.step) if room.step is not None and room.step > 0 else None
    if step is None:
        return Fraction(1)
    return step * step.denominator if whole else step


def _edge(bound: tuple[int | Decimal, bool] | None, step: Fraction, *, up: bool) -> Fraction | None:
    """Give the number on the steps that is nearest to a bound, from inside."""
    if bound is None:
        return None
    number, excluded = Fraction(bound[0]), bound[1]
    steps = number / step
    nearest = Fraction(-(-steps.numerator // steps.denominator) if up else steps // 1) * step
    if excluded and nearest == number:
        nearest += step if up else -step
    return nearest


def _written(number: Fraction) -> int | Decimal:
    if number.denominator == 1:
        return int(number)
    return Decimal(number.numerator) / Decimal(number.denominator)
