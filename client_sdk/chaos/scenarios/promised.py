"""The scenarios that the guide's table of failures promises beyond its four."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Unpack

from client_sdk.chaos.injector import ChaosInjector
from client_sdk.chaos.scenarios.agents import Agent, Payment
from client_sdk.chaos.scenarios.guide import SETTLING
from client_sdk.chaos.scenarios.report import Check, ScenarioReport
from client_sdk.chaos.scenarios.stage import ScenarioOptions, Stage, performed
from client_sdk.contract.values import JsonValue
from client_sdk.exchange import Executes, Result

HERD: Final = 3
MEETING_SECONDS: Final = 1.0


def scenario_lost_confirmation(
    harness: Executes | None,
    chaos: ChaosInjector,
    agent: Agent | None = None,
    **options: Unpack[ScenarioOptions],
) -> ScenarioReport:
    """Let each step take effect and its confirmation never arrive.

    Arguments and errors are those of `scenario_agent_dies_mid_escrow`.
    """

    def story(stage: Stage, payments: Sequence[Payment]) -> None:
        lost = [stage.config("lost_response", tool, max_injections=1) for tool in SETTLING]
        with stage.chaos.injecting(*lost):
            stage.act(payments[0])

    return performed(scenario_lost_confirmation, (harness, chaos, agent), options, story)


def scenario_partition_during_settlement(
    harness: Executes | None,
    chaos: ChaosInjector,
    agent: Agent | None = None,
    **options: Unpack[ScenarioOptions],
) -> ScenarioReport:
    """Cut the network while an escrow is released: no money may stay locked once it heals.

    Arguments and errors are those of `scenario_agent_dies_mid_escrow`.
    """

    def story(stage: Stage, payments: Sequence[Payment]) -> None:
        cut = stage.config("partition", "release_escrow", phase="before")
        with stage.chaos.injecting(cut):
            stage.act(payments[0])

    return performed(scenario_partition_during_settlement, (harness, chaos, agent), options, story)


def scenario_race_on_listing(
    harness: Executes | None,
    chaos: ChaosInjector,
    agent: Agent | None = None,
    **options: Unpack[ScenarioOptions],
) -> ScenarioReport:
    """Let two instances of the agent accept one listing at the same moment; one payment is made.

    Both get the same `Payment`. Arguments and errors are those of
    `scenario_agent_dies_mid_escrow`; the budget is for both together.
    """

    def story(stage: Stage, payments: Sequence[Payment]) -> None:
        meeting = threading.Barrier(2)
        threads = [
            threading.Thread(target=stage.act, args=(payments[0], lambda c: Meeting(c, meeting)))
            for _ in range(2)
        ]
        slow = stage.config("latency", "create_escrow", max_injections=2)
        with stage.chaos.injecting(slow):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    return performed(scenario_race_on_listing, (harness, chaos, agent), options, story)


def scenario_retry_storm(
    harness: Executes | None,
    chaos: ChaosInjector,
    agent: Agent | None = None,
    **options: Unpack[ScenarioOptions],
) -> ScenarioReport:
    """Refuse every payment of several agents for a while: retries stay within their budget.

    Arguments and errors are those of `scenario_agent_dies_mid_escrow`.
    """

    def story(stage: Stage, payments: Sequence[Payment]) -> None:
        overload = stage.config("wrong_status", "create_escrow", phase="before", statuses=(503,))
        with stage.chaos.injecting(overload):
            for payment in payments:
                stage.act(payment)

    return performed(scenario_retry_storm, (harness, chaos, agent), options, story, payments=HERD)


def scenario_cascade(
    harness: Executes | None,
    chaos: ChaosInjector,
    agent: Agent | None = None,
    **options: Unpack[ScenarioOptions],
) -> ScenarioReport:
    """Let one tool crash and its callers pile up, then the next tool: all are paid in the end.

    Arguments and errors are those of `scenario_agent_dies_mid_escrow`.
    """

    def story(stage: Stage, payments: Sequence[Payment]) -> None:
        crash = stage.config("connection_reset", "create_escrow", phase="both", max_injections=HERD)
        spread = stage.config(
            "wrong_status", "release_escrow", phase="before", statuses=(503,), max_injections=HERD
        )
        with stage.chaos.injecting(crash, spread):
            for payment in payments:
                stage.act(payment)

    return performed(scenario_cascade, (harness, chaos, agent), options, story, payments=HERD)


def scenario_slow_drip(
    harness: Executes | None,
    chaos: ChaosInjector,
    agent: Agent | None = None,
    **options: Unpack[ScenarioOptions],
) -> ScenarioReport:
    """Let every answer drip: no read times out, so only a total deadline helps.

    Beside the invariants of money the payment must be over within `deadline_s` on the injector's
    clock. Arguments and errors are those of `scenario_agent_dies_mid_escrow`.
    """

    def story(stage: Stage, payments: Sequence[Payment]) -> None:
        began = stage.chaos.clock.monotonic()
        with stage.chaos.injecting(stage.config("slow_body", *SETTLING)):
            stage.act(payments[0])
        took, most = stage.chaos.clock.monotonic() - began, stage.options.deadline_s
        stage.extra.append(Check("deadline", took <= most, f"{took:g} s, {most:g} s allowed"))

    return performed(scenario_slow_drip, (harness, chaos, agent), options, story)


def scenario_stall_mid_body(
    harness: Executes | None,
    chaos: ChaosInjector,
    agent: Agent | None = None,
    **options: Unpack[ScenarioOptions],
) -> ScenarioReport:
    """Let each step take effect and its answer stop in the middle of the body.

    With `raise_as="requests"` that is no timeout but a connection error, as on the wire.
    Arguments and errors are those of `scenario_agent_dies_mid_escrow`.
    """

    def story(stage: Stage, payments: Sequence[Payment]) -> None:
        stalls = [
            stage.config("timeout", tool, wire="stall", phase="after", max_injections=1)
            for tool in SETTLING
        ]
        with stage.chaos.injecting(*stalls):
            stage.act(payments[0])

    return performed(scenario_stall_mid_body, (harness, chaos, agent), options, story)


class Meeting:
    """Lets two agents call `create_escrow` at the same moment, the first time."""

    def __init__(self, client: Executes, barrier: threading.Barrier) -> None:
        self._client = client
        self._barrier = barrier
        self._has_met = False

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Wait for the other one, then make the call."""
        if tool == "create_escrow" and not self._has_met:
            self._has_met = True
            with suppress(threading.BrokenBarrierError):  # the other one never came
                self._barrier.wait(MEETING_SECONDS)
        return self._client.execute(tool, input_data)
