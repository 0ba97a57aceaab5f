"""Percentiles, their intervals, histograms."""

import random
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client_sdk.bench.proportions import more_errors_by_chance
from client_sdk.bench.samples import (
    histogram,
    is_supported,
    mean_interval,
    percentile,
    percentile_interval,
    samples_needed,
    student,
    thinned,
)

SAMPLES = st.lists(st.floats(0.001, 1e6), min_size=1, max_size=60).map(sorted)


@pytest.mark.parametrize(
    ("count", "share", "expected"),
    [
        (100, 0.95, 95),
        (100, 0.99, 99),
        (20, 0.95, 19),
        (20, 0.99, 20),
        (3, 0.5, 2),
        (1, 0.99, 1),
        (100, 0.55, 55),
    ],
)
def test_a_percentile_is_the_value_of_nearest_rank(count, share, expected):
    """b3: of 100 samples p95 is the 95th and p99 the 99th; of 20, p95 is not the maximum."""
    assert percentile(range(1, count + 1), share) == expected


def test_there_is_no_percentile_of_nothing():
    """b3"""
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        percentile([1.0], 99)


@pytest.mark.parametrize(("share", "needed"), [(0.5, 2), (0.95, 20), (0.99, 100), (0.999, 1000)])
def test_a_percentile_needs_a_sample_above_it(share, needed):
    """b3"""
    assert samples_needed(share) == needed
    assert is_supported(needed, share)
    assert not is_supported(needed - 1, share)


@given(SAMPLES, st.sampled_from([0.25, 0.5, 0.95, 0.99]))
def test_an_interval_holds_its_percentile(ordered, share):
    found = percentile_interval(ordered, share, 0.05)

    assert found.low <= found.value <= found.high
    assert found.value in ordered


def test_the_bounds_of_a_percentile_are_the_tables():
    """b3: the median of 50 samples lies between the 17th and the 34th (98 %)."""
    found = percentile_interval(list(range(1, 51)), 0.5, 0.01)

    assert (found.low, found.high) == (17, 34)
    assert percentile_interval(list(range(1, 101)), 0.99, 0.01).high == inf


def test_a_bound_misses_as_seldom_as_it_says():
    """b3: the true p90 of a uniform sample is 0.9."""
    chance = random.Random(5)
    misses = 0
    for _ in range(400):
        ordered = sorted(chance.random() for _ in range(80))
        found = percentile_interval(ordered, 0.9, 0.05)
        misses += not found.low <= 0.9 <= found.high
    assert misses / 400 < 0.1


@pytest.mark.parametrize(
    ("alpha", "freedom", "expected"), [(0.025, 10, 2.228), (0.01, 30, 2.457), (0.01, 7, 2.998)]
)
def test_students_quantiles_are_the_tables(alpha, freedom, expected):
    assert student(alpha, freedom) == pytest.approx(expected, abs=0.03)


def test_a_mean_of_few_samples_has_no_bounds():
    found = mean_interval(5.0, 1.0, 7, 0.01)

    assert (found.low, found.high) == (0.0, inf)
    assert mean_interval(5.0, 0.0, 8, 0.01).high == 5.0


@given(st.lists(st.floats(0, 1e7), max_size=200))
def test_a_histogram_counts_everything_once(values):
    """b10"""
    buckets = histogram(values)

    assert sum(count for _, count in buckets) == len(values)
    assert [bound for bound, _ in buckets] == sorted({bound for bound, _ in buckets})


def test_a_bucket_is_nine_per_cent_wide():
    """b10"""
    ((bound, count),) = histogram([100.0, 100.5])

    assert count == 2
    assert 100.5 < bound < 110


@settings(max_examples=30)
@given(SAMPLES, st.integers(2, 10))
def test_thinning_keeps_both_ends(ordered, most):
    kept = thinned(ordered, most)

    assert len(kept) <= most
    assert kept[0] == ordered[0]
    assert len(ordered) == 1 or kept[-1] == ordered[-1]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [((0, 100), (1, 100), 0.5), ((0, 100), (5, 100), 0.0297), ((0, 10), (0, 10), 1.0)],
)
def test_more_errors_have_their_exact_chance(before, after, expected):
    """b8: Fisher's exact test."""
    assert more_errors_by_chance(before, after) == pytest.approx(expected, abs=0.001)
