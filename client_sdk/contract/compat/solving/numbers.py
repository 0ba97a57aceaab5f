"""Numbers: exact intervals, steps by least common multiples, and residues to be avoided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Context, Decimal
from fractions import Fraction
from itertools import count, islice
from math import ceil, floor, gcd, lcm
from typing import ClassVar, Final

from client_sdk.contract.compat.meter import Reason
from client_sdk.contract.compat.solving.models import EMPTY, UNKNOWN, Models, Search, at_once
from client_sdk.contract.compat.solving.state import Rule, Rules, State
from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.kinds import INTEGER, NUMBER
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.values import JsonValue

MOST_WALKED: Final = 20_000  # multiples looked at one after the other
HALVINGS: Final = 48
DIGITS: Final = Context(prec=400)
ONE: Final = Fraction(1)


class NumberState(State):
    """An interval, the step every value is a multiple of, and divisors it is no multiple of."""

    KIND: ClassVar[int] = NUMBER
    _OWN: ClassVar[tuple[str, ...]] = ("avoided",)

    def __init__(self, arena: Arena) -> None:
        super().__init__(arena)
        self.low: Fraction | None = None
        self.high: Fraction | None = None
        self.low_open = False
        self.high_open = False
        self.step: Fraction | None = None
        self.avoided: dict[Fraction, None] = {}

    def rules(self) -> Rules:
        """Give the table that says how each form of literal is dealt with."""
        return _RULES

    def models(self, want: int) -> Search[Models]:
        """List numbers, smallest absolute value first."""
        return at_once(self._dense(want) if self.step is None else self._stepped(self.step, want))

    def divide(self, divisor: Fraction, *, negative: bool) -> None:
        """Ask for multiples of a divisor, or for none."""
        if negative:
            self.avoided[divisor] = None
        elif self.step is None:
            self.step = divisor
        else:
            self.step = _joint_step(self.step, divisor)

    def raise_floor(self, limit: Fraction, *, strict: bool) -> None:
        """Ask for numbers above a limit."""
        if self.low is None or (limit, strict) > (self.low, self.low_open):
            self.low, self.low_open = limit, strict

    def lower_ceiling(self, limit: Fraction, *, strict: bool) -> None:
        """Ask for numbers below a limit."""
        if self.high is None or (limit, not strict) < (self.high, not self.high_open):
            self.high, self.high_open = limit, strict

    def is_void(self) -> bool:
        """Say whether it is plain that no number is left."""
        if self.step is not None and any(self.step % each == 0 for each in self.avoided):
            return True
        if self.low is None or self.high is None:
            return False
        touching = self.low == self.high and (self.low_open or self.high_open)
        return self.low > self.high or touching

    def facts(self) -> tuple[object, ...]:
        """Give what the state says, to be compared."""
        bounds = (self.low, self.low_open, self.high, self.high_open)
        return (*bounds, self.step, tuple(self.avoided))

    def _stepped(self, step: Fraction, want: int) -> Models:
        first, last = self._multiples(step)
        moduli = [(step / each).denominator for each in self.avoided]
        found: list[JsonValue] = []
        factors = iter(_outward(first, last))
        for walked, factor in enumerate(islice(factors, MOST_WALKED + len(self.excluded))):
            self.arena.meter.spend(walked & 1)
            if all(factor % modulus for modulus in moduli):
                found += self._allowed(step * factor)
                if len(found) >= want:
                    return Models(tuple(found), complete=False)
        complete = next(factors, None) is None
        if not complete:
            self.arena.meter.doubt(Reason.SEARCH_TOO_WIDE)
        return Models(tuple(found), complete)

    def _multiples(self, step: Fraction) -> tuple[int | None, int | None]:
        """Give the first and the last factor whose multiple lies in the interval."""
        first = last = None
        if self.low is not None:
            first = ceil(self.low / step)
            first += self.low_open and step * first == self.low
        if self.high is not None:
            last = floor(self.high / step)
            last -= self.high_open and step * last == self.high
        return first, last

    def _dense(self, want: int) -> Models:
        if self.low is not None and self.low == self.high:
            if any(self.low % each == 0 for each in self.avoided):
                return EMPTY
            return Models(tuple(self._allowed(self.low)), complete=True)
        found: list[JsonValue] = []
        seen: set[Fraction] = set()
        for number in islice(self._points(), MOST_WALKED):
            if number in seen or not self._inside(number):
                continue
            seen.add(number)
            if not any(number % each == 0 for each in self.avoided):
                found += self._allowed(number)
            if len(found) >= want:
                break
        return Models(tuple(found), complete=False) if found else UNKNOWN

    def _points(self) -> Iterator[Fraction]:
        """Offer points of the interval: integers and bounds first, then finer and finer."""
        low, high = self.low, self.high
        if low is None:
            low = Fraction(0) if high is None else min(high - 1, Fraction(0))
        if high is None:
            high = max(low + 1, ONE)
        yield from (Fraction(0), ONE, low, high, Fraction(ceil(low)), Fraction(floor(high)))
        for halving in range(1, HALVINGS):
            parts = 2**halving
            for part in dict.fromkeys((1, parts - 1, parts // 2 + 1, *range(1, min(parts, 64)))):
                yield low + (high - low) * part / parts
        if self.high is None or self.low is None:
            yield from (_away(self.low, self.high, distance) for distance in count(1))

    def _inside(self, number: Fraction) -> bool:
        if self.low is not None and (number < self.low or (self.low_open and number == self.low)):
            return False
        return (
            self.high is None or number < self.high or (number == self.high and not self.high_open)
        )

    def _allowed(self, number: Fraction) -> list[JsonValue]:
        value = json_number(number)
        return [value] if value is not None and self.allows(value) else []


def json_number(number: Fraction) -> int | Decimal | None:
    """Write a rational as a JSON number, or None when it has no finite decimal."""
    if number.denominator == 1:
        return number.numerator
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return None
    return DIGITS.divide(Decimal(number.numerator), Decimal(number.denominator))


def _take_types(state: NumberState, literal: nodes.Types) -> bool:
    if literal.mask & NUMBER != NUMBER:
        state.divide(ONE, negative=not literal.mask & INTEGER)
    return not state.is_void()


def _take_step(state: NumberState, literal: nodes.Step) -> bool:
    state.divide(literal.divisor, negative=literal.negative)
    return not state.is_void()


def _take_bound(state: NumberState, literal: nodes.Bound) -> bool:
    narrow = state.lower_ceiling if literal.upper else state.raise_floor
    narrow(literal.limit, strict=literal.strict)
    return not state.is_void()


def _screen(state: NumberState, literal: Node) -> bool | None:
    """Try the literal on a copy: it clashes, changes nothing, or says something new."""
    trial = state.copied()
    if not trial.add(literal):
        return False
    return True if trial.facts() == state.facts() else None


def _joint_step(one: Fraction, two: Fraction) -> Fraction:
    """Give the least common multiple of two rationals."""
    return Fraction(lcm(one.numerator, two.numerator), gcd(one.denominator, two.denominator))


def _outward(first: int | None, last: int | None) -> Iterable[int]:
    """Walk the integers between two ends, those near zero first."""
    if first is not None and first >= 0:
        return count(first) if last is None else range(first, last + 1)
    if last is not None and last <= 0:
        return count(last, -1) if first is None else range(last, first - 1, -1)
    return _around_zero(first, last)


def _around_zero(first: int | None, last: int | None) -> Iterator[int]:
    yield 0
    ends = None if first is None or last is None else max(-first, last)
    for distance in count(1) if ends is None else range(1, ends + 1):
        if last is None or distance <= last:
            yield distance
        if first is None or -distance >= first:
            yield -distance


def _away(low: Fraction | None, high: Fraction | None, distance: int) -> Fraction:
    if low is None:
        return (Fraction(0) if high is None else high) - distance
    return low + distance


_RULES: Final[Rules] = {
    nodes.Types: Rule(_take_types, _screen),
    nodes.Step: Rule(_take_step, _screen),
    nodes.Bound: Rule(_take_bound, _screen),
}
