"""What counts as what, and what the controller decides from it (K5, k7, k8, E6)."""

import pytest
from canary_arms import deployment

from client_sdk.canary import (
    CanaryConfig,
    CanaryController,
    CanaryMetrics,
    GateOpinion,
    GateRefused,
    Phase,
)
from client_sdk.clock import VirtualClock
from client_sdk.exchange import Result


def test_an_exception_counts_with_its_duration_and_reaches_the_caller():
    """k7: a canary that hung and failed looked fast."""
    clock = VirtualClock()

    class Hangs:
        def execute(self, *_):
            clock.sleep(3)
            raise ConnectionError("reset")

    controller = CanaryController(CanaryConfig("v1", "v2", 50), Hangs(), Hangs(), clock=clock)
    controller.start()
    with pytest.raises(ConnectionError):
        controller.route_request("get_balance", {})
    seen = [controller.evaluate()[arm] for arm in ("canary_metrics", "stable_metrics")]

    assert sorted(arm["requests_error"] for arm in seen) == [0, 1]
    assert sorted(arm["mean_latency_ms"] for arm in seen) == [0, 3000]


def test_a_timeout_counts_at_its_bound():
    """k7."""

    class TimesOut:
        timeout = 30.0

        def execute(self, *_):
            raise TimeoutError

    controller = CanaryController(
        CanaryConfig("v1", "v2", 50), TimesOut(), TimesOut(), clock=VirtualClock()
    )
    controller.start()
    with pytest.raises(TimeoutError):
        controller.route_request("get_balance", {})
    seen = [controller.evaluate()[arm] for arm in ("canary_metrics", "stable_metrics")]

    assert max(arm["p95_latency_ms"] for arm in seen) == 30_000
    assert sum(arm["timeouts"] for arm in seen) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"status_code": 500}, "requests_error"),
        ({"status_code": 599}, "requests_error"),
        ({"status_code": 404}, "requests_refused"),
        ({"status_code": 429}, "requests_refused"),
        ({"status_code": 201}, "requests_success"),
        ({"status_code": 304}, "requests_success"),
        ({"body": {}}, "requests_unknown"),
        ({"status_code": "200"}, "requests_unknown"),
    ],
)
def test_only_a_server_fault_is_an_error(answer, kind):
    """k8: 4xx and a missing status were counted as the canary's errors."""
    tried = deployment(initial_weight_pct=99)
    tried.canary.answers["t"] = tried.stable.answers["t"] = answer
    tried.send(40, tool="t")
    seen = tried.controller.evaluate()["canary_metrics"]

    assert seen[kind] == seen["requests_total"] > 0


def test_more_refusals_than_stable_are_harm_too():
    """k8: 4xx rates are compared between the arms."""
    tried = deployment(canary_rate=0.5)
    tried.canary.status = 404
    tried.up_to(20, 300)

    assert tried.controller.state == "rolled_back"
    assert tried.controller.reason.startswith("refusals: ")


def test_answers_without_a_status_are_never_promoted():
    """k8, decision 3: unknown never passes silently."""
    tried = deployment(step_duration_seconds=60)
    nothing = {"body": {}}
    tried.canary.answers["get_balance"] = tried.stable.answers["get_balance"] = nothing
    tried.up_to(20, 600)

    assert tried.controller.current_weight == 5


def test_what_an_error_is_can_be_said_otherwise():
    """k8, E6 `error_classifier`."""
    tried = deployment(error_classifier=lambda result: result["body"].get("ok") is False)
    tried.canary.answers["t"] = tried.stable.answers["t"] = Result(200, {"ok": False})
    tried.send(100, tool="t")

    assert tried.controller.evaluate()["stable_metrics"]["error_rate"] == 1


def test_nothing_is_decided_below_the_least_sample():
    """K5."""
    tried = deployment(initial_weight_pct=50, canary_rate=1)
    tried.send(20)

    assert tried.controller.evaluate()["action"] == "hold"


def test_a_canary_that_always_fails_is_rolled_back():
    """K5."""
    tried = deployment(initial_weight_pct=50, canary_rate=1)
    tried.send(100)
    decision = tried.controller.evaluate()

    assert decision["action"] == "rollback"
    assert decision["reason"] == "errors: 100.00% on the canary against 0.00% on stable"


def test_a_handful_of_events_is_an_anecdote():
    """k3: a minimum of events, not of requests only."""
    tried = deployment(initial_weight_pct=5)
    tried.send(2_000)
    tried.canary.answers["t"] = tried.stable.answers["t"] = {"status_code": 500}
    canary_keys = [f"k{n}" for n in range(400) if is_on_canary(tried, f"k{n}")]
    actions = []
    for key in canary_keys[:5]:
        tried.controller.route_request("t", {}, key=key)
        actions.append(tried.controller.evaluate()["action"])

    assert actions == ["hold", "hold", "hold", "hold", "rollback"]


def test_a_proven_rise_that_is_not_worth_it_rolls_nothing_back():
    """k3: an absolute effect beside the relative one."""
    tried = deployment(initial_weight_pct=50, error_rate_threshold=0.9)
    tried.canary.answers["t"] = {"status_code": 500}
    tried.send(5_000)
    tried.send(60, keys=60, tool="t")
    seen = tried.controller.evaluate()

    assert 0.005 < seen["canary_metrics"]["error_rate"] < 0.018
    assert tried.controller.traffic.judge.numbers()["worse"]["errors"]["log_evidence"] > 6
    assert seen["action"] == "hold"


def is_on_canary(tried, key):
    return tried.controller.traffic.choose("t", {}, key).on_canary


@pytest.mark.parametrize(
    ("arms", "reason"),
    [
        ({"canary_rate": 0.2}, "error rate"),
        ({"slower": 100}, "p95"),
        ({"stable_rate": 0.005, "canary_rate": 0.03}, "above twice stable's"),
    ],
)
def test_the_rule_of_the_guide_has_three_limits(arms, reason):
    """K5."""
    tried = deployment(7, initial_weight_pct=50, judge="threshold", **arms)
    tried.send(400)
    decision = tried.controller.evaluate()

    assert decision["action"] == "rollback"
    assert reason in decision["reason"]


def test_a_step_lasts_its_duration():
    """K5."""
    tried = deployment(initial_weight_pct=50)
    tried.send(1000)
    assert tried.controller.evaluate()["action"] == "hold"

    tried.clock.advance(300)
    assert tried.controller.evaluate()["action"] == "promote"


def test_harm_must_be_found_as_often_as_configured():
    """C6: consecutive failures."""
    tried = deployment(initial_weight_pct=50, canary_rate=1, consecutive_failures=3)
    tried.send(100)

    actions = [tried.controller.evaluate()["action"] for _ in range(3)]
    assert actions == ["hold", "hold", "rollback"]


def test_the_metrics_have_the_names_of_the_guide():
    """K1, K6."""
    clock = VirtualClock()
    metrics = CanaryMetrics(10, 8, 2, 500.0, [50.0] * 10, clock=clock)
    clock.advance(60)

    assert (metrics.error_rate, metrics.mean_latency_ms, metrics.uptime_seconds) == (0.2, 50, 60)
    assert metrics.snapshot()["p95_latency_ms"] == 50


def test_the_uptime_counts_from_the_start_that_is_given():
    """K1."""
    clock = VirtualClock(start=1_000)

    assert CanaryMetrics(start_time=900.0, clock=clock).uptime_seconds == 100


def test_the_mean_of_samples_alone_is_known():
    """K1: the numbers may be filled in by hand."""
    assert CanaryMetrics(latency_sum_ms=30.0, latency_samples=[10.0, 20.0]).mean_latency_ms == 15


def test_an_answer_that_is_no_mapping_is_counted_and_given_back():
    """k8: it went uncounted, and the caller saw an error of the controller."""

    class Silent:
        def execute(self, *_):
            return None

    controller = CanaryController(CanaryConfig("v1", "v2", 50), Silent(), Silent())
    controller.start()

    assert controller.route_request("get_balance", {}) is None
    seen = controller.evaluate()
    assert (
        seen["canary_metrics"]["requests_unknown"] + seen["stable_metrics"]["requests_unknown"] == 1
    )


def test_answers_over_the_limit_roll_back_before_stables_own_p95_is_known():
    """K5: two hundred calls, half of them on the canary, are enough for the configured limit."""
    tried = deployment(initial_weight_pct=50, promotion_steps=[100], slower=100)
    tried.send(200)

    decision = tried.controller.evaluate()
    assert decision["action"] == "rollback"
    assert decision["reason"].startswith("answers over the limit: p95 ")


def test_latency_samples_are_bounded():
    """K1, k12: a list, of the latest two thousand."""
    tried = deployment()
    tried.send(5_000)

    assert CanaryMetrics().latency_samples == []
    assert len(tried.controller.traffic.all_stable.latency_samples) == 2_000


def test_a_gate_is_asked_before_each_step_and_a_no_rolls_back():
    """E6: the canary asks the contract matrix."""
    asked = []

    def can_i_deploy(weight):
        asked.append(weight)
        return GateOpinion("no", "buyer-agent needs get_balance 2.0") if weight > 25 else True

    tried = deployment(gates=[can_i_deploy])
    assert tried.controller.promote() is True
    assert tried.controller.promote() is False

    assert asked == [5, 25, 50]
    assert tried.controller.state == "rolled_back"
    assert "buyer-agent needs get_balance 2.0" in tried.controller.reason


@pytest.mark.parametrize("said", [None, "maybe", 1, "unknown", RuntimeError("the broker is down")])
def test_a_gate_that_does_not_know_lets_nothing_through(said):
    def gate(weight):
        if isinstance(said, Exception):
            raise said
        return True if weight == 5 else said

    tried = deployment(gates=[gate]) if not isinstance(said, Exception) else None
    if tried is None:
        with pytest.raises(GateRefused, match="the broker is down"):
            deployment(gates=[gate])
        return

    assert tried.controller.promote() is False
    assert (tried.controller.state, tried.controller.current_weight) == ("running", 5)


def test_harm_rolls_back_while_an_approval_is_awaited():
    """C6: breaches were ignored there (flagger#1801)."""
    tried = deployment(
        initial_weight_pct=50, canary_rate=1, gates=[lambda w: "wait" if w > 50 else "yes"]
    )
    tried.controller.promote()
    assert tried.controller.phase is Phase.AWAITING_APPROVAL

    tried.send(100)
    assert tried.controller.evaluate()["action"] == "rollback"


def test_a_paused_canary_is_not_promoted():
    tried = deployment(initial_weight_pct=50)
    tried.controller.pause()
    tried.send(1000)
    tried.clock.advance(300)

    assert tried.controller.evaluate()["reason"].startswith("paused; ")
    tried.controller.resume()
    assert tried.controller.evaluate()["action"] == "promote"


def test_a_broken_contract_rolls_back_and_names_the_consumer():
    """E6: long before the error rate moves."""

    class Broken:
        consumer = "buyer-agent"
        message = "balance is missing"
        severity = "error"

    def check(tool, result):
        return [] if "balance" in result["body"] else [Broken()]

    tried = deployment(initial_weight_pct=50, contract_check=check)
    tried.stable.answers["get_balance"] = Result(200, {"balance": "1.00"})
    tried.canary.answers["get_balance"] = Result(200, {})
    tried.send(5)
    decision = tried.controller.evaluate()

    assert decision["action"] == "rollback"
    assert (
        decision["reason"] == "get_balance breaks the contract of buyer-agent: balance is missing"
    )


def test_only_what_the_canary_answers_with_success_is_checked():
    tried = deployment(initial_weight_pct=50, contract_check=lambda *_: ["anything"], canary_rate=1)
    tried.send(10)

    assert tried.controller.evaluate()["action"] == "hold"


def broken_check(*_):
    raise RuntimeError("too complex")


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (lambda *_: ["balance is missing"], "t breaks a contract: balance is missing"),
        (broken_check, "t: the contract could not be checked: RuntimeError: too complex"),
    ],
)
def test_what_a_check_says_is_the_reason(check, reason):
    """An answer that cannot be judged is not in order."""
    tried = deployment(initial_weight_pct=50, contract_check=check)
    tried.send(5, tool="t")

    assert tried.controller.evaluate()["reason"] == reason


def test_a_warning_breaks_nothing():
    class Warns:
        severity = "warning"

    tried = deployment(initial_weight_pct=50, contract_check=lambda *_: [Warns()])
    tried.send(10)

    assert tried.controller.evaluate()["action"] == "hold"
