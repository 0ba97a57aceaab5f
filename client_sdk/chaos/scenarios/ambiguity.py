"""Ambiguity pairs: a lost request and a lost answer look alike, and must end alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from client_sdk.chaos.injector import ChaosInjector
from client_sdk.chaos.scenarios.agents import Agent, Payment
from client_sdk.chaos.scenarios.guide import SETTLING
from client_sdk.chaos.scenarios.invariants import Books, same_end, was_injected
from client_sdk.chaos.scenarios.report import Check, ScenarioReport, settled
from client_sdk.chaos.scenarios.stage import Options, Stage, staged
from client_sdk.clock import Clock
from client_sdk.exchange import Executes

NAME = "ambiguity_pair"


def ambiguity_pair(  # noqa: PLR0913 - two by position, the rest by name
    make_client: Callable[[], Executes],
    agent: Agent | None = None,
    *,
    seed: int = 42,
    tools: Sequence[str] = SETTLING,
    clock: Clock | None = None,
    raise_as: str = "builtin",
) -> ScenarioReport:
    """Lose the request of each step in one world and its answer in another: equal final ledgers.

    Args:
        make_client: makes a new world each time it is called, such as `GreenHelixMock`.
        agent: a function or an object with `run`; the careful one by default.
        seed: names the run.
        tools: the steps, each of which gets a pair.
        clock: what the injectors wait on.
        raise_as: whose exceptions are raised.

    Raises:
        ScenarioFailed: the two ledgers of a pair differ.
    """
    checks: list[Check] = []
    calls, injections = 0, 0
    for tool in tools:
        ends: list[Books] = []
        for mode in ("lost_request", "lost_response"):
            chaos = ChaosInjector(make_client(), seed, clock=clock)
            payment = Payment(reference=f"pair-{tool}")
            stage = staged(NAME, None, chaos, agent, Options(payment=payment, raise_as=raise_as))
            ends.append(_end_of(stage, mode, tool))
            calls, injections = calls + stage.calls, injections + chaos.get_injection_count()
        check = same_end(ends)
        checks.append(Check(f"{check.name} ({tool})", check.holds, check.detail))
    checks.append(was_injected(injections))
    return settled(ScenarioReport(NAME, seed, tuple(checks), calls, injections))


def _end_of(stage: Stage, mode: str, tool: str) -> Books:
    stage.world.fund(stage.payment, 2)
    with stage.breaking(stage.config(mode, tool, max_injections=1)):
        stage.act(stage.payment)
    return stage.world.books(stage.payment)
