"""Routing, states and decisions of the controller (A7, B7)."""

import threading

import pytest
from awaiting import awaited
from canary_arms import Arm, deployment

import client_sdk
from client_sdk.canary import (
    CanaryConfig,
    IllegalTransition,
)
from client_sdk.canary.owners import Owned, Owners
from client_sdk.exchange import Result


def promoted(**given):
    tried = deployment(promotion_steps=[100], **given)
    tried.controller.promote()
    return tried


def test_the_defaults_are_those_of_the_guide():
    """K2."""
    config = CanaryConfig("v1", "v2")

    assert config.initial_weight_pct == 5.0
    assert config.promotion_steps == [5, 25, 50, 100]
    assert config.step_duration_seconds == 300
    assert config.error_rate_threshold == 0.05
    assert config.latency_threshold_ms == 1000
    assert config.min_requests_before_eval == 20


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"promotion_steps": []}, "promotion_steps"),
        ({"promotion_steps": None}, "promotion_steps"),
        ({"promotion_steps": "100"}, "promotion_steps"),
        ({"promotion_steps": [25, 5, 100]}, "promotion_steps"),
        ({"promotion_steps": [5, 5, 100]}, "promotion_steps"),
        ({"promotion_steps": [50, 120]}, "promotion_steps"),
        ({"promotion_steps": [5, 25]}, "promotion_steps"),
        ({"promotion_steps": [float("nan"), 100]}, "promotion_steps"),
        ({"initial_weight_pct": 0}, "initial_weight_pct"),
        ({"initial_weight_pct": 100}, "initial_weight_pct"),
        ({"initial_weight_pct": -5}, "initial_weight_pct"),
        ({"step_duration_seconds": -1}, "step_duration_seconds"),
        ({"error_rate_threshold": 5}, "error_rate_threshold"),
        ({"latency_threshold_ms": 0}, "latency_threshold_ms"),
        ({"min_requests_before_eval": -1}, "min_requests_before_eval"),
        ({"poll_interval": 0}, "poll_interval"),
        ({"alpha": 0}, "alpha"),
        ({"margin": 0.5}, "margin"),
        ({"judge": "sequentiel"}, "judge"),
        ({"on_inconclusive": "wait"}, "on_inconclusive"),
        ({"consecutive_failures": 0}, "consecutive_failures"),
    ],
)
def test_a_plan_that_cannot_be_meant_is_refused_by_name(given, named):
    """k12, issue 4 "impossible ladder"."""
    with pytest.raises(ValueError, match=named):
        CanaryConfig("v1", "v2", **given)


def test_two_agents_of_one_name_are_refused():
    """K8: their numbers could not be told apart."""
    with pytest.raises(ValueError, match="canary_agent_id are the same"):
        CanaryConfig("v1", "v1")


def test_a_promoted_canary_gets_every_call():
    """k1: the guide sent all of them to stable."""
    tried = promoted()
    tried.send(50)

    assert (tried.controller.state, tried.controller.current_weight) == ("promoted", 100)
    assert (len(tried.stable.calls), len(tried.canary.calls)) == (0, 50)


def test_a_canary_that_was_rolled_back_gets_no_new_call():
    """K4."""
    tried = deployment(initial_weight_pct=50)
    tried.controller.rollback("too slow")
    tried.send(50)

    assert (tried.controller.state, tried.controller.current_weight) == ("rolled_back", 0)
    assert (len(tried.stable.calls), len(tried.canary.calls)) == (50, 0)


def test_before_the_start_stable_gets_every_call():
    tried = deployment(start=False)
    tried.send(50)

    assert (tried.controller.state, len(tried.canary.calls)) == ("idle", 0)


def test_a_canary_that_was_rolled_back_cannot_be_promoted():
    """k2: four calls promoted it in the guide."""
    tried = deployment()
    tried.controller.rollback("too slow")

    with pytest.raises(
        IllegalTransition, match="promote is not possible while the canary is rolled"
    ):
        tried.controller.promote()
    assert tried.controller.current_weight == 0


@pytest.mark.parametrize(
    ("begin", "act"),
    [
        ("idle", "promote"),
        ("idle", "watch"),
        ("idle", "rollback"),
        ("running", "start"),
        ("running", "watch"),
        ("promoted", "promote"),
        ("promoted", "start"),
        ("promoted", "rollback"),
        ("rolled_back", "start"),
        ("rolled_back", "rollback"),
        ("done", "watch"),
        ("done", "rollback"),
    ],
)
def test_what_no_way_leads_to_raises(begin, act):
    """k2."""
    tried = promoted() if begin in {"promoted", "done"} else deployment(start=begin != "idle")
    if begin == "rolled_back":
        tried.controller.rollback("x")
    if begin == "done":
        tried.controller.watch()
        tried.controller.finish_watch()
    given = ["again"] if act == "rollback" else []

    with pytest.raises(IllegalTransition):
        getattr(tried.controller, act)(*given)
    assert tried.controller.state == begin


def test_the_first_promotion_goes_to_the_first_step_above_the_start():
    """k9: 1 % went to 25 %."""
    tried = deployment(initial_weight_pct=1)
    weights = []
    while tried.controller.state == "running":
        weights.append(tried.controller.current_weight)
        tried.controller.promote()

    assert [*weights, tried.controller.current_weight] == [1, 5, 25, 50, 100]


def test_a_caller_stays_on_its_arm():
    """k4."""
    tried = deployment(initial_weight_pct=50)
    for _ in range(5):
        tried.controller.route_request("get_balance", {"n": 1}, key="one-caller")

    assert sorted([len(tried.stable.calls), len(tried.canary.calls)]) == [0, 5]


def arms_of(tried, keys):
    found = {}
    for key in keys:
        before = len(tried.canary.calls)
        tried.controller.route_request("get_balance", {}, key=key)
        found[key] = len(tried.canary.calls) > before
    return found


def test_a_higher_weight_only_adds_callers():
    """k4, E6: monotone, and both arms are pinned (F4)."""
    tried, keys = deployment(), [f"k{n}" for n in range(400)]
    before = set()
    while tried.controller.state == "running":
        now = {key for key, on_canary in arms_of(tried, keys).items() if on_canary}
        assert before <= now
        assert abs(len(now) / 400 - tried.controller.current_weight / 100) < 0.06
        before = now
        tried.controller.promote()


def test_the_same_caller_has_the_same_arm_in_another_process():
    """k4: a stable hash, of the key and the plan."""
    keys = [f"k{n}" for n in range(100)]

    assert arms_of(deployment(initial_weight_pct=50), keys) == arms_of(
        deployment(initial_weight_pct=50), keys
    )


def test_without_a_key_each_call_is_placed_by_the_seed():
    """k4: unseeded in the guide."""
    seen = []
    for _ in range(2):
        tried = deployment(initial_weight_pct=25)
        tried.send(1000)
        seen.append(len(tried.canary.calls))

    assert seen[0] == seen[1]
    assert 200 <= seen[0] <= 300


@pytest.mark.parametrize("sticky", ["session", lambda _, sent: sent["session"]])
def test_the_key_may_stand_in_the_input(sticky):
    tried = deployment(initial_weight_pct=50, sticky_key=sticky)
    for _ in range(5):
        tried.controller.route_request("get_balance", {"session": "s1"})

    assert sorted([len(tried.stable.calls), len(tried.canary.calls)]) == [0, 5]


def made_on_canary(**given):
    tried = deployment(initial_weight_pct=50, **given)
    for number in range(50):
        answer = Result(200, {"escrow_id": f"esc_{number}", "status": "pending"})
        tried.canary.answers["create_escrow"] = tried.stable.answers["create_escrow"] = answer
        before = len(tried.canary.calls)
        tried.controller.route_request("create_escrow", {"amount": "1.00"})
        if len(tried.canary.calls) > before:
            return tried, f"esc_{number}"
    raise AssertionError


def test_what_the_canary_made_stays_with_it_after_a_rollback():
    """k4: follow-ups went to stable, which does not know the escrow."""
    tried, escrow_id = made_on_canary()
    tried.controller.rollback("too slow")
    before = len(tried.canary.calls)
    tried.controller.route_request("release_escrow", {"escrow_id": escrow_id})

    assert len(tried.canary.calls) == before + 1


@pytest.mark.parametrize(
    ("order", "sent", "is_canarys"),
    [
        (("stable", "canary"), {}, True),
        (("canary", "stable"), {}, True),
        (("stable", "canary"), {"idempotency_key": "k"}, False),
    ],
)
def test_of_two_services_that_give_one_id_the_canarys_is_meant(order, sent, is_canarys):
    """k4: each counts its escrows on its own; a repeated call makes nothing new."""
    owners = Owners()
    for arm in order:
        made = Owned(arm == "canary", 0.1, 0.5, is_open=False)
        owners.learn("create_escrow", sent, {"escrow_id": "esc_1", "status": "pending"}, made)

    assert owners.owner_of({"escrow_id": "esc_1"}).on_canary is is_canarys
    assert (owners.open_of_canary() != []) is is_canarys


def test_what_stable_made_stays_with_it_after_a_promotion():
    """k4."""
    tried = deployment(initial_weight_pct=1, promotion_steps=[100])
    answer = Result(200, {"escrow_id": "esc_1", "status": "pending"})
    tried.stable.answers["create_escrow"] = answer
    tried.controller.route_request("create_escrow", {"amount": "1.00"}, key="k")
    tried.controller.promote()
    tried.controller.route_request("release_escrow", {"escrow_id": "esc_1"})

    assert [tool for tool, _ in tried.stable.calls] == ["create_escrow", "release_escrow"]


def test_an_agent_that_named_itself_belongs_to_no_arm():
    """k4: only what an arm has named itself is its own."""
    tried = deployment(initial_weight_pct=50)
    answer = Result(200, {"agent_id": "test-a", "status": "active"})
    tried.stable.answers["register_agent"] = tried.canary.answers["register_agent"] = answer
    for key in range(20):
        tried.controller.route_request("register_agent", {"agent_id": "test-a"}, key=str(key))

    assert tried.controller.traffic.owners.owner_of({"agent_id": "test-a"}) is None
    assert tried.controller.drain(0).drained


def test_of_two_that_promote_one_step_one_is_refused():
    """k2: a step is not skipped."""
    tried = deployment(gates=[lambda weight: weight == 5 or tried.controller.history or other()])

    def other():
        tried.controller.config.gates[0] = lambda _: True
        return tried.controller.promote()

    with pytest.raises(IllegalTransition, match="another caller"):
        tried.controller.promote()
    assert tried.controller.current_weight == 25


def test_a_drain_asks_the_canary_for_what_it_made():
    """k5, E6 `.drain`."""
    tried, escrow_id = made_on_canary()
    tried.canary.answers["get_escrow"] = Result(200, {"escrow_id": escrow_id, "status": "pending"})
    first = tried.controller.drain(0)
    tried.canary.answers["get_escrow"] = Result(200, {"escrow_id": escrow_id, "status": "expired"})
    second = tried.controller.drain(0)

    assert (first.remaining, second.drained) == ((escrow_id,), True)
    assert tried.controller.state == "rolled_back"


def test_an_escrow_that_was_released_through_the_router_need_not_be_drained():
    tried, escrow_id = made_on_canary()
    released = Result(200, {"escrow_id": escrow_id, "status": "released"})
    tried.canary.answers["release_escrow"] = released
    tried.controller.route_request("release_escrow", {"escrow_id": escrow_id})

    assert tried.controller.drain(0).drained


def test_threads_lose_no_call():
    """k12: state and numbers were not locked."""
    tried = deployment(initial_weight_pct=50)
    threads = [threading.Thread(target=tried.send, args=(250,)) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    seen = tried.controller.evaluate()

    total = seen["canary_metrics"]["requests_total"] + seen["stable_metrics"]["requests_total"]
    assert total == 2_000


def test_the_canary_is_shown_what_stable_is_asked_if_it_only_reads():
    """k12, E6 `mirror`: a write would happen twice."""
    tried = deployment(initial_weight_pct=1, mirror=True)
    tried.controller.route_request("get_balance", {}, key="k")
    tried.controller.route_request("create_escrow", {"amount": "1.00"}, key="k")

    assert [tool for tool, _ in tried.stable.calls] == ["get_balance", "create_escrow"]
    assert [tool for tool, _ in tried.canary.calls] == ["get_balance"]
    assert tried.controller.evaluate()["canary_metrics"]["requests_total"] == 0


def test_both_agents_numbers_are_submitted_under_their_own_id():
    """K3, K8, k12: the metrics client was never used."""
    told = Arm()
    tried = deployment(initial_weight_pct=50, metrics_client=told)
    tried.send(100)
    tried.controller.promote()

    assert [sent["agent_id"] for tool, sent in told.calls if tool == "submit_metrics"] == [
        "agent-v2",
        "agent-v1",
    ]
    assert sum(sent["requests"] for _, sent in told.calls) == 100


def test_whoever_calls_tools_may_call_through_the_canary():
    """G2: the controller is a client itself, awaited too (E0)."""
    tried = deployment()
    assert tried.controller.execute("get_balance", {}).status_code == 200

    answer = awaited(tried.controller.aroute_request("get_balance", {}, key="k"))
    assert answer.status_code == 200
    assert awaited(tried.controller.aexecute("get_balance", {})).status_code == 200


def test_the_toolkit_gives_every_name_of_the_canary():
    """G1."""
    names = (
        "CanaryConfig CanaryController CanaryMetrics DrainResult check_rollback_criteria "
        "deploy_canary graceful_rollback monitor_canary_via_greenhelix BudgetGuard BudgetExceeded "
        "configure_test_budget"
    )
    for name in names.split():
        assert getattr(client_sdk, name).__name__ == name
