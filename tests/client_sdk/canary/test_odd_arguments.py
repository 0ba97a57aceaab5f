"""Arguments, answers and files that cannot be meant: refused by name, never taken for a pass."""

import json
from decimal import Decimal

import pytest
from canary_arms import deployment

from client_sdk.canary import (
    CanaryConfig,
    CanaryController,
    IllegalTransition,
    Limits,
    check_rollback_criteria,
    graceful_rollback,
    monitor_canary_via_greenhelix,
)
from client_sdk.canary.criteria import snapshot_from_json
from client_sdk.canary.store import FileStore
from client_sdk.clock import VirtualClock
from client_sdk.errors import SettingsFault
from client_sdk.exchange import Result


class Gateway:
    """Says that all is well, except where it is told otherwise."""

    def __init__(self, **answers):
        self.answers = {
            "get_identity": Result(200, {"agent_id": "agent-v2"}),
            "get_trust_score": Result(200, {"trust_score": "0.8"}),
            "get_metrics": Result(200, {"requests": 1000, "errors": 10}),
            "get_balance": Result(200, {"balance": "100.00"}),
            **answers,
        }

    def execute(self, tool, _):
        return self.answers[tool]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"promotion_steps": [5, "25", 100]}, "promotion_steps"),
        ({"promotion_steps": [None, 100]}, "promotion_steps"),
        ({"step_duration_seconds": None}, "step_duration_seconds"),
        ({"warmup_seconds": None}, "warmup_seconds"),
        ({"poll_interval": None}, "poll_interval"),
        ({"poll_interval": "10"}, "poll_interval"),
        ({"deadline_seconds": 10**400}, "deadline_seconds"),
        ({"initial_weight_pct": 10**400}, "initial_weight_pct"),
        ({"consecutive_failures": None}, "consecutive_failures"),
        ({"consecutive_failures": "2"}, "consecutive_failures"),
        ({"sticky_key": 7}, "sticky_key"),
        ({"sticky_key": ""}, "sticky_key"),
        ({"error_classifier": "5xx"}, "error_classifier"),
        ({"gates": print}, "gates"),
        ({"gates": ["yes"]}, "gates"),
        ({"mirror": "no"}, "mirror"),
        ({"seed": "7"}, "seed"),
        ({"seed": 0.5}, "seed"),
    ],
)
def test_a_member_of_another_type_is_refused_by_name(given, named):
    """k12: no configuration was validated."""
    with pytest.raises(ValueError, match=f"^{named}"):
        CanaryConfig("v1", "v2", **given)


@pytest.mark.parametrize(
    "said", [float("nan"), float("inf"), -5, pytest.param(10**400, id="huge"), True]
)
def test_a_duration_that_is_none_spoils_no_number(tmp_path, said):
    """K6: an answer's own latency was believed, NaN too, and could not be saved."""
    tried = deployment(initial_weight_pct=99, store=FileStore(tmp_path / "canary.json"))
    answer = {"status_code": 200, "body": {"escrow_id": "e", "status": "open"}, "latency_ms": said}
    tried.canary.answers["create_escrow"] = tried.stable.answers["create_escrow"] = answer
    tried.send(30, tool="create_escrow")
    seen = tried.controller.evaluate()["canary_metrics"]

    assert (seen["mean_latency_ms"], seen["p95_latency_ms"]) == (0, 0)


def test_a_caller_may_be_known_by_a_number():
    """k4: a database's key is a number as often as not."""
    tried = deployment(initial_weight_pct=50)
    for _ in range(5):
        tried.controller.route_request("get_balance", {}, key=4711)

    assert sorted([len(tried.stable.calls), len(tried.canary.calls)]) == [0, 5]


def test_no_call_at_all_promotes_nobody():
    """Decision 3: the guide's rule saw an error rate of zero in nothing."""
    tried = deployment(judge="threshold", min_requests_before_eval=0)
    tried.clock.advance(301)

    assert tried.controller.evaluate()["action"] == "hold"
    assert tried.controller.evaluate()["reason"].startswith("0 of 1 calls")


def test_no_request_is_no_evidence_whatever_is_needed():
    """p3, k6: nought errors of nought requests were a division by zero."""
    gateway = Gateway(get_metrics=Result(200, {"requests": 0, "errors": 0}))
    verdict = check_rollback_criteria("", "v2", client=gateway, limits=Limits(least_requests=0))
    seen = monitor_canary_via_greenhelix("", "v1", "v2", client=gateway, least_requests=0)

    assert verdict.reasons == ("errors: 0 requests in 300 s; 1 are needed",)
    assert seen["canary_healthy"] is None
    assert seen["reasons"][0] == "canary: 0 requests; 1 are needed"


@pytest.mark.parametrize("answer", [None, "200", 200, ["status_code"]])
def test_an_answer_of_no_shape_is_not_known(answer):
    """p3: what a client gave back ended the check with a traceback."""
    gateway = Gateway(get_metrics=answer)
    verdict = check_rollback_criteria("", "v2", client=gateway)

    assert verdict.reasons == ("errors: get_metrics answered without a status",)
    assert verdict.exit_code == 3
    assert monitor_canary_via_greenhelix("", "v1", "v2", client=gateway)["canary_healthy"] is None


@pytest.mark.parametrize(
    "written", ["1_000", "1E+9999999", "\uff11\uff10\uff10", " 100", "1e99", "0x64"]
)
def test_a_balance_that_only_python_reads_is_not_known(written):
    """p3, decision 4."""
    gateway = Gateway(get_balance=Result(200, {"balance": written}))

    assert check_rollback_criteria("", "v2", client=gateway).decision.value == "unknown"


def test_a_number_of_requests_of_a_million_digits_is_not_known():
    """k6."""
    gateway = Gateway(get_metrics=Result(200, {"requests": "1E+999999", "errors": 0}))

    assert monitor_canary_via_greenhelix("", "v1", "v2", client=gateway)["canary_healthy"] is None


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"least_balance": 10.0}, "least_balance"),
        ({"least_trust": 0.5}, "least_trust"),
        ({"highest_error_rate": Decimal("NaN")}, "highest_error_rate"),
        ({"most_balance_lost": "ten"}, "most_balance_lost"),
        ({"least_requests": -1}, "least_requests"),
        ({"least_requests": 1.5}, "least_requests"),
        ({"window_seconds": 0}, "window_seconds"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused_by_name(given, named):
    """p4, decision 4: money as a float is an error."""
    with pytest.raises(ValueError, match=f"^{named} is "):
        Limits(**given)


def test_a_limit_may_be_a_decimal_string():
    """Decision 4."""
    gateway = Gateway(get_balance=Result(200, {"balance": "19.99"}))
    limits = Limits(least_balance="20.00")

    assert limits.least_balance == Decimal("20.00")
    assert check_rollback_criteria("", "v2", client=gateway, limits=limits).exit_code == 1


@pytest.mark.parametrize("written", ["NaN", "Infinity", "much"])
def test_a_snapshot_that_holds_no_number_is_refused(written):
    """p4: it ended the check with a traceback, or let any fall pass."""
    with pytest.raises(SettingsFault, match=f"trust '{written}', which is no decimal"):
        snapshot_from_json({"taken_at": 0, "trust": written, "balance": None})


@pytest.mark.parametrize("timeout", [float("nan"), float("inf"), -1, "5", None, True])
def test_a_drain_of_no_length_leaves_the_canary_as_it_was(timeout):
    """k5: with NaN it waited for ever."""
    tried = deployment()

    with pytest.raises(ValueError, match=r"^timeout is "):
        tried.controller.drain(timeout)
    assert tried.controller.state == "running"


@pytest.mark.parametrize("pause", ["5", None, True])
def test_a_pause_between_two_looks_is_a_number(pause):
    """k5."""
    tried = deployment()

    with pytest.raises(ValueError, match=r"^poll_seconds is "):
        graceful_rollback(tried.controller, tried.canary, "slow", poll_seconds=pause)
    assert tried.controller.state == "running"


@pytest.mark.parametrize("seconds", [float("nan"), -1, "300", None])
def test_a_watch_of_no_length_is_refused_before_anything_starts(seconds):
    """k9: NaN meant no watch at all."""
    tried = deployment(start=False)

    with pytest.raises(ValueError, match=r"^watch_seconds is "):
        tried.controller.run_deployment(watch_seconds=seconds)
    assert tried.controller.state == "idle"


@pytest.mark.parametrize("state", ["idle", "promoted", "done"])
@pytest.mark.parametrize("act", ["drain", "pause", "resume"])
def test_what_does_not_run_is_neither_drained_nor_paused(state, act):
    """k2: a drain of a canary that serves everybody said that it was drained."""
    tried = deployment(start=state != "idle", promotion_steps=[100])
    if state != "idle":
        tried.controller.promote()
    if state == "done":
        tried.controller.watch()
        tried.controller.finish_watch()

    with pytest.raises(IllegalTransition, match="is not possible while the canary is"):
        getattr(tried.controller, act)(*([0] if act == "drain" else []))
    assert tried.controller.phase == "analysing"


def test_a_watch_that_never_began_leaves_no_step():
    """k11: the step was written down before the transition was refused."""
    tried = deployment()

    with pytest.raises(IllegalTransition):
        tried.controller.finish_watch()
    assert tried.controller.history == ()


def test_an_aborted_watch_is_not_a_finished_one():
    """k9, decision 3."""
    tried = deployment(
        promotion_steps=[100],
        hooks=[lambda event, _: event == "poll" and tried.controller.abort()],
    )
    tried.controller.promote()
    ended = tried.controller.run_deployment(watch_seconds=300)

    assert (ended["final_state"], ended["outcome"]) == ("watching", "inconclusive")


def again(tried, file):
    return CanaryController(
        tried.controller.config, tried.stable, tried.canary, clock=VirtualClock(), store=file
    )


def test_a_pause_survives_a_crash(tmp_path):
    """E6 `store`: only the next evaluation saved it."""
    file = tmp_path / "canary.json"
    tried = deployment(store=file)
    tried.controller.pause()

    assert again(tried, file).phase == "paused"


def test_a_watch_that_crashed_at_once_still_finds_harm(tmp_path):
    """E6 `store`, k9: what it was held against was saved too late."""
    file = tmp_path / "canary.json"
    tried = deployment(store=file, promotion_steps=[100])
    tried.up_to(20, 600)
    tried.controller.watch()
    after = again(tried, file)
    tried.canary.error_rate = 0.9
    for _ in range(500):
        after.route_request("get_balance", {})

    assert json.loads(file.read_text())["state"] == "watching"
    assert after.evaluate()["action"] == "rollback"


@pytest.mark.parametrize("classifier", [lambda _: 1 / 0, lambda _: "eror"])
def test_a_classifier_that_fails_costs_no_caller_its_answer(classifier):
    """k8: the call was made, counted nowhere, and its answer lost."""
    tried = deployment(initial_weight_pct=99, error_classifier=classifier)
    answers = [tried.controller.route_request("pay", {}).status_code for _ in range(30)]
    seen = tried.controller.evaluate()["canary_metrics"]

    assert answers == [200] * 30
    assert (seen["requests_unknown"], seen["requests_success"]) == (seen["requests_total"], 0)


@pytest.mark.parametrize(
    "seconds", [float("inf"), float("nan"), -1, pytest.param(10**400, id="huge")]
)
def test_a_client_that_waits_for_ever_has_no_bound(tmp_path, seconds):
    """k7: an infinite duration could not be saved, and hid what the arm had raised."""
    tried = deployment(store=tmp_path / "canary.json")
    tried.stable.timeout = tried.canary.timeout = seconds
    tried.stable.answers["pay"] = tried.canary.answers["pay"] = TimeoutError("no answer")
    with pytest.raises(TimeoutError):
        tried.controller.route_request("pay", {})
    seen = tried.controller.evaluate()

    assert max(seen[f"{arm}_metrics"]["p95_latency_ms"] for arm in ("canary", "stable")) == 1000


def test_an_exception_is_a_reason_to_roll_back(tmp_path):
    """K4: it could not be saved, and the canary stayed between two states."""
    file = tmp_path / "canary.json"
    tried = deployment(store=file)
    tried.controller.rollback(ValueError("the ledger does not balance"))

    assert tried.controller.state == "rolled_back"
    assert again(tried, file).reason == "the ledger does not balance"


def test_a_snapshot_of_a_time_to_come_shows_no_errors():
    """p4: after a jump of the clock one second of traffic was taken for all of it."""
    snapshot = snapshot_from_json({"taken_at": 2_000, "trust": "0.8", "balance": "100.00"})
    clock = VirtualClock(start=1_000)
    verdict = check_rollback_criteria("", "v2", snapshot=snapshot, client=Gateway(), clock=clock)

    assert verdict.decision.value == "unknown"
    assert verdict.reasons[0].startswith("errors: the snapshot is of a time to come")
