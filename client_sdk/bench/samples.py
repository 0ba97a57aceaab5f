"""Percentiles and intervals of a sample: nearest rank, and order statistics around it.

A percentile is a value that was measured: the one of rank ceil(p·n). It is supported when at
least one sample lies above that rank; else it is the maximum under another name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, exp, floor, fsum, inf, lgamma, log, log2, sqrt
from statistics import NormalDist
from typing import Final

FEWEST: Final = 8  # samples; below, an interval of the mean would promise too much
SMALLEST_RANK_ERROR: Final = 1e-9  # 0.95 * 100 is a little more than 95 in binary
SUBBUCKETS: Final = 8  # of a factor of two: buckets are 9 % wide


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with the bounds it lies between; `inf` and 0 where the sample sets no bound."""

    value: float
    low: float
    high: float


def percentile(ordered: Sequence[float], share: float) -> float:
    """Give the value of rank ceil(share · n) of an ascending sample.

    Raises:
        ValueError: there is no sample, or the share is not between 0 and 1.
    """
    if not ordered:
        raise ValueError("ordered: there is no percentile of no samples")
    return ordered[_rank(len(ordered), share) - 1]


def is_supported(count: int, share: float) -> bool:
    """Say whether a percentile of `count` samples is anything but their maximum."""
    return count > 0 and _rank(count, share) < count


def samples_needed(share: float) -> int:
    """Give the smallest number of samples that supports a percentile: 100 for 0.99."""
    return ceil(1 / (1 - share) - SMALLEST_RANK_ERROR)


def percentile_interval(ordered: Sequence[float], share: float, alpha: float) -> Interval:
    """Give a percentile with bounds that each miss the true one with probability `alpha` at most.

    The bounds are order statistics: nothing is assumed about the distribution.
    """
    lowest, highest = _ranks(len(ordered), share, alpha)
    return Interval(
        percentile(ordered, share),
        ordered[lowest - 1] if lowest else 0.0,
        ordered[highest - 1] if highest <= len(ordered) else inf,
    )


def mean_interval(mean: float, deviation: float, count: int, alpha: float) -> Interval:
    """Give a mean with bounds that each miss the true one with probability `alpha`, about.

    Computed for the logarithm of the mean, because latencies are never negative.
    """
    if count < FEWEST or mean <= 0:
        return Interval(mean, 0.0, inf)
    width = student(alpha, count - 1) * deviation / sqrt(count) / mean
    return Interval(mean, mean * exp(-width), mean * exp(min(width, 700.0)))


def typical(values: Sequence[float]) -> tuple[float, float, int]:
    """Give mean and variance of the logarithms of the positive values, and how many there are."""
    logs = [log(value) for value in values if value > 0]
    if not logs:
        return -inf, 0.0, 0
    mean = fsum(logs) / len(logs)
    spread = fsum((each - mean) ** 2 for each in logs)
    return mean, spread / max(1, len(logs) - 1), len(logs)


@lru_cache(maxsize=256)
def student(alpha: float, freedom: float) -> float:
    """Give the upper `alpha` quantile of Student's t, by expansion around the normal one."""
    z = NormalDist().inv_cdf(1 - alpha)
    first = (z**3 + z) / (4 * freedom)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    return z + first + second


def histogram(values: Sequence[float]) -> list[tuple[float, int]]:
    """Give (upper bound, count) of each bucket that is not empty, bounds ascending, about 9 % wide.

    What is kept this way has a bounded size, whatever was measured.
    """
    buckets: dict[float, int] = {}
    for value in values:
        bound = 0.0
        if value > 0:
            step = floor(log2(value) * SUBBUCKETS) + 1
            bound = 2 ** (step / SUBBUCKETS)
        buckets[bound] = buckets.get(bound, 0) + 1
    return sorted(buckets.items())


def thinned(ordered: Sequence[float], most: int) -> list[float]:
    """Give at most `most` values of an ascending sample, evenly spread by rank, ends included."""
    if len(ordered) <= most:
        return list(ordered)
    step = (len(ordered) - 1) / (most - 1)
    return [ordered[round(number * step)] for number in range(most)]


def _rank(count: int, share: float) -> int:
    if not 0 <= share <= 1:
        raise ValueError(f"share: {share} is not between 0 and 1")
    return max(1, ceil(share * count - SMALLEST_RANK_ERROR))


@lru_cache(maxsize=1024)
def _ranks(count: int, share: float, alpha: float) -> tuple[int, int]:
    """The ranks between which a percentile lies; 0 and count + 1 where there is none.

    The value of rank r is above the percentile when fewer than r samples are below it, and how
    many are follows the binomial distribution.
    """
    lowest, highest, below = 0, count + 1, 0.0
    for number, chance in enumerate(_binomial(count, share)):
        below += chance
        if below <= alpha:
            lowest = number + 1
        if below >= 1 - alpha:
            highest = number + 1
            break
    return lowest, highest


def _binomial(count: int, share: float) -> list[float]:
    success, failure, whole = log(share), log(1 - share), lgamma(count + 1)
    return [
        exp(
            whole
            - lgamma(number + 1)
            - lgamma(count - number + 1)
            + number * success
            + (count - number) * failure
        )
        for number in range(count + 1)
    ]
