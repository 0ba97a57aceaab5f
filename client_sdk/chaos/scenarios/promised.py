"""The scenarios that the guide's table of failures promises beyond its four."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from client_sdk.chaos.scenarios.agents import Payment
from client_sdk.chaos.scenarios.guide import SETTLING
from client_sdk.chaos.scenarios.report import Check
from client_sdk.chaos.scenarios.stage import Stage, scenario
from client_sdk.contract.values import JsonValue
from client_sdk.exchange import AsyncTwin, Executes, Result

HERD: Final = 3
MEETING_SECONDS: Final = 1.0


@scenario()
def scenario_lost_confirmation(stage: Stage, payments: Sequence[Payment]) -> None:
    """Let each step take effect and its confirmation never arrive."""
    lost = [stage.config("lost_response", tool, max_injections=1) for tool in SETTLING]
    with stage.breaking(*lost):
        stage.act(payments[0])


@scenario()
def scenario_partition_during_settlement(stage: Stage, payments: Sequence[Payment]) -> None:
    """Cut the network while an escrow is released: no money may stay locked once it heals."""
    with stage.breaking(stage.config("partition", "release_escrow", phase="before")):
        stage.act(payments[0])


@scenario()
def scenario_race_on_listing(stage: Stage, payments: Sequence[Payment]) -> None:
    """Let two instances of the agent accept one listing at the same moment; one payment is made.

    Both get the same `Payment`; the budget is for both together.
    """
    meeting = threading.Barrier(2)
    threads = [
        threading.Thread(target=stage.act, args=(payments[0], lambda c: Meeting(c, meeting)))
        for _ in range(2)
    ]
    with stage.breaking(stage.config("latency", "create_escrow", max_injections=2)):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


@scenario(payments=HERD)
def scenario_retry_storm(stage: Stage, payments: Sequence[Payment]) -> None:
    """Refuse every payment of several agents for a while: retries stay within their budget."""
    overload = stage.config("wrong_status", "create_escrow", phase="before", statuses=(503,))
    with stage.breaking(overload):
        for payment in payments:
            stage.act(payment)


@scenario(payments=HERD)
def scenario_cascade(stage: Stage, payments: Sequence[Payment]) -> None:
    """Let one tool crash and its callers pile up, then the next tool: all are paid in the end."""
    crash = stage.config("connection_reset", "create_escrow", phase="both", max_injections=HERD)
    spread = stage.config(
        "wrong_status", "release_escrow", phase="before", statuses=(503,), max_injections=HERD
    )
    with stage.breaking(crash, spread):
        for payment in payments:
            stage.act(payment)


@scenario()
def scenario_slow_drip(stage: Stage, payments: Sequence[Payment]) -> None:
    """Let every answer drip: no read times out, so only a total deadline helps.

    Beside the invariants of money the payment must be over within `deadline_s` on the injector's
    clock.
    """
    began = stage.chaos.clock.monotonic()
    with stage.breaking(stage.config("slow_body", *SETTLING)):
        stage.act(payments[0])
    took, most = stage.chaos.clock.monotonic() - began, stage.options.deadline_s
    stage.extra.append(Check("deadline", took <= most, f"{took:g} s, {most:g} s allowed"))


@scenario()
def scenario_stall_mid_body(stage: Stage, payments: Sequence[Payment]) -> None:
    """Let each step take effect and its answer stop in the middle of the body.

    With `raise_as="requests"` that is no timeout but a connection error, as on the wire.
    """
    stalls = [
        stage.config("timeout", tool, wire="stall", phase="after", max_injections=1)
        for tool in SETTLING
    ]
    with stage.breaking(*stalls):
        stage.act(payments[0])


class Meeting(AsyncTwin):
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
