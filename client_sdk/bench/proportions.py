"""Are there more errors than before, or is it chance? Fisher's exact test, one-sided."""

from __future__ import annotations

from math import exp, fsum, lgamma


def more_errors_by_chance(before: tuple[int, int], after: tuple[int, int]) -> float:
    """Give the probability of so many errors after, if nothing had changed.

    Each pair is (errors, calls). Conditional on how many errors there are in all.
    """
    errors, calls = before[0] + after[0], before[1] + after[1]
    most = min(errors, after[1])
    return min(
        1.0, fsum(_chance(number, errors, calls, after[1]) for number in range(after[0], most + 1))
    )


def _chance(number: int, errors: int, calls: int, drawn: int) -> float:
    """The hypergeometric probability that `number` of the errors are among those drawn."""
    if number > drawn or errors - number > calls - drawn:
        return 0.0
    ways = _ways(drawn, number) + _ways(calls - drawn, errors - number) - _ways(calls, errors)
    return exp(ways)


def _ways(count: int, chosen: int) -> float:
    return lgamma(count + 1) - lgamma(chosen + 1) - lgamma(count - chosen + 1)
