"""Criteria, monitor and drain: an answer that fails is never taken for a good one."""

from decimal import Decimal

import pytest
from canary_arms import deployment

from client_sdk.canary import (
    CanaryConfig,
    Decision,
    IllegalTransition,
    Snapshot,
    State,
    check_rollback_criteria,
    deploy_canary,
    graceful_rollback,
    monitor_canary_via_greenhelix,
    take_snapshot,
)
from client_sdk.clock import VirtualClock
from client_sdk.errors import Unreachable
from client_sdk.exchange import Result
from client_sdk.mock import GreenHelixMock


class Gateway:
    """Answers each tool as it is told."""

    def __init__(self, **answers):
        self.answers = answers
        self.calls = []

    def execute(self, tool, input_data):
        self.calls.append((tool, input_data))
        answer = self.answers.get(tool, Result(404, {}))
        answer = answer.pop(0) if isinstance(answer, list) else answer
        if isinstance(answer, Exception):
            raise answer
        return answer


def healthy(**other):
    answers = {
        "get_identity": Result(200, {"agent_id": "agent-v2"}),
        "get_trust_score": Result(200, {"trust_score": Decimal("0.8")}),
        "get_metrics": Result(200, {"requests": 1000, "errors": 10, "mean_latency_ms": 40}),
        "get_balance": Result(200, {"balance": "100.00"}),
    }
    return Gateway(**{**answers, **other})


def checked(gateway, **given):
    return check_rollback_criteria("key", "agent-v2", client=gateway, **given)


def test_a_healthy_agent_stays():
    """P8."""
    verdict = checked(healthy())

    assert (bool(verdict), verdict.decision, verdict.exit_code) == (False, Decision.OK, 0)


@pytest.mark.parametrize(
    ("tool", "answer", "reason"),
    [
        ("get_identity", Result(404, {}), "identity: get_identity answered 404"),
        ("get_trust_score", Result(200, {"trust_score": Decimal("0.49")}), "trust: 0.49"),
        ("get_metrics", Result(200, {"requests": 100, "errors": 6}), "errors: 6.00%"),
        ("get_balance", Result(200, {"balance": "9.99"}), "balance: 9.99"),
    ],
)
def test_each_criterion_asks_for_a_rollback(tool, answer, reason):
    """P8."""
    verdict = checked(healthy(**{tool: answer}))

    assert (bool(verdict), verdict.exit_code) == (True, 1)
    assert verdict.reasons[0].startswith(reason)


@pytest.mark.parametrize("tool", ["get_identity", "get_trust_score", "get_metrics", "get_balance"])
@pytest.mark.parametrize(
    "answer",
    [Result(503, {}), Result(200, {}), Result(200, "no JSON"), Unreachable("gone"), {"body": {}}],
)
def test_what_cannot_be_read_is_unknown_and_does_not_pass(tool, answer):
    """p3: the guide read a failed metrics call as an error rate of zero."""
    verdict = checked(healthy(**{tool: answer}))

    assert (bool(verdict), verdict.decision, verdict.exit_code) == (True, Decision.UNKNOWN, 3)


def test_too_few_requests_are_unknown():
    """p4: no minimum sample."""
    verdict = checked(healthy(get_metrics=Result(200, {"requests": 3, "errors": 0})))

    assert verdict.decision is Decision.UNKNOWN
    assert verdict.reasons == ("errors: 3 requests in 300 s; 20 are needed",)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"requests": 100, "error_rate": 0.01}, Decision.OK),
        ({"requests_total": 100, "error_rate": "0.06"}, Decision.ROLLBACK),
        ({"total_requests": 100, "errors": 6}, Decision.ROLLBACK),
        ({"error_rate": 0.01}, Decision.UNKNOWN),
        ({"requests": 100}, Decision.UNKNOWN),
        ({"requests": 100, "errors": -1}, Decision.UNKNOWN),
        ({"requests": 100, "errors": 101}, Decision.UNKNOWN),
        ({"requests": 100, "error_rate": None}, Decision.UNKNOWN),
    ],
)
def test_errors_may_come_as_a_rate_but_not_without_the_number_of_requests(body, expected):
    """P8, K11, p4."""
    assert checked(healthy(get_metrics=Result(200, body))).decision == expected


def test_all_reasons_are_given():
    """p4: the guide stopped at the first."""
    verdict = checked(
        healthy(
            get_trust_score=Result(200, {"trust_score": Decimal("0.1")}),
            get_balance=Result(200, {"balance": "0.00"}),
            get_metrics=Result(500, {}),
        )
    )

    assert [reason.split(":")[0] for reason in verdict.reasons] == ["trust", "errors", "balance"]
    assert verdict.decision is Decision.ROLLBACK


def test_when_nothing_answers_the_exit_code_is_its_own():
    """p4: exit 1 meant a rollback and a crash alike."""
    gone = Unreachable("gone")
    verdict = checked(
        Gateway(get_identity=gone, get_trust_score=gone, get_metrics=gone, get_balance=gone)
    )

    assert (bool(verdict), verdict.exit_code) == (True, 4)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("12.00", "11.00", False),
        ("12.00", "9.00", True),
        ("500.00", "480.00", True),
        ("3.00", "2.50", False),
    ],
)
def test_with_a_snapshot_a_fall_counts_and_not_the_level(before, now, expected):
    """p4: "not draining" was tested as an absolute floor."""
    snapshot = Snapshot(0, trust=Decimal("0.8"), balance=Decimal(before))
    verdict = checked(
        healthy(get_balance=Result(200, {"balance": now})),
        snapshot=snapshot,
        clock=VirtualClock(start=60),
    )

    assert bool(verdict) is expected


def test_with_a_snapshot_errors_count_from_the_deployment_on():
    """p4: the window held traffic from before the deployment."""
    gateway = healthy()
    checked(gateway, snapshot=Snapshot(1_000), clock=VirtualClock(start=1_090))

    assert ("get_metrics", {"agent_id": "agent-v2", "window_seconds": 90}) in gateway.calls


def test_a_snapshot_is_what_the_gateway_says():
    snapshot = take_snapshot("key", "agent-v2", client=healthy(), clock=VirtualClock(start=7))

    assert snapshot == Snapshot(7, trust=Decimal("0.8"), balance=Decimal("100.00"))


def test_the_criteria_hold_on_the_mock_over_http():
    """P8, h6: over a real socket, whatever the address ends in."""
    gateway = GreenHelixMock()
    gateway.set_trust_score("agent-v2", "0.9")
    gateway.set_balance("agent-v2", "50.00")
    gateway.execute("submit_metrics", {"agent_id": "agent-v2", "requests": 100, "errors": 1})
    with gateway.serve() as running:
        verdict = check_rollback_criteria("key", "agent-v2", running.url)

    assert verdict.decision is Decision.OK


def metrics(**arms):
    class Metrics:
        def execute(self, _, input_data):
            return arms[input_data["agent_id"]]

    return monitor_canary_via_greenhelix("key", "v1", "v2", client=Metrics())


def test_the_monitor_compares_both_arms():
    """K11."""
    seen = metrics(
        v1=Result(200, {"requests": 2000, "errors": 20, "mean_latency_ms": 40}),
        v2=Result(200, {"requests": 100, "errors": 1, "mean_latency_ms": 44}),
    )

    assert seen["canary_healthy"] is True
    assert seen["canary"]["error_rate"] == 0.01
    assert seen["stable"] == {
        "requests": 2000,
        "errors": 20,
        "error_rate": 0.01,
        "mean_latency_ms": 40,
    }


@pytest.mark.parametrize(
    ("stable", "canary"),
    [
        (Result(500, {}), Result(500, {})),
        (Result(200, {"requests": 2000, "errors": 0}), Result(500, {})),
        (Result(500, {}), Result(200, {"requests": 2000, "errors": 0})),
        (Result(200, {}), Result(200, {})),
        (Result(200, {"requests": 2000, "errors": 0}), Result(200, {"requests": 3, "errors": 0})),
    ],
)
def test_a_monitor_that_sees_too_little_does_not_say_healthy(stable, canary):
    """k6: both fetches failed, and the canary was called healthy."""
    seen = metrics(v1=stable, v2=canary)

    assert seen["canary_healthy"] is None
    assert seen["reasons"]


def test_the_monitor_takes_a_rate_of_errors_too():
    """K11."""
    gateway = Gateway(get_metrics=Result(200, {"requests": 200, "error_rate": 0.015}))
    seen = monitor_canary_via_greenhelix("key", "v1", "v2", client=gateway)

    assert seen["canary_healthy"] is True
    assert seen["canary"]["error_rate"] == 0.015


def test_a_canary_with_more_errors_is_not_healthy():
    """K11."""
    stable = Result(200, {"requests": 2000, "errors": 2})
    for errors in (60, 20):
        seen = metrics(v1=stable, v2=Result(200, {"requests": 500, "errors": errors}))

        assert seen["canary_healthy"] is False


def page(*states, **more):
    escrows = [{"escrow_id": f"esc_{n}", "status": state} for n, state in enumerate(states)]
    return Result(200, {"escrows": escrows, **more})


def test_a_rollback_waits_until_pending_escrows_are_settled():
    """K10."""
    tried = deployment()
    client = Gateway(list_escrows=[page("pending", "pending"), page("pending"), page()])
    result = graceful_rollback(tried.controller, client, "too slow")

    assert (bool(result), result.remaining, result.errors) == (True, (), ())
    assert tried.controller.state is State.ROLLED_BACK
    assert tried.clock.monotonic() == 10


def test_new_callers_go_to_stable_while_the_canary_drains():
    """K10, k4."""
    tried = deployment(initial_weight_pct=50)
    tried.controller.begin_draining("too slow")
    tried.send(50)

    assert (len(tried.stable.calls), len(tried.canary.calls)) == (50, 0)


def test_an_answer_that_fails_is_not_taken_for_nothing_pending():
    """k5."""
    result = graceful_rollback(
        deployment().controller, Gateway(list_escrows=Result(500, {})), "too slow", 20
    )

    assert not result.drained
    assert result.errors == ("list_escrows answered 500",)


def test_what_is_left_after_the_timeout_is_named(caplog):
    """K10: warns on timeout."""
    client = Gateway(list_escrows=page("pending"))
    result = graceful_rollback(deployment().controller, client, "too slow", 30)

    assert (result.drained, result.remaining) == (False, ("esc_0",))
    assert "was not drained" in caplog.text


def test_a_timeout_of_zero_looks_once():
    """k5: an UnboundLocalError in the guide."""
    client = Gateway(list_escrows=page("pending"))
    result = graceful_rollback(deployment().controller, client, "too slow", 0)

    assert (result.remaining, len(client.calls)) == (("esc_0",), 1)


@pytest.mark.parametrize("timeout", [-1, float("nan"), float("inf"), "60", True])
def test_a_timeout_that_cannot_be_meant_leaves_the_canary_as_it_was(timeout):
    """k5: NaN waited for ever."""
    tried = deployment()

    with pytest.raises(ValueError, match="drain_timeout_seconds"):
        graceful_rollback(tried.controller, Gateway(), "slow", timeout)
    assert tried.controller.state == State.RUNNING


def test_every_page_is_read():
    """k5."""
    client = Gateway(list_escrows=[page(next_cursor="a"), page("pending"), page(), page()])
    result = graceful_rollback(deployment().controller, client, "too slow", 0)

    assert result.remaining == ("esc_0",)
    assert client.calls[1][1]["cursor"] == "a"


@pytest.mark.parametrize(
    "answer",
    [page(has_more=True), page(next_cursor="same"), Result(200, {"items": []}), Result(200, [])],
)
def test_a_list_that_cannot_be_read_to_its_end_is_an_error(answer):
    """k5."""
    result = graceful_rollback(deployment().controller, Gateway(list_escrows=answer), "too slow", 0)

    assert not result.drained
    assert len(result.errors) == 1


def test_the_pending_escrows_of_the_mock_are_drained():
    """K10, m4: over more than one page of the gateway itself."""
    gateway = GreenHelixMock()
    gateway.set_balance("agent-v2", "500.00")
    made = [
        gateway.execute(
            "create_escrow", {"payer": "agent-v2", "payee": "test-b", "amount": "1.00"}
        ).body["escrow_id"]
        for _ in range(120)
    ]
    first = graceful_rollback(deployment().controller, gateway, "too slow", 0)
    for escrow_id in made:
        gateway.execute("release_escrow", {"escrow_id": escrow_id})
    second = graceful_rollback(deployment().controller, gateway, "too slow", 0)

    assert (len(first.remaining), second.drained) == (120, True)


def test_what_does_not_run_cannot_be_rolled_back():
    """k2."""
    with pytest.raises(IllegalTransition):
        graceful_rollback(deployment(start=False).controller, Gateway(), "too slow")


def test_the_example_flow_promotes_a_canary_that_is_no_worse():
    """K9."""
    clock, arm = VirtualClock(), Gateway(get_balance=Result(200, {"balance": "1.00"}))

    def traffic(controller):
        for _ in range(200):
            controller.route_request("get_balance", {"agent_id": "test-a"})

    ended = deploy_canary(
        "stable-key", "canary-key", clients=(arm, arm), clock=clock, traffic=traffic
    )

    assert (ended["final_state"], ended["final_weight"], ended["outcome"]) == (
        "promoted",
        100,
        "pass",
    )


def test_the_example_flow_without_traffic_comes_to_no_conclusion():
    """K9, k10: it never ended in the guide."""
    config = CanaryConfig("v1", "v2", deadline_seconds=600)
    ended = deploy_canary(
        "a", "b", config=config, clients=(Gateway(), Gateway()), clock=VirtualClock()
    )

    assert (ended["final_state"], ended["outcome"]) == ("running", "inconclusive")
