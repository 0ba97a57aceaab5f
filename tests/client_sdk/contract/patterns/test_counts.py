import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_sdk.contract.patterns.counts import Counts, between, product, union

END = 40
RUNS = st.tuples(st.integers(0, 12), st.integers(0, 6) | st.none()).map(
    lambda run: between(run[0], None if run[1] is None else run[0] + run[1])
)


def members(counts):
    return {
        number
        for number in range(END)
        if counts.mask >> number & 1
        or (counts.low <= number and (counts.high is None or number <= counts.high))
    }


@st.composite
def count_sets(draw):
    joined = draw(RUNS)
    for run in draw(st.lists(RUNS, max_size=3)):
        joined = union(joined, run)
    return joined


@given(count_sets(), count_sets())
def test_a_union_holds_both(one, two):
    assert members(union(one, two)) == members(one) | members(two)


@given(count_sets(), count_sets())
def test_equal_sets_are_equal_values(one, two):
    assert (members(one) == members(two)) == (one == two)


@given(count_sets())
def test_going_down_lowers_every_count(counts):
    if members(counts) == {0}:
        return

    lowered = {number - 1 for number in members(counts) if number}

    assert members(counts.down()) - {END - 1} == lowered - {END - 1}
    assert counts.has_zero() == (0 in members(counts))
    assert members(counts.from_zero()) == set(range(max(members(counts)) + 1))


@given(RUNS, RUNS)
def test_a_product_is_every_sum_of_rounds(inner, outer):
    joint = product(inner, outer)
    if joint is None:
        return
    sums = {0} if outer.has_zero() else set()
    reached = {0}
    for rounds in range(1, END):
        reached = {a + b for a in reached for b in members(inner) if a + b < END}
        if rounds in members(outer):
            sums |= reached

    assert members(joint) == sums


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        (between(2, 3), between(0, 2)),
        (between(2, 2), between(1, 2)),
        (between(3, None), between(0, 1)),
        (Counts(0b1, 3, 4), between(1, 2)),
    ],
)
def test_a_product_with_gaps_is_not_one_run(inner, outer):
    assert product(inner, outer) is None


def test_sets_too_wide_to_hold_are_not_joined():
    assert union(between(0, 1), between(30_000, 30_001)) is None
    assert union(between(0, 1), between(2, 30_000)) == between(0, 30_000)


def test_nothing_repeated_without_end_is_nothing():
    assert product(between(0, 0), between(2, None)) == between(0, 0)
    assert product(between(2, None), between(0, 0)) is None
    assert product(between(0, None), between(0, 0)) == between(0, 0)


def test_a_run_without_end_and_one_before_it_stay_two():
    assert union(between(5, None), between(1, 2)) == Counts(0b110, 5, None)
    assert union(between(1, 3), between(5, None)) == Counts(0b1110, 5, None)
    assert union(Counts(0b110, 5, None), between(3, 4)) == between(1, None)
