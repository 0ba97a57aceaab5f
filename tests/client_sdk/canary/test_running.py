"""A deployment from start to end, over a crash, and what it leaves behind (K4, K7, k9-k12)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from canary_arms import Arm, deployment

from client_sdk.canary import CanaryConfig, CanaryController, FileStore, GateRefused
from client_sdk.clock import VirtualClock
from client_sdk.errors import SettingsFault


def routed(rate=20, seed=0, **given):
    """A deployment whose polls each bring the calls of ten seconds."""

    def on_event(event, _):
        if event == "poll":
            tried.send(rate * 10)

    tried = deployment(seed, start=False, hooks=[on_event], **given)
    return tried


def test_a_healthy_canary_climbs_to_the_top():
    """K4, K7."""
    tried = routed()
    ended = tried.controller.run_deployment()

    assert (ended["final_state"], ended["final_weight"]) == ("promoted", 100)
    assert (ended["rollback_reason"], ended["outcome"]) == (None, "pass")
    assert ended["canary_metrics"]["requests_total"] > 0
    assert ended["stable_metrics"]["requests_total"] > 0


def test_a_harmful_canary_is_rolled_back():
    """K4, K7."""
    ended = routed(canary_rate=0.3).controller.run_deployment()

    assert (ended["final_state"], ended["final_weight"]) == ("rolled_back", 0)
    assert ended["rollback_reason"].startswith("errors: ")
    assert ended["outcome"] == "fail"


@pytest.mark.parametrize(
    ("choice", "state", "outcome"),
    [
        ("hold", "running", "inconclusive"),
        ("rollback", "rolled_back", "fail"),
        ("promote", "promoted", "pass"),
    ],
)
def test_without_traffic_a_run_ends_at_its_deadline_as_configured(choice, state, outcome):
    """k10: it never ended."""
    tried = routed(rate=0, on_inconclusive=choice, deadline_seconds=900)
    ended = tried.controller.run_deployment()

    assert (ended["final_state"], ended["outcome"]) == (state, outcome)
    assert tried.clock.monotonic() in {900, 2700}


def test_the_run_polls_as_often_as_configured():
    """k10: ten seconds were built in."""
    told = []
    tried = deployment(
        deadline_seconds=60, poll_interval=2, hooks=[lambda event, _: told.append(event)]
    )
    tried.controller.run_deployment()

    assert told.count("poll") == 30


def test_a_run_in_the_background_leaves_the_thread_free_to_route():
    """k10: the loop blocked the thread that should route."""
    tried = routed()
    future = tried.controller.run_deployment(background=True)

    assert future.result(timeout=30)["final_state"] == "promoted"


def test_a_run_can_be_aborted():
    tried = deployment(hooks=[lambda event, _: event == "poll" and tried.controller.abort()])
    ended = tried.controller.run_deployment()

    assert (ended["final_state"], ended["rollback_reason"]) == ("rolled_back", "aborted")


def test_after_the_promotion_the_new_version_is_held_against_history():
    """k9: the last step had no control group."""
    tried = routed(stable_rate=0.01, canary_rate=0.01)
    ended = tried.controller.run_deployment(watch_seconds=300)

    assert (ended["final_state"], ended["outcome"]) == ("done", "pass")


def test_harm_that_shows_after_the_promotion_rolls_back():
    """k9."""
    tried = routed(stable_rate=0.01, canary_rate=0.01)
    tried.controller.start()
    tried.up_to(20, 1200)
    tried.canary.error_rate = 0.1
    ended = tried.controller.run_deployment(watch_seconds=600)

    assert ended["final_state"] == "rolled_back"
    assert ended["rollback_reason"].startswith("errors: more often than the")


def test_slowness_that_shows_after_the_promotion_rolls_back():
    """k9."""
    tried = routed()
    tried.controller.start()
    tried.up_to(20, 1200)
    tried.canary.slower = 100
    ended = tried.controller.run_deployment(watch_seconds=600)

    assert ended["rollback_reason"] == "slow answers: the p95 is above 1000 ms"


def test_each_step_is_kept_and_the_evidence_carried_on():
    """k11: metrics were reset at each step."""
    tried = routed(stable_rate=0.01, canary_rate=0.01)
    ended = tried.controller.run_deployment()
    steps = tried.controller.history

    assert [step["weight"] for step in steps] == [5, 25, 50]
    counted = sum(step["canary_metrics"]["requests_total"] for step in steps)
    assert counted == ended["canary_metrics"]["requests_total"]
    events = [step["evidence"]["worse"]["errors"]["events"] for step in steps]
    assert events == sorted(events)
    assert events[0] > 0


def test_a_call_counts_in_the_step_it_was_routed_in():
    """k11: late results went to objects that were thrown away."""
    tried = deployment(initial_weight_pct=50)
    ticket = tried.controller.traffic.choose("get_balance", {}, "k")
    first = tried.controller.traffic.step
    tried.controller.promote()
    tried.controller.answered(ticket, "get_balance", {}, {"status_code": 200})

    assert first.canary.requests_total + first.stable.requests_total == 1
    assert tried.controller.traffic.step.canary.requests_total == 0


@pytest.mark.parametrize("warm", [{"warmup_seconds": 60}, {"warmup_requests": 30}])
def test_the_warm_up_counts_for_nothing(warm):
    """k11, E6."""
    tried = deployment(initial_weight_pct=50, canary_rate=1, **warm)
    tried.send(40)
    tried.canary.error_rate = 0
    tried.clock.advance(60)
    tried.send(1000)
    seen = tried.controller.evaluate()["canary_metrics"]

    assert seen["requests_total"] > 400
    assert seen["requests_error"] == 0


def on(file, tried):
    """Another controller of the same plan, as after a crash."""
    return CanaryController(
        tried.controller.config,
        tried.stable,
        tried.canary,
        clock=VirtualClock(),
        store=FileStore(file),
    )


def test_a_controller_that_crashed_goes_on_where_it_was(tmp_path):
    """E6 `store`, k11."""
    file = tmp_path / "canary.json"
    tried = deployment(store=FileStore(file), stable_rate=0.02, canary_rate=0.02)
    tried.up_to(20, 400)
    before = tried.controller
    after = on(file, tried)

    assert (
        (after.state, after.current_weight)
        == (before.state, before.current_weight)
        == ("running", 25)
    )
    assert after.traffic.judge.numbers() == before.traffic.judge.numbers()
    assert (
        after.evaluate()["canary_metrics"]["requests_total"]
        == (before.evaluate()["canary_metrics"]["requests_total"])
    )
    assert after.traffic.step.seconds == pytest.approx(before.traffic.step.seconds)
    assert after.history == before.history


@pytest.mark.parametrize("kind", [str, Path])
def test_a_path_is_a_store_too(tmp_path, kind):
    """E6 `store`."""
    file = tmp_path / "canary.json"
    tried = deployment(store=kind(file))
    tried.controller.promote()

    assert on(file, tried).current_weight == tried.controller.current_weight == 25


def test_what_the_canary_made_is_known_after_a_crash(tmp_path):
    """k4 with E6 `store`."""
    file = tmp_path / "canary.json"
    tried = deployment(initial_weight_pct=99, store=FileStore(file))
    tried.canary.answers["create_escrow"] = tried.stable.answers["create_escrow"] = {
        "status_code": 200,
        "body": {"escrow_id": "esc_1", "status": "pending"},
    }
    tried.controller.route_request("create_escrow", {"amount": "1.00"}, key="k")
    after = on(file, tried)
    after.rollback("crashed")
    calls = len(tried.canary.calls)
    after.route_request("get_escrow", {"escrow_id": "esc_1"})

    assert len(tried.canary.calls) == calls + 1


@pytest.mark.parametrize("end", ["rolled_back", "promoted", "watching", "done"])
def test_every_end_survives_a_crash(tmp_path, end):
    file = tmp_path / "canary.json"
    tried = deployment(store=FileStore(file), promotion_steps=[100])
    if end == "rolled_back":
        tried.controller.rollback("too slow")
    else:
        tried.controller.promote()
    if end in {"watching", "done"}:
        tried.controller.watch()
    if end == "done":
        tried.controller.finish_watch()
    after = on(file, tried)

    assert (after.state, after.current_weight) == (end, tried.controller.current_weight)
    assert after.reason == tried.controller.reason


def test_another_plan_does_not_go_on_from_the_file(tmp_path):
    file = tmp_path / "canary.json"
    tried = deployment(store=FileStore(file))
    config = replace(tried.controller.config, alpha=0.05)

    with pytest.raises(SettingsFault, match="it differs in alpha"):
        CanaryController(config, Arm(), Arm(), store=FileStore(file))


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"format_version": 99}', '{"format_version": 1}']
)
def test_a_file_that_is_no_saved_canary_is_refused(tmp_path, content):
    file = tmp_path / "canary.json"
    file.write_text(content)

    with pytest.raises(SettingsFault, match="saved"):
        CanaryController(CanaryConfig("v1", "v2"), Arm(), Arm(), store=FileStore(file))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (["state"], "flying"),
        (["phase"], 1),
        (["reason"], 1),
        (["failures_in_a_row"], "many"),
        (["steps"], ["x"]),
        (["traffic"], []),
        (["traffic", "calls"], True),
        (["traffic", "age"], "old"),
        (["traffic", "owners"], {}),
        (["traffic", "judge", "reference"], ["x"]),
        (["traffic", "judge", "odds", "errors", "wealth"], [1]),
        (["traffic", "judge", "odds", "errors", "known"], {"here": [0, 1]}),
        (["traffic", "step", "weight"], None),
    ],
)
def test_a_state_that_was_tampered_with_is_refused(tmp_path, place, value):
    file = tmp_path / "canary.json"
    tried = deployment(store=FileStore(file))
    state = json.loads(file.read_text())
    inner = state
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    file.write_text(json.dumps(state))

    with pytest.raises(SettingsFault, match="remove the file to begin anew"):
        on(file, tried)


def test_what_goes_wrong_beside_the_calls_is_written_down():
    """A lost report or mirror must not stop a deployment."""
    broken = Arm(answers={"submit_metrics": ConnectionError("down")})
    tried = deployment(initial_weight_pct=1, mirror=True, metrics_client=broken)
    tried.canary.answers["get_balance"] = ConnectionError("down")
    tried.controller.route_request("get_balance", {}, key="k")
    tried.controller.promote()

    told = [event["event"] for event in tried.controller.events]
    assert told == [
        "start",
        "mirror-failed",
        "metrics-not-submitted",
        "metrics-not-submitted",
        "step",
    ]


def test_a_run_that_fails_in_the_background_fails_where_it_is_awaited():
    tried = deployment(start=False, gates=[lambda _: False])
    future = tried.controller.run_deployment(background=True)

    with pytest.raises(GateRefused):
        future.result(timeout=30)


def test_a_file_is_whole_or_as_it_was(tmp_path, monkeypatch):
    """No half-written file."""
    file = tmp_path / "canary.json"
    store = FileStore(file)
    store.save({"a": 1})

    def fails(_):
        raise OSError("the disk is full")

    monkeypatch.setattr("client_sdk.canary.store.os.fsync", fails)
    with pytest.raises(OSError, match="disk is full"):
        store.save({"a": 2})

    assert json.loads(file.read_text()) == {"a": 1}
    assert [each.name for each in tmp_path.iterdir()] == ["canary.json"]


def test_a_full_disk_costs_no_caller_its_answer():
    """The escrow was made: an exception would have it made again."""

    class Full:
        def load(self):
            return None

        def save(self, _):
            raise OSError("the disk is full")

    told = []
    tried = deployment(store=Full(), hooks=[lambda event, _: told.append(event)])
    made = {"status_code": 200, "body": {"escrow_id": "esc_1", "status": "pending"}}
    tried.stable.answers["create_escrow"] = tried.canary.answers["create_escrow"] = made

    assert tried.controller.route_request("create_escrow", {"amount": "1.00"}) == made
    assert "not-saved" in told


def test_hooks_are_told_and_one_that_fails_changes_nothing():
    """E6 `hooks`."""
    told = []

    def fails(event, _):
        raise RuntimeError(event)

    tried = deployment(
        hooks=[fails, lambda event, details: told.append((event, details["weight"]))]
    )
    tried.controller.promote()
    tried.controller.rollback("too slow")

    assert told == [("start", 5), ("step", 25), ("draining", 0), ("rollback", 0)]


@pytest.mark.parametrize(
    ("act", "verdict"),
    [
        (lambda c: c.rollback("too slow"), "fail"),
        (lambda c: c.promote(), "pass"),
        (lambda c: c.pause(), "inconclusive"),
    ],
)
def test_a_deployment_leaves_evidence(act, verdict):
    """Decision 8."""
    tried = deployment(promotion_steps=[100])
    act(tried.controller)
    record = tried.controller.evidence(version="2.0.0", commit="abc").to_json()

    assert (record["kind"], record["verdict"]) == ("canary", verdict)
    assert (record["participant"], record["version"]) == ("agent-v2", "2.0.0")
    assert record["payload"]["numbers"]["canary_metrics"]["requests_total"] == 0


def test_it_explains_itself():
    """C6: users want to see why (kayenta#521)."""
    tried = deployment(stable_rate=0.01, canary_rate=0.05)
    tried.up_to(20, 600)
    said = tried.controller.explain()

    assert said.startswith("rolled_back at 0 % (analysing)\nrolled back: errors: ")
    assert "to 1 that the canary is worse" in said
    assert "from stable's own p95" in said
