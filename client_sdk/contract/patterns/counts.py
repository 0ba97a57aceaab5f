"""Sets of repeat counts, small enough to live inside a node.

Repeating one body ``n`` times for every ``n`` of a set needs one node, not ``n``: taking a
derivative lowers every count by one, and two threads that differ only in how far they have
counted fall together into the union of their counts.
"""

from typing import NamedTuple

WIDEST_MASK = 20_000


class Counts(NamedTuple):
    """A non-empty set of natural numbers: the bits of ``mask`` and all of ``low..high``.

    ``high`` is ``None`` when the last run never ends. The run ``low..high`` is the highest
    and no bit of the mask touches it, so equal sets are equal values.
    """

    mask: int
    low: int
    high: int | None

    def has_zero(self) -> bool:
        """Tell whether repeating zero times is among the counts."""
        return self.low == 0 or bool(self.mask & 1)

    def down(self) -> "Counts":
        """Lower every count by one; a zero falls away. Needs a count above zero."""
        high = None if self.high is None else self.high - 1
        return Counts(self.mask >> 1, self.low - 1 if self.low else 0, high)

    def from_zero(self) -> "Counts":
        """Fill up to everything from zero to the highest count."""
        return Counts(0, 0, self.high)

    def is_star(self) -> bool:
        """Tell whether every count is there."""
        return self.low == 0 and self.high is None


STAR = Counts(0, 0, None)
ZERO = Counts(0, 0, 0)
ONE = Counts(0, 1, 1)


def between(low: int, high: int | None) -> Counts:
    """Return all counts from ``low`` to ``high``."""
    return Counts(0, low, high)


def union(one: Counts, two: Counts) -> Counts | None:
    """Join two sets, or return None when the joint set would be too wide to hold."""
    if not one.mask and not two.mask and _touch(one, two):
        high = None if one.high is None or two.high is None else max(one.high, two.high)
        return Counts(0, min(one.low, two.low), high)
    if max(_finite_end(one), _finite_end(two)) > WIDEST_MASK:
        return None
    endless = [each.low for each in (one, two) if each.high is None]
    end = min(endless) if endless else None
    return _canonical(_bits(one) | _bits(two), end)


def product(inner: Counts, outer: Counts) -> Counts | None:
    """Multiply out a power of a power, or return None when the result is not one run."""
    if inner.mask or outer.mask:
        return None
    if inner.high is None:
        gapless = outer.low > 0 or inner.low <= 1
    else:
        # The runs for k and k + 1 touch for every k from the lowest on if they do there.
        gapless = outer.low == outer.high or (outer.low * (inner.high - inner.low) + 1 >= inner.low)
    if not gapless:
        return None
    if 0 in {inner.high, outer.high}:
        high: int | None = 0
    else:
        high = None if inner.high is None or outer.high is None else inner.high * outer.high
    return Counts(0, inner.low * outer.low, high)


def _touch(one: Counts, two: Counts) -> bool:
    return (one.high is None or two.low <= one.high + 1) and (
        two.high is None or one.low <= two.high + 1
    )


def _finite_end(counts: Counts) -> int:
    return counts.low if counts.high is None else counts.high


def _bits(counts: Counts) -> int:
    if counts.high is None:
        return counts.mask
    return counts.mask | ((1 << (counts.high + 1)) - (1 << counts.low))


def _canonical(bits: int, endless_from: int | None) -> Counts:
    """Split off the highest run of ``bits`` (joined with all from ``endless_from``)."""
    width = bits.bit_length() if endless_from is None else endless_from
    below = (1 << width) - 1
    low = (~bits & below).bit_length()
    high = width - 1 if endless_from is None else None
    return Counts(bits & ((1 << low) - 1), low, high)
