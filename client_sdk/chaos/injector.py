"""The injector: a client around a client that breaks calls as its configurations say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Final, Self

from client_sdk.chaos.armed import Armed
from client_sdk.chaos.carrying_out import carry_out
from client_sdk.chaos.config import ChaosConfig, check_targets
from client_sdk.chaos.decisions import Decision, Draws, decision, is_struck, seed_or_new
from client_sdk.chaos.drift import DriftOperator, drifts_of
from client_sdk.chaos.events import ChaosEvent, EventLog
from client_sdk.chaos.reporting import InjectionsMissing, never_matched, too_few
from client_sdk.chaos.run import Run
from client_sdk.chaos.sameness import copied
from client_sdk.chaos.striking import Call, Deliver, Strike
from client_sdk.clock import Clock, SystemClock
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import AsyncTwin, Executes, Result
from client_sdk.exchange.contracts import AnyContract, kernel_contract

TITLE: Final = "the service stays steady under chaos"


class ChaosInjector(AsyncTwin):
    """Wraps any client of the kit and breaks its calls; safe between threads.

    As a context manager it makes sure at its end that every configuration met a call.

    Args:
        wrapped_client: anything with `execute(tool, input_data)`.
        seed: makes the run repeatable; None takes a random one, which every report names.
        clock: what waits and stamps; a `VirtualClock` makes 30 s take no time.
        contract: a contract or its document: tool names are checked against it, and drift
            and corruption follow its schemas.

    Example:
        >>> from client_sdk.chaos import FirstN
        >>> class Gateway:
        ...     def execute(self, tool, input_data):
        ...         return Result(200, {"balance": "1.00"})
        >>> chaos = ChaosInjector(Gateway(), seed=42)
        >>> chaos.add_chaos(ChaosConfig("wrong_status", schedule=FirstN(1), statuses=(503,)))
        >>> [chaos.execute("get_balance", {}).status_code for _ in range(2)]
        [503, 200]
    """

    def __init__(
        self,
        wrapped_client: Executes,
        seed: int | None = None,
        *,
        clock: Clock | None = None,
        contract: AnyContract | None = None,
    ) -> None:
        self.wrapped_client = wrapped_client
        self.seed = seed_or_new(seed)
        self.clock = clock or SystemClock()
        self.contract = None if contract is None else kernel_contract(contract)
        self._log = EventLog()
        self._run = Run()
        self._drifts: dict[str, tuple[DriftOperator, ...]] = {}

    @property
    def configs(self) -> tuple[ChaosConfig, ...]:
        """What is armed, in order."""
        return tuple(each.config for each in self._run.armed)

    def add_chaos(self, config: ChaosConfig) -> None:
        """Arm a configuration; it holds for the calls that begin from now on.

        Raises:
            TypeError: it is no ChaosConfig.
            ValueError: the contract knows no such tool, or the `id` is taken.
        """
        self._check(config)
        self._run.arm(config, self.clock.monotonic())

    @contextmanager
    def injecting(self, *configs: ChaosConfig, may_be_idle: bool = False) -> Iterator[Self]:
        """Arm configurations for a block only.

        Raises:
            InjectionsMissing: the block ended well, and one of them met no call in it; never with
                `may_be_idle`.
        """
        run, added = self._run, list[Armed]()
        try:
            for config in configs:
                self._check(config)
                added.append(run.arm(config, self.clock.monotonic()))
            yield self
        finally:
            run.disarm(added)
            run.flush()
        if not may_be_idle:
            self._assert_matched(added)

    def pause(self) -> None:
        """Strike nothing until `resume`; calls made meanwhile use up their numbers."""
        self._run.is_active = False

    def resume(self) -> None:
        """Strike again."""
        self._run.is_active = True

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call the tool of the wrapped client, struck by what was decided for this call.

        Raises:
            Exception: what an injected fault raises (`raise_as`), or what the client itself does.
        """
        return self.execute_on(self.wrapped_client, tool, input_data)

    def execute_on(self, client: Executes, tool: str, input_data: JsonValue) -> Result:
        """Make the call on another client, under the same seed, numbers and log."""
        run = self._run
        number, candidates = run.begin_call(tool)
        if not candidates or not run.is_active:
            answer: Any = client.execute(tool, input_data)
        else:
            call = Call(tool, input_data, number, client)
            strikes = [
                (each, self._strike(each, call, run))
                for each in candidates
                if self._decides(each, call)
            ]
            if strikes:
                answer = carry_out(call, strikes, run, candidates, self._log)
            else:
                answer = run.send(call, candidates)
        for deliver in run.listeners:
            deliver(tool, copied(answer))
        return answer  # type: ignore[no-any-return] # as the client gave it

    def deliver_to(self, callback: Deliver) -> None:
        """Register who gets every answer: once each, more often under `DUPLICATE_RESPONSE`."""
        self._run.listen(callback)

    def flush(self) -> None:
        """Let every request that is still held back arrive now."""
        self._run.flush()

    def decisions(self, tool: str | None = None, calls: int | None = None) -> tuple[Decision, ...]:
        """Give what seed and schedules say about each call, 1 to `calls`, of each tool.

        Without arguments: about the calls that were made so far.
        """
        counts, armed = self._run.counts(), self._run.armed
        tools = list(counts) if tool is None else [tool]
        return tuple(
            decision(self.seed, each.config_id, each.config, name, number)
            for name in tools
            for number in range(1, (counts.get(name, 0) if calls is None else calls) + 1)
            for each in armed
        )

    def get_event_log(self) -> list[ChaosEvent]:
        """Give a copy of every event, in the order in which they began."""
        return self._log.copies()

    def get_injection_count(self) -> int:
        """Give how many injections were applied; one that changed nothing does not count."""
        return sum(event.applied for event in self._log.copies())

    def assert_injected(self, min: int = 1) -> None:  # noqa: A002 - the name users know
        """Make sure that at least so many injections were applied.

        Raises:
            InjectionsMissing: fewer were; the message says why and how to repeat the run.
        """
        events = self._log.copies()
        if sum(event.applied for event in events) < min:
            raise InjectionsMissing(too_few(events, min, self.seed))

    def assert_matched(self) -> None:
        """Make sure that every configuration met at least one call that it is about.

        Raises:
            InjectionsMissing: one did not, so nothing was tested by it.
        """
        self._assert_matched(self._run.armed)

    def reset(self) -> None:
        """Forget configurations, numbers, events, held requests and the pause; keep the seed."""
        self._run = Run()
        self._log.clear()

    def to_experiment(
        self, base_url: str, calls: Sequence[Mapping[str, Any]], *, title: str = TITLE
    ) -> JsonObject:
        """Give a Chaos Toolkit experiment that injects the same into these calls.

        Args:
            base_url: where the service runs.
            calls: `{"tool", "input", "times"}` each; the first is the steady state's probe.
            title: the experiment's title.

        Raises:
            ExperimentRefused: there are no calls, or a configuration cannot be written.
        """
        from client_sdk.chaos.experiments import experiment_from_injector  # noqa: PLC0415 - a cycle

        return experiment_from_injector(self, base_url, calls=calls, title=title)

    @classmethod
    def from_experiment(
        cls, document: JsonValue, wrapped_client: Executes, *, clock: Clock | None = None
    ) -> Self:
        """Give an injector with the seed and the configurations of an experiment.

        Raises:
            ExperimentRefused: it has none, or they cannot be read.
        """
        from client_sdk.chaos.experiments import injection_of  # noqa: PLC0415 - a cycle

        injection = injection_of(document)
        chaos = cls(wrapped_client, injection.seed, clock=clock)
        for config in injection.configs:
            chaos.add_chaos(config)
        return chaos

    def __enter__(self) -> Self:
        self._run.begin_block()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let held requests arrive, stop injecting, and fail if a configuration met no call."""
        del error, trace
        self._run.end_block()
        if kind is None:
            self.assert_matched()

    def _assert_matched(self, armed: Iterable[Armed]) -> None:
        idle = [each for each in armed if not each.matched]
        if idle:
            raise InjectionsMissing(never_matched(idle, sorted(self._run.counts()), self.seed))

    def _check(self, config: ChaosConfig) -> None:
        if not isinstance(config, ChaosConfig):
            raise TypeError(f"config is a ChaosConfig, not {config!r}")
        if self.contract is not None:
            check_targets(config, [tool.tool_name for tool in self.contract.tools])

    def _decides(self, armed: Armed, call: Call) -> bool:
        config = armed.config
        if armed.has_expired(self.clock) or not config.matches(call.tool, call.input):
            return False
        armed.matched = True
        draws = Draws(self.seed, armed.config_id, call.tool, call.number)
        return is_struck(draws, config) and armed.claim()

    def _strike(self, armed: Armed, call: Call, run: Run) -> Strike:
        return Strike(
            config=armed.config,
            config_id=armed.config_id,
            call=call,
            phase=armed.config.phase_of(call.number),
            draws=Draws(self.seed, armed.config_id, call.tool, call.number),
            clock=self.clock,
            tool_contract=None if self.contract is None else self.contract.tool(call.tool),
            listeners=run.listeners,
            hold=run.hold,
            earlier=lambda: run.history.before(call),
            drifts=lambda: self._drifts_of(call.tool),
        )

    def _drifts_of(self, tool: str) -> tuple[DriftOperator, ...]:
        """The drifts of a tool, worked out once: each is a question to the kernel."""
        if tool not in self._drifts:
            known = None if self.contract is None else self.contract.tool(tool)
            self._drifts[tool] = () if known is None else drifts_of(known)
        return self._drifts[tool]


def decisions_of(
    configs: Sequence[ChaosConfig], seed: int, tool: str, calls: int
) -> tuple[Decision, ...]:
    """Give what an injector with these configurations would decide; nothing is called."""
    chaos = ChaosInjector(_Nobody(), seed)
    for config in configs:
        chaos.add_chaos(config)
    return chaos.decisions(tool, calls)


class _Nobody:
    """A client that is never called."""

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        raise NotImplementedError(tool, input_data)
