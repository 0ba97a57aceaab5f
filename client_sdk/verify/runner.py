"""Runs a verification: prepares each state, makes each call, judges each answer, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import Final

from client_sdk.clock import Clock, SystemClock
from client_sdk.contract.errors import ContractError
from client_sdk.contract.model import Contract, ToolContract
from client_sdk.errors import SettingsFault, TallyError, Unreachable
from client_sdk.exchange import Scrubber
from client_sdk.verify.judging import judge, no_answer
from client_sdk.verify.outcomes import (
    Check,
    CheckOutcome,
    ContractRun,
    ToolRun,
    VerificationRun,
)
from client_sdk.verify.plan import ContractUnderTest, Mode, Trial, trials_for
from client_sdk.verify.publishing import scrubbed
from client_sdk.verify.states import Action, ProviderStates, StateFailed
from client_sdk.verify.target import Producer

MAX_ANSWER_BYTES: Final = 8 * 1024 * 1024
NO_HOOK: Final = "the state {state!r} was not set up: no state hook is given"


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """How much is sent and how long it may take, in seconds; a seed repeats the same samples."""

    mode: Mode = Mode.SAMPLED
    seed: int = 0
    samples_per_tool: int = 20
    strict: bool = False
    call_timeout: float = 10.0
    deadline: float = 600.0

    def __post_init__(self) -> None:
        if isnan(self.deadline) or self.deadline < 0:
            raise SettingsFault(f"the deadline is a number of seconds, not {self.deadline!r}")


@dataclass(frozen=True, slots=True)
class Progress:
    """One check that was just made, of how many."""

    consumer: str
    tool_name: str
    check: Check
    done: int
    total: int


def verify_contracts(  # noqa: PLR0913 - one door; all but the first two are optional
    contracts: Sequence[ContractUnderTest],
    target: Producer,
    *,
    options: VerifyOptions | None = None,
    states: ProviderStates | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    clock: Clock | None = None,
) -> VerificationRun:
    """Replay contracts against a running producer and say what came of each tool.

    Args:
        contracts: what to verify; the result keeps their order.
        target: where the producer is, and how its tools are called.
        options: what is sent; samples around every example when not given.
        states: prepares the producer before, and cleans up after each call of an example with a
            provider state. Without it examples run as they are, and a note says so.
        on_progress: is told of every check.
        clock: measures the deadline.

    Raises:
        Unreachable: nothing listens at the target's address.
        SettingsFault: the address cannot be used.
    """
    chosen = options or VerifyOptions()
    target.make_sure_somebody_listens(chosen.call_timeout)
    session = _Session(target, chosen, states, clock or SystemClock())
    try:
        return session.run(contracts, on_progress or (lambda _: None))
    finally:
        session.close()


class _Session:
    """One run under way."""

    def __init__(
        self, target: Producer, options: VerifyOptions, states: ProviderStates | None, clock: Clock
    ) -> None:
        self._target = target
        self._options = options
        self._states = states
        self._clock = clock
        self._ends_at = clock.monotonic() + options.deadline
        self._scrubber = Scrubber(target.credentials())
        patience = min(options.call_timeout, options.deadline or options.call_timeout)
        self._client = target.client(patience, MAX_ANSWER_BYTES)

    def run(
        self, contracts: Sequence[ContractUnderTest], on_progress: Callable[[Progress], None]
    ) -> VerificationRun:
        """Make every check of every contract."""
        plans = [(each, self._plan(each.contract)) for each in contracts]
        total = sum(len(trials) for _, plan in plans for _, trials in plan)
        done, runs = 0, []
        for each, plan in plans:
            tools = []
            for tool, trials in plan:
                checks = []
                for check in self._checks(each.contract, tool, trials):
                    done += 1
                    checks.append(check)
                    consumer = each.contract.consumer
                    on_progress(Progress(consumer, tool.tool_name, check, done, total))
                tools.append(ToolRun(tool.tool_name, tuple(checks)))
            runs.append(ContractRun(each.contract, each.pending, tuple(tools)))
        return VerificationRun(tuple(runs))

    def close(self) -> None:
        """Close the kept connections."""
        self._client.close()

    def _plan(self, contract: Contract) -> list[tuple[ToolContract, tuple[Trial, ...]]]:
        mode, seed = self._options.mode, self._options.seed
        samples = self._options.samples_per_tool
        return [
            (tool, trials_for(tool, mode, seed=seed, samples=samples)) for tool in contract.tools
        ]

    def _checks(
        self, contract: Contract, tool: ToolContract, trials: tuple[Trial, ...]
    ) -> Iterator[Check]:
        for trial in trials:
            if self._clock.monotonic() >= self._ends_at:
                note = f"the deadline of {self._options.deadline:g} s was over"
                yield replace(self._blank(tool, trial), note=note)
            else:
                yield self._check(contract, tool, trial)

    def _check(self, contract: Contract, tool: ToolContract, trial: Trial) -> Check:
        """Make a check between the setup of its state and the teardown, which nothing skips."""
        try:
            fault = self._state_fault(contract, trial, "setup")
            blank = self._blank(tool, trial)
            check = replace(blank, note=fault) if fault else self._called(tool, trial)
        finally:
            left = self._state_fault(contract, trial, "teardown")
        return replace(check, note=left) if left and not fault else check

    def _state_fault(self, contract: Contract, trial: Trial, action: Action) -> str | None:
        """Set the state of a check up or tear it down; say why when that failed."""
        if trial.state is None or self._states is None:
            return None
        try:
            self._states.change(trial.state, trial.params, action, contract.consumer)
        except StateFailed as error:
            return self._scrubber.scrub_text(str(error))
        return None

    def _called(self, tool: ToolContract, trial: Trial) -> Check:
        """Make the call and judge its answer; a call without answer has failed."""
        blank = self._blank(tool, trial)
        if trial.state is not None and self._states is None:
            note = self._scrubber.scrub_text(NO_HOOK.format(state=trial.state))
            blank = replace(blank, note=note)
        try:
            result = self._client.execute(tool.tool_name, trial.input)
            outcome, found = judge(tool, trial, result, strict=self._options.strict)
        except Unreachable as error:
            failed = no_answer(self._scrubber.scrub_text(str(error)))
            return replace(blank, outcome=CheckOutcome.FAILED, violations=(failed,))
        except (TallyError, ContractError) as error:
            return replace(
                blank,
                note=f"it cannot be called or judged: {self._scrubber.scrub_text(str(error))}",
            )
        return replace(
            blank,
            outcome=outcome,
            violations=tuple(scrubbed(each, self._scrubber) for each in found),
            status_code=result.status_code,
            latency_ms=result.latency_ms,
            note=blank.note or _note_of(outcome, result.status_code),
        )

    def _blank(self, tool: ToolContract, trial: Trial) -> Check:
        return Check(
            label=self._scrubber.scrub_text(trial.label),
            is_sample=trial.is_sample,
            outcome=CheckOutcome.NOT_RUN,
            curl=self._curl(tool, trial),
        )

    def _curl(self, tool: ToolContract, trial: Trial) -> str:
        try:
            return self._target.curl(tool.tool_name, trial.input, self._scrubber)
        except (TallyError, ContractError):
            return ""  # a name that this mapping cannot call; the check says so


def _note_of(outcome: CheckOutcome, status_code: int) -> str | None:
    if outcome is CheckOutcome.NOT_EXERCISED:
        return f"not exercised: the sample was refused with {status_code}"
    return None
