"""The bets behind the sequential judge: what they pay, and how rarely they pay by chance."""

import random
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_sdk.canary.odds import OddsTest
from client_sdk.canary.rates import HIGHER, RateTest, highest_rate

LADDER = (0.05, 0.25, 0.5)


def poisson(chance, mean):
    count, left = 0, exp(-mean)
    drawn = chance.random()
    while drawn > left and count < 1_000:
        count += 1
        drawn -= left
        left *= mean / count
    return count


def looks(seed, *, canary, stable, rate):
    """The evidence at each look, ten seconds apart, over a ladder of three steps of 300 s."""
    chance, test = random.Random(seed), OddsTest()
    for weight in LADDER:
        for _ in range(30):
            ours = poisson(chance, rate * 10 * weight * canary)
            theirs = poisson(chance, rate * 10 * (1 - weight) * stable)
            for on_canary in chance.sample([True] * ours + [False] * theirs, ours + theirs):
                test.observe(0.0, weight, on_canary=on_canary, recurs=False)
            yield test.log_evidence


@pytest.mark.parametrize("rate", [2, 20])
@pytest.mark.parametrize("error_rate", [0.001, 0.005, 0.01, 0.02, 0.03])
def test_evidence_of_a_hundred_to_one_is_rare_between_equal_arms(error_rate, rate):
    """k3: at any of ninety looks, in 150 deployments a cell."""
    alarms = sum(
        max(looks(seed, canary=error_rate, stable=error_rate, rate=rate)) >= log(100)
        for seed in range(150)
    )

    assert alarms <= 3


def test_a_canary_that_is_better_gathers_no_evidence_against_itself():
    for seed in range(50):
        assert max(looks(seed, canary=0.005, stable=0.02, rate=20)) < log(100)


@given(place=st.floats(0, 0.999), weight=st.sampled_from(LADDER), below=st.sampled_from([0.875, 1]))
def test_a_bet_is_fair(place, weight, below):
    """What is paid, times how likely it is, is the stake: a martingale."""
    paid = {}
    for on_canary in (True, False):
        test = OddsTest(below=below)
        test.observe(min(place, below / 2), weight, on_canary=on_canary, recurs=True)
        paid[on_canary] = exp(test.log_evidence)

    chance = weight / below
    assert chance * paid[True] + (1 - chance) * paid[False] == pytest.approx(1)


def test_a_caller_that_was_seen_says_nothing_new_at_the_same_weight():
    """k4: one event per caller, unless the weight shows more of its place."""
    test = OddsTest()
    for _ in range(50):
        test.observe(0.01, 0.05, on_canary=True, recurs=True)

    assert test.events == 1


def test_a_caller_of_stable_is_at_stake_again_when_the_weight_rises():
    test = OddsTest()
    test.observe(0.2, 0.05, on_canary=False, recurs=True)
    test.observe(0.2, 0.05, on_canary=False, recurs=True)
    test.observe(0.2, 0.25, on_canary=True, recurs=True)

    assert test.events == 2


def test_within_the_margin_the_canary_may_be_worse():
    """E6: margin 3 tolerates three times the errors."""
    worse = {"canary": 0.03, "stable": 0.01, "rate": 20}
    chance, tolerant = random.Random(3), OddsTest(3.0)
    for _ in range(300):
        on_canary = chance.random() < 0.25 * worse["canary"] / (0.25 * 0.03 + 0.75 * 0.01)
        tolerant.observe(0.0, 0.25, on_canary=on_canary, recurs=False)

    assert tolerant.log_evidence < log(100)
    assert max(looks(3, **worse)) >= log(100)


def test_places_beyond_the_bound_take_no_part():
    test = OddsTest(below=0.875)
    test.observe(0.9, 0.5, on_canary=False, recurs=False)

    assert test.events == 0


def test_the_evidence_survives_being_written_down():
    """k11."""
    test, again = OddsTest(), OddsTest()
    test.observe(0.01, 0.05, on_canary=True, recurs=True)
    again.restore(test.to_json())
    again.observe(0.01, 0.05, on_canary=True, recurs=True)

    assert again.log_evidence == test.log_evidence
    assert again.events == 1


def test_harm_is_ruled_out_by_enough_calls_only():
    test = RateTest(0.05)
    for _ in range(50):
        test.observe(hit=False)
    assert test.log_evidence < log(20)

    for _ in range(50):
        test.observe(hit=False)
    assert test.log_evidence >= log(20)


def test_a_rate_at_its_limit_is_rarely_taken_for_less_or_more():
    for factors in ((0.2, 0.5, 0.8), HIGHER):
        alarms = 0
        for seed in range(100):
            chance, test = random.Random(seed), RateTest(0.05, factors)
            evidence = []
            for _ in range(500):
                test.observe(hit=chance.random() < 0.05)
                evidence.append(test.log_evidence)
            alarms += max(evidence) >= log(100)

        assert alarms <= 3


@pytest.mark.parametrize(
    ("hits", "calls", "bound"), [(0, 100, 0.0520), (0, 10_000, 0.00053), (100, 10_000, 0.0137)]
)
def test_the_highest_rate_is_bounded_from_what_was_seen(hits, calls, bound):
    assert highest_rate(hits, calls, alpha=0.005) == pytest.approx(bound, rel=0.05)


def test_no_calls_bound_nothing():
    assert highest_rate(0, 0, alpha=0.01) > 0.99
