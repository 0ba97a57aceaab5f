"""The bet on whole callers: rarely wrong whatever callers are like, and useful with few of them."""

import random
from math import log

import pytest

from client_sdk.canary.callers import CallersTest

WEIGHTS = (0.05, 0.25, 0.5)


def after(seed, *, callers, calls, rate_of, worse=1.0):
    """The evidence after a ladder of three steps, each of so many calls."""
    chance = random.Random(seed)
    places = [chance.random() for _ in range(callers)]
    rates = [rate_of(chance) for _ in range(callers)]
    test = CallersTest()
    for weight in WEIGHTS:
        for _ in range(calls):
            number = chance.randrange(callers)
            place = places[number]
            rate = rates[number] * (worse if place < weight else 1)
            test.observe(place, weight, hit=chance.random() < rate)
    return test.log_evidence


@pytest.mark.parametrize(
    "rate_of",
    [
        lambda _: 0.01,
        lambda chance: 1.0 if chance.random() < 0.05 else 0.001,
        lambda chance: chance.random() ** 8,
    ],
    ids=["all alike", "some always fail", "heavy tail"],
)
@pytest.mark.parametrize("callers", [20, 200])
def test_evidence_of_a_hundred_to_one_is_rare_between_equal_arms(callers, rate_of):
    """k3, k4: nothing is assumed of the callers but that chance has placed them."""
    alarms = sum(
        after(seed, callers=callers, calls=2_000, rate_of=rate_of) >= log(100) for seed in range(25)
    )

    assert alarms <= 1


def test_two_hundred_callers_show_five_times_the_errors():
    """Their first errors alone would not: after them a caller says nothing new to `OddsTest`."""
    found = sum(
        after(seed, callers=200, calls=6_000, rate_of=lambda _: 0.01, worse=5) >= log(1_000)
        for seed in range(10)
    )

    assert found >= 9


def test_one_caller_that_always_fails_shows_nothing():
    """k4: it was placed by chance once."""
    for place in (0.01, 0.99):
        test, chance = CallersTest(), random.Random(1)
        others = [chance.random() for _ in range(100)]
        for _ in range(3_000):
            test.observe(chance.choice(others), 0.05, hit=False)
            test.observe(place, 0.05, hit=True)

        assert test.log_evidence < log(100)


def test_many_looks_cost_what_they_are_worth():
    """Each of 32 looks has its part of alpha."""
    test = CallersTest()
    for number in range(300):
        test.observe(number / 300, 0.25, hit=number < 60)
    best = test.to_json()["best"]

    assert best > log(1_000)
    assert test.log_evidence == best - log(32)


def test_a_call_of_an_earlier_weight_is_left_out():
    """k11: it ended late."""
    test = CallersTest()
    test.observe(0.1, 0.25, hit=True)
    test.observe(0.1, 0.05, hit=True)

    assert test.events == 1


def test_the_evidence_survives_being_written_down():
    """k11."""
    chance, test, again = random.Random(2), CallersTest(), CallersTest()
    places = [chance.random() for _ in range(50)]
    calls = [(chance.choice(places), chance.random() < 0.05) for _ in range(2_000)]
    for place, hit in calls[:1_000]:
        test.observe(place, 0.25, hit=hit)
    again.restore(test.to_json())
    for place, hit in calls[1_000:]:
        test.observe(place, 0.25, hit=hit)
        again.observe(place, 0.25, hit=hit)

    assert again.to_json() == test.to_json()
    assert again.log_evidence == test.log_evidence
