"""What is measured: one tool with its input, or a workflow of several steps."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, NoReturn, TypeAlias

from client_sdk.bench.guard import CallBudget
from client_sdk.bench.load import MILLISECONDS, Judged
from client_sdk.bench.refusal import BenchmarkRefused
from client_sdk.clock import Clock
from client_sdk.contract.canonical import dumps
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonValue
from client_sdk.exchange import Executes

SUCCESSES: Final = range(100, 400)

InputData: TypeAlias = "JsonValue | Callable[[int], JsonValue]"
IsError: TypeAlias = Callable[[Any], bool]


def is_error_status(result: object) -> bool:
    """Say whether a result failed: its status is 400 or more, or none that HTTP has."""
    status = result.get("status_code") if isinstance(result, Mapping) else None
    if not isinstance(status, int) or isinstance(status, bool):
        return True
    return status not in SUCCESSES


@dataclass(frozen=True, slots=True)
class ToolWork:
    """Calls one tool; `input_data` is its input, or makes one for each call's number."""

    client: Executes
    tool: str
    input_data: InputData
    is_error: IsError
    budget: CallBudget

    def perform(self, number: int) -> object:
        """Make call `number`."""
        self.budget.spend(self.tool)
        sent = self.input_data(number) if callable(self.input_data) else self.input_data
        return self.client.execute(self.tool, sent)

    def judge(self, outcome: object) -> Judged:
        """Say why a call failed, and how large its answer was."""
        if isinstance(outcome, Exception):
            return Judged(type(outcome).__name__)
        failure = failure_of(outcome) if self.is_error(outcome) else None
        return Judged(failure, size_of(outcome))


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """What one run of a workflow came to: what it returned, and which of its calls failed."""

    returned: object
    failures: tuple[str, ...]
    steps: tuple[tuple[str, float], ...]


@dataclass(slots=True)
class WorkflowWork:
    """Runs a workflow; one that takes a `step` marks its steps with it, else gets the client.

    A run fails when it raises, when a call of its client failed, or when it returns a result
    that did.
    """

    client: Executes
    workflow: Callable[..., object]
    is_error: IsError
    budget: CallBudget
    clock: Clock
    keep_steps: bool = True
    steps: dict[str, list[float]] = field(default_factory=dict)

    def perform(self, number: int) -> object:
        """Run the workflow once."""
        del number
        watched = WatchedClient(self.client, self.is_error, self.budget)
        stopwatch = Stopwatch(self.clock)
        arguments = [
            stopwatch.step if name == "step" else watched for name in _parameters(self.workflow)
        ]
        returned = self.workflow(*arguments)
        stopwatch.stop()
        if inspect.isawaitable(returned):
            _refuse_asynchronous(returned)
        return WorkflowRun(returned, tuple(watched.failures), tuple(stopwatch.times))

    def judge(self, outcome: object) -> Judged:
        """Say why a run failed, and keep the times of its steps when it did not."""
        if not isinstance(outcome, WorkflowRun):
            return Judged(type(outcome).__name__)
        returned = outcome.returned
        failed = list(outcome.failures)
        if isinstance(returned, Mapping) and "status_code" in returned and self.is_error(returned):
            failed.append(failure_of(returned))
        if failed:
            return Judged(failed[0])
        for name, milliseconds in outcome.steps if self.keep_steps else ():
            self.steps.setdefault(name, []).append(milliseconds)
        return Judged()


class WatchedClient:
    """The client a workflow calls: notes failed calls, and spends from the budget."""

    def __init__(self, wrapped_client: Executes, is_error: IsError, budget: CallBudget) -> None:
        self.wrapped_client = wrapped_client
        self.failures: list[str] = []
        self._is_error = is_error
        self._budget = budget

    def execute(self, tool: str, input_data: JsonValue) -> Any:  # noqa: ANN401 - the client's own
        """Call the tool and note whether it failed."""
        self._budget.spend(tool)
        result = self.wrapped_client.execute(tool, input_data)
        if self._is_error(result):
            self.failures.append(f"{tool}: {failure_of(result)}")
        return result

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client has
        return getattr(self.wrapped_client, name)


class Stopwatch:
    """Times the steps of one run: `step("name")` ends the step before it.

    `with step("name"):` ends the step at the end of the block.
    """

    def __init__(self, clock: Clock) -> None:
        self.times: list[tuple[str, float]] = []
        self._clock = clock
        self._name: str | None = None
        self._began = 0.0

    def step(self, name: str) -> AbstractContextManager[None]:
        """Begin a step."""
        self.stop()
        self._name, self._began = name, self._clock.monotonic()
        return _Step(self)

    def stop(self) -> None:
        """End the step that runs, if one does."""
        if self._name is not None:
            passed = (self._clock.monotonic() - self._began) * MILLISECONDS
            self.times.append((self._name, passed))
            self._name = None


class _Step(AbstractContextManager[None]):
    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopwatch.stop()


def failure_of(result: object) -> str:
    """Name the failure of a result: its status, or that it has none."""
    status = result.get("status_code") if isinstance(result, Mapping) else None
    return f"status {status}" if status is not None else "no status"


def size_of(result: object) -> int | None:
    """Give the bytes of a result's body as JSON, or what its headers say; None when neither can."""
    if not isinstance(result, Mapping):
        return None
    headers = result.get("headers")
    length = headers.get("content-length", "") if isinstance(headers, Mapping) else ""
    if isinstance(length, str) and length.isascii() and length.isdigit():
        return int(length)
    try:
        return len(dumps(result.get("body")).encode())
    except (ContractError, TypeError, ValueError):
        return None


def _refuse_asynchronous(returned: object) -> NoReturn:
    """What is never awaited does nothing, and would pass as a quick success."""
    if inspect.iscoroutine(returned):
        returned.close()
    raise BenchmarkRefused(
        "workflow: it is asynchronous, and nobody awaits it here: give a function that runs it, "
        "for one `lambda client: runner.run(work(client))` with an asyncio.Runner"
    )


def _parameters(workflow: Callable[..., object]) -> list[str]:
    """The parameters without a default: each gets the client, or `step` by its name."""
    named = inspect.signature(workflow).parameters.values()
    positional = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    return [each.name for each in named if each.kind in positional and each.default is each.empty]
