import json
import socket

import pytest

from client_sdk.chaos import ChaosConfig, ChaosInjector, ExperimentRefused, FirstN, run_experiment
from client_sdk.chaos.experiments import (
    action,
    experiment_from_document,
    experiment_from_injector,
    injection_of,
    probe,
)
from client_sdk.chaos.experiments.actions import stop_proxy
from client_sdk.chaos.experiments.tolerances import check_tolerance, is_tolerated
from client_sdk.clock import VirtualClock
from client_sdk.exchange import Outcome
from client_sdk.mock import GreenHelixMock, serve
from client_sdk.mock.mcp_server import serve_mcp

MODULE = "client_sdk.chaos.experiments.actions"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def test_a_steady_state_that_holds_is_a_pass():
    done = []
    journal = run_experiment(
        "steady", {"up": lambda: True}, [lambda: done.append(1)], [action("clean", lambda: "ok")]
    )

    assert (journal.status, journal.deviated, journal.outcome) == ("completed", False, Outcome.PASS)
    assert done == [1]
    assert [each.activity["name"] for each in journal.rollbacks] == ["clean"]


def test_a_steady_state_that_is_gone_afterwards_deviated():
    """c15"""
    world = {"up": True}
    journal = run_experiment(
        "breaks", {"up": lambda: world["up"]}, [lambda: world.update(up=False)], seed=7
    )

    assert (journal.status, journal.deviated, journal.outcome) == ("failed", True, Outcome.FAIL)
    assert journal.evidence("shop", "1").to_json()["payload"]["seed"] == 7


def test_a_steady_state_that_is_not_met_before_stops_the_experiment():
    """c15"""
    done = []
    journal = run_experiment(
        "never", {"up": lambda: False}, [lambda: done.append(1)], [lambda: done.append(2)]
    )

    assert (journal.status, journal.outcome, done) == ("failed", Outcome.INCONCLUSIVE, [])


def test_a_step_that_failed_makes_a_pass_inconclusive():
    journal = run_experiment("half", {"up": lambda: True}, [lambda: 1 / 0])

    assert (journal.status, journal.outcome) == ("completed", Outcome.INCONCLUSIVE)
    assert journal.run[0].error == "ZeroDivisionError: division by zero"


def test_a_probe_that_raises_is_not_tolerated():
    journal = run_experiment("raises", {"up": lambda: 1 / 0}, [lambda: None])

    assert journal.before.is_met is False


@pytest.mark.parametrize(
    ("strategy", "deviates", "runs"),
    [
        ("default", False, True),
        ("always", True, True),
        ("never", True, False),
        ("deviated", False, False),
        ("deviated", True, True),
    ],
)
def test_rollbacks_run_when_their_strategy_says(strategy, deviates, runs):
    world = {"up": True, "clean": False}
    run_experiment(
        "rolls",
        {"up": lambda: world["up"]},
        [lambda: world.update(up=not deviates)],
        [lambda: world.update(clean=True)],
        rollback_strategy=strategy,
    )

    assert world["clean"] is runs


def test_an_interrupt_still_cleans_up():
    """c15"""

    def interrupted():
        raise KeyboardInterrupt

    done = []
    journal = run_experiment(
        "ctrl-c", {"up": lambda: True}, [interrupted], [lambda: done.append(1)]
    )

    assert (journal.status, journal.outcome, done) == ("interrupted", Outcome.INCONCLUSIVE, [1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("t", {}, [lambda: None]), "has no steady state"),
        (("t", {"up": lambda: True}, []), "has no method"),
    ],
)
def test_an_experiment_that_could_show_nothing_is_refused(arguments, message):
    with pytest.raises(ExperimentRefused, match=message):
        run_experiment(*arguments)


def test_an_unknown_strategy_is_refused():
    with pytest.raises(ExperimentRefused, match="use default, always, never, deviated"):
        run_experiment("t", {"up": lambda: True}, [lambda: 1], rollback_strategy="maybe")


@pytest.mark.parametrize(
    ("tolerance", "output", "holds"),
    [
        (True, True, True),
        (True, 1, False),
        (200, {"status": 200, "body": {}}, True),
        ([200, 201], {"status": 404}, False),
        ("ok", "ok", True),
        ({"type": "range", "range": [1, 5]}, 5, True),
        ({"type": "range", "range": [1, 5]}, "3", False),
        ({"type": "range", "range": [0, 9], "target": "injections"}, {"injections": 3}, True),
        ({"type": "regex", "pattern": "^o", "target": "body"}, {"body": "ok"}, True),
        (
            {"type": "regex", "pattern": "balance", "target": "body"},
            {"body": {"balance": "1"}},
            True,
        ),
        ({"type": "regex", "pattern": "^o"}, "no", False),
    ],
)
def test_a_tolerance_is_judged(tolerance, output, holds):
    check_tolerance("p", tolerance)

    assert is_tolerated(tolerance, output) is holds


@pytest.mark.parametrize(
    ("tolerance", "message"),
    [
        ({"type": "jsonpath", "path": "$.a"}, "type 'jsonpath' cannot be judged here"),
        ({"type": "probe"}, "type 'probe' cannot be judged"),
        ({"type": "range", "range": [1]}, "no list of two numbers"),
        ({"type": "regex", "pattern": "(a"}, "its pattern cannot be used"),
    ],
)
def test_a_tolerance_of_another_kind_is_refused(tolerance, message):
    with pytest.raises(ExperimentRefused, match=message):
        check_tolerance("p", tolerance)


def test_a_made_probe_has_its_tolerance_in_the_journal():
    journal = run_experiment("t", [probe("three", lambda: 3, [3, 4])], [lambda: None])

    assert journal.to_json()["steady_states"]["after"]["probes"][0]["activity"] == {
        "type": "probe",
        "name": "three",
        "tolerance": [3, 4],
    }


def a_document(**members):
    return {
        "title": "t",
        "steady-state-hypothesis": {
            "title": "up",
            "probes": [
                {
                    "type": "probe",
                    "name": "up",
                    "tolerance": 200,
                    "provider": {"type": "http", "url": "http://127.0.0.1:1/health", "timeout": 1},
                }
            ],
        },
        "method": [python("set_toxics", {"port": 1, "toxics": []})],
        **members,
    }


def python(func, arguments, kind="action", **members):
    provider = {"type": "python", "module": MODULE, "func": func, "arguments": arguments}
    return {"type": kind, "name": func, "provider": provider, **members}


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"title": 3}, "an object with a title"),
        ({"controls": [{}]}, "controls are code"),
        ({"secrets": {"a": {}}}, "secrets are not read"),
        ({"method": {}}, "method: it is a list"),
        ({"method": [{"ref": "x"}]}, "references are not followed"),
        ({"method": [{"type": "wait", "provider": {}}]}, "type 'wait' is none of"),
        (
            {
                "method": [
                    {"type": "action", "name": "rm", "provider": {"type": "process", "path": "rm"}}
                ]
            },
            "'rm': a provider of type 'process' is not run from a file",
        ),
        (
            {
                "method": [
                    {
                        "type": "action",
                        "name": "x",
                        "provider": {"type": "python", "module": "os", "func": "system"},
                    }
                ]
            },
            "module 'os' is not loaded from a file",
        ),
        ({"method": [python("start_proxi", {})]}, "did you mean 'start_proxy'"),
        ({"method": [python("start_proxy", {"upstreem": 1})]}, "arguments of start_proxy"),
        ({"method": [python("stop_proxy", {"port": 1}, background=True)]}, "in the background"),
        ({"rollbacks": [python("stop_proxy", {"port": 1}, kind="probe")]}, "type 'probe' is none"),
        (
            {
                "steady-state-hypothesis": {
                    "probes": [python("call_tool", {"base_url": "x", "tool": "t"}, kind="probe")]
                }
            },
            "has no tolerance",
        ),
        (
            {
                "method": [
                    {"type": "action", "name": "u", "provider": {"type": "http", "url": "ftp://x"}}
                ]
            },
            "no http",
        ),
        ({"configuration": []}, "configuration: it is an object"),
        ({"configuration": {"a": {"type": "vault"}}}, "only plain values and env"),
        ({"configuration": {"a": {"type": "env", "key": "NOPE"}}}, "NOPE is not set"),
        ({"title": "${nope}"}, "has no value; add it to configuration"),
    ],
)
def test_what_cannot_be_run_is_refused_in_a_sentence(members, message):
    with pytest.raises(ExperimentRefused, match=message):
        experiment_from_document({**a_document(), **members})


def test_configuration_fills_texts_and_keeps_types():
    document = a_document(
        configuration={"port": 9, "host": {"type": "env", "key": "HOST", "default": "x"}},
        title="at ${host}:${port}",
        method=[python("stop_proxy", {"port": "${port}"})],
    )

    read = experiment_from_document(document, {"HOST": "here"})

    assert read.title == "at here:9"
    assert read.method[0].run.keywords == {"port": 9}


def test_an_injector_survives_being_written_and_read():
    """E3: to_experiment, from_experiment"""
    chaos = ChaosInjector(GreenHelixMock(), 7)
    chaos.add_chaos(ChaosConfig("wrong_status", 0.5, ["get_balance"], schedule=FirstN(9), id="a"))
    document = json.loads(
        json.dumps(chaos.to_experiment("http://127.0.0.1:1", [{"tool": "get_balance"}]))
    )

    again = ChaosInjector.from_experiment(document, GreenHelixMock())

    assert (again.seed, again.configs) == (7, chaos.configs)
    assert again.decisions("get_balance", 20) == chaos.decisions("get_balance", 20)


def test_a_function_in_a_match_cannot_be_written():
    chaos = ChaosInjector(GreenHelixMock(), 7)
    chaos.add_chaos(ChaosConfig("latency", match=lambda *_: True))

    with pytest.raises(ExperimentRefused, match="a function cannot be written"):
        chaos.to_experiment("http://127.0.0.1:1", [{"tool": "t"}])


def test_an_experiment_without_calls_is_refused():
    with pytest.raises(ExperimentRefused, match="calls: an experiment needs calls"):
        ChaosInjector(GreenHelixMock(), 7).to_experiment("http://127.0.0.1:1", [])


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ([], "the method has 0 steps"),
        ([python("call_under_chaos", {"seed": "x", "configs": []})], "seed must be a whole number"),
        (
            [python("call_under_chaos", {"seed": 1, "configs": [{"failure_mode": "x"}]})],
            "'x' is unknown",
        ),
    ],
)
def test_an_injection_that_cannot_be_found_is_refused(method, message):
    with pytest.raises(ExperimentRefused, match=message):
        injection_of({"title": "t", "method": method})


def test_an_experiment_runs_against_a_real_service():
    mock = GreenHelixMock()
    chaos = ChaosInjector(mock, 42)
    chaos.add_chaos(ChaosConfig("wrong_status", schedule=FirstN(2)))
    call = {"tool": "get_balance", "input": {"agent_id": "test-a"}, "times": 5}
    with serve(mock) as running:
        document = chaos.to_experiment(running.url, [call])
        journal = experiment_from_document(document).run(clock=VirtualClock())

    assert journal.outcome is Outcome.PASS
    assert journal.seed == 42
    assert journal.run[0].output == {
        "calls": 5,
        "succeeded": 3,
        "raised": 0,
        "injections": 2,
        "seed": 42,
    }


def test_an_experiment_that_injects_nothing_is_inconclusive():
    """c17"""
    mock = GreenHelixMock()
    chaos = ChaosInjector(mock, 42)
    chaos.add_chaos(ChaosConfig("latency", target_tools=["get_balanse"]))
    with serve(mock) as running:
        document = chaos.to_experiment(
            running.url, [{"tool": "get_balance", "input": {"agent_id": "a"}}]
        )
        journal = experiment_from_document(document).run()

    assert journal.outcome is Outcome.INCONCLUSIVE
    assert "A configuration that meets no call" in journal.run[0].error


def test_an_experiment_may_break_the_wire_and_look_through_it():
    """c11, c15"""
    port = free_port()
    through = {
        "type": "probe",
        "name": "through the proxy",
        "provider": {"type": "http", "url": f"http://127.0.0.1:{port}/health", "timeout": 1},
    }
    with serve(GreenHelixMock()) as running:
        document = a_document(
            method=[
                python("start_proxy", {"upstream": running.url, "port": port}),
                through,
                python("set_toxics", {"port": port, "toxics": [{"kind": "garbage"}]}),
                {**through, "name": "through the broken proxy"},
                python("injections_of_proxy", {"port": port}, kind="probe"),
            ],
            rollbacks=[python("stop_proxy", {"port": port})],
        )
        document["steady-state-hypothesis"]["probes"][0]["provider"]["url"] = (
            f"{running.url}/health"
        )
        journal = experiment_from_document(document).run()

    assert [done.status for done in journal.run] == [
        *("succeeded", "succeeded", "succeeded", "failed", "succeeded"),
    ]
    assert journal.run[4].output == 1
    assert journal.rollbacks[0].output is True
    assert journal.outcome is Outcome.INCONCLUSIVE
    assert stop_proxy(port) is False


def test_pauses_are_waited_on_the_clock():
    clock = VirtualClock()
    document = a_document(
        method=[python("stop_proxy", {"port": 1}, pauses={"before": 2, "after": 3})]
    )
    with serve(GreenHelixMock()) as running:
        document["steady-state-hypothesis"]["probes"][0]["provider"]["url"] = (
            f"{running.url}/health"
        )
        experiment_from_document(document).run(clock=clock)

    assert clock.monotonic() == 5


def test_an_experiment_may_be_about_an_mcp_server():
    """decision 9"""
    mock = GreenHelixMock()
    chaos = ChaosInjector(mock, 42)
    chaos.add_chaos(ChaosConfig("wrong_status", schedule=FirstN(1)))
    call = {"tool": "get_balance", "input": {"agent_id": "test-a"}, "times": 3}
    with serve_mcp(mock) as running:
        document = experiment_from_injector(chaos, running.url, calls=[call], mapping="mcp")
        journal = experiment_from_document(document).run()

    assert journal.outcome is Outcome.PASS
    assert journal.run[0].output["succeeded"] == 2
