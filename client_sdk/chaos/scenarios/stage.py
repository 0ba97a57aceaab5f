"""The stage of a scenario: agents act through chaos and again after it; the money is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol, TypedDict, Unpack

from client_sdk.chaos.config import ChaosConfig
from client_sdk.chaos.injector import ChaosInjector
from client_sdk.chaos.scenarios.agents import (
    Agent,
    AgentKilled,
    Payment,
    careful_buyer,
    run_agent,
)
from client_sdk.chaos.scenarios.invariants import (
    World,
    at_most_once,
    eventually_settled,
    was_injected,
    within_budget,
)
from client_sdk.chaos.scenarios.report import Check, ScenarioReport, settled
from client_sdk.contract.values import JsonValue
from client_sdk.exchange import AsyncTwin, Executes, Result


@dataclass(frozen=True, slots=True)
class Options:
    """What a scenario may be told beside its agent.

    `budget` is how many calls each payment may take, `wait_ms` how long a caller waits in vain,
    `deadline_s` how long a payment may take on the clock, `raise_as` whose exceptions are raised.
    """

    payment: Payment | None = None
    budget: int = 12
    wait_ms: float = 100
    deadline_s: float = 60
    raise_as: str = "builtin"


class ScenarioOptions(TypedDict, total=False):
    """The same as keywords of a scenario."""

    payment: Payment
    budget: int
    wait_ms: float
    deadline_s: float
    raise_as: str


class Counting(AsyncTwin):
    """Counts the calls that an agent makes."""

    def __init__(self, client: Executes) -> None:
        self._client = client
        self.calls = 0

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Make the call."""
        self.calls += 1
        return self._client.execute(tool, input_data)


class Mortal(AsyncTwin):
    """Kills the agent at the first call that chaos breaks."""

    def __init__(self, client: Executes) -> None:
        self._client = client

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Make the call; if it raises, the agent is no more."""
        try:
            return self._client.execute(tool, input_data)
        except Exception as error:
            raise AgentKilled(f"died at {tool}") from error


@dataclass
class Stage:
    """One run of one scenario."""

    name: str
    world: World
    chaos: ChaosInjector
    agent: Agent
    options: Options
    payment: Payment
    errors: list[str] = field(default_factory=list)
    calls: int = 0
    extra: list[Check] = field(default_factory=list)

    def act(
        self, payment: Payment, wrap: Callable[[Executes], Executes] = lambda client: client
    ) -> None:
        """Let the agent live once; what it raises is remembered."""
        counting = Counting(self.chaos)
        try:
            run_agent(self.agent, wrap(counting), payment)
        except (Exception, AgentKilled) as error:  # noqa: BLE001 - whatever an agent raises
            self.errors.append(f"{type(error).__name__}: {error}")
        finally:
            self.calls += counting.calls

    def breaking(self, *configs: ChaosConfig) -> AbstractContextManager[ChaosInjector]:
        """Break calls in a block; whether any was broken is a check of the report."""
        return self.chaos.injecting(*configs, may_be_idle=True)

    def config(self, mode: str, *tools: str, **more: Any) -> ChaosConfig:  # noqa: ANN401
        """Give a configuration of this scenario, named after it."""
        return ChaosConfig(
            mode,  # type: ignore[arg-type] # a mode by its value
            target_tools=tools,
            timeout_ms=self.options.wait_ms,
            latency_ms=self.options.wait_ms,
            raise_as=self.options.raise_as,
            **more,
        )


class Story(Protocol):
    """What happens in a scenario: the chaos, and when the agent acts."""

    __name__: str

    def __call__(self, stage: Stage, payments: Sequence[Payment]) -> None:
        """Let it happen."""
        ...


class Scenario(Protocol):
    """A story that can be played."""

    def __call__(
        self,
        harness: Executes | None,
        chaos: ChaosInjector,
        agent: Agent | None = None,
        **options: Unpack[ScenarioOptions],
    ) -> ScenarioReport:
        """Play it; see `CALLED_WITH`."""
        ...


CALLED_WITH: Final = """
    Args:
        harness: the unbroken way to the service; None or the injector itself mean what it wraps.
        chaos: the injector around that service.
        agent: a function or an object with `run`, async or not, called with a client and a
            `Payment`; a careful one by default.
        options: `payment`, `budget` (calls for each payment), `wait_ms`, `deadline_s`, `raise_as`.

    Returns:
        The report; every check holds.

    Raises:
        ScenarioFailed: an invariant does not hold.
        WorldUnfit: the service has not the tools that scenarios need.
    """


def staged(
    name: str, harness: Executes | None, chaos: ChaosInjector, agent: Agent | None, options: Options
) -> Stage:
    """Set a stage: the world is the harness, or what chaos wraps when that is the same."""
    truth = chaos.wrapped_client if harness is None or harness is chaos else harness
    made = f"{chaos.seed}-{chaos.clock.time():.6f}-{len(chaos.get_event_log())}"
    payment = options.payment or Payment(reference=f"{name.removeprefix('scenario_')}-{made}")
    return Stage(name, World(truth), chaos, agent or careful_buyer, options, payment)


def perform(stage: Stage, story: Story, *, payments: int = 1) -> ScenarioReport:
    """Play a story, let unsettled payments be made again after it, and check the invariants.

    Raises:
        ScenarioFailed: an invariant does not hold.
        WorldUnfit: the world has not the tools that scenarios need.
    """
    first, world = stage.payment, stage.world
    asked = [replace(first, reference=f"{first.reference}-{at}") for at in range(payments)]
    world.fund(first, payments)
    before, injected = world.books(first), stage.chaos.get_injection_count()
    arrived = world.arrived()
    story(stage, asked)
    injections = stage.chaos.get_injection_count() - injected
    struck = world.books(first)
    if not eventually_settled(first, before, struck, payments).holds:
        for payment in asked:
            stage.act(payment)
    after = world.books(first)
    in_the_end = at_most_once(first, before, after, payments)
    checks = (
        *world.balanced(),
        at_most_once(first, before, struck, payments),
        replace(in_the_end, name="effect at most once, in the end"),
        eventually_settled(first, before, after, payments),
        within_budget(stage.calls, stage.options.budget * payments),
        was_injected(injections),
        *stage.extra,
    )
    now = world.arrived()
    seen = None if now is None or arrived is None else now - arrived
    return settled(_report(stage, checks, injections=injections, arrived=seen))


def _report(
    stage: Stage, checks: tuple[Check, ...], *, injections: int, arrived: int | None
) -> ScenarioReport:
    return ScenarioReport(
        name=stage.name,
        seed=stage.chaos.seed,
        checks=checks,
        calls=stage.calls,
        injections=injections,
        arrived=arrived,
        errors=tuple(stage.errors),
    )


def scenario(*, payments: int = 1) -> Callable[[Story], Scenario]:
    """Turn a story into a scenario that is called with a harness, an injector and an agent."""

    def made(story: Story) -> Scenario:
        name = story.__name__

        def play(
            harness: Executes | None,
            chaos: ChaosInjector,
            agent: Agent | None = None,
            **options: Unpack[ScenarioOptions],
        ) -> ScenarioReport:
            stage = staged(name, harness, chaos, agent, Options(**options))
            return perform(stage, story, payments=payments)

        play.__name__, play.__qualname__ = name, name
        play.__module__, play.__doc__ = story.__module__, f"{story.__doc__}\n{CALLED_WITH}"
        return play

    return made
