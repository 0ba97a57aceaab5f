"""The promises of the sequential judge, in seeded simulation through the public surface.

Fewer runs than `tests/bench/kit_canary.py` makes: here a false rollback would be a surprise, there
its rate is measured.
"""

import pytest
from canary_arms import deployment


@pytest.mark.parametrize(
    ("error_rate", "rate", "runs"),
    [(0.001, 20, 2), (0.01, 20, 2), (0.03, 20, 2), (0.001, 2, 12), (0.01, 2, 12), (0.03, 2, 12)],
)
def test_equal_arms_are_not_rolled_back_however_often_one_looks(error_rate, rate, runs):
    """k3: the guide's rule rolls back 16 to 91 % of these."""
    ended = [
        deployment(seed, stable_rate=error_rate, canary_rate=error_rate).up_to_state(rate, 900)
        for seed in range(runs)
    ]

    assert ended.count("rolled_back") == 0


def test_five_times_the_errors_are_stopped_soon():
    """k3, issue 4 point 6: median at most 200 s, at least 95 % before the ladder ends."""
    stopped = [stopping_time(seed, stable_rate=0.01, canary_rate=0.05) for seed in range(30)]

    assert sorted(stopped)[15] <= 200
    assert sum(time <= 1200 for time in stopped) >= 29


def test_a_slower_canary_is_stopped_though_it_makes_no_errors():
    stopped = [stopping_time(seed, slower=1.6) for seed in range(10)]

    assert sorted(stopped)[5] <= 300
    assert max(stopped) <= 1200


def test_one_caller_whose_every_call_fails_rolls_nothing_back():
    """k3, k4: a caller is random once; its hundredth error shows nothing that the first did not."""
    for seed in range(25):
        tried = deployment(seed)
        tried.stable.answers["pay"] = tried.canary.answers["pay"] = {"status_code": 500}
        tried.send(600, keys=600)
        for _ in range(200):
            tried.controller.route_request("pay", {}, key="broken-caller")

        assert tried.controller.evaluate()["action"] != "rollback"


def test_the_guides_rule_rolls_equal_arms_back():
    """k3: `judge="threshold"` restores the rule, with its faults."""
    ended = [
        deployment(
            seed, stable_rate=0.01, canary_rate=0.01, judge="threshold", step_duration_seconds=300
        ).up_to_state(20, 1200)
        for seed in range(6)
    ]

    assert ended.count("rolled_back") >= 3


def test_little_traffic_is_no_reason_to_promote():
    """E6: without enough events the answer is "inconclusive", not yes."""
    tried = deployment(stable_rate=0.01, canary_rate=0.01)

    assert tried.up_to(2, 600) is None
    assert tried.controller.current_weight == 5
    assert tried.controller.evaluate()["reason"].startswith("inconclusive: an error rate of 0.05")


def stopping_time(seed, **arms):
    tried = deployment(seed, **arms)
    passed = tried.up_to(20, 1200)
    return passed if tried.controller.state == "rolled_back" else 9_999
