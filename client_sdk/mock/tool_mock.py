"""A mock of tools: every call passes the same layers, is logged, and can be asserted about."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from client_sdk.clock import Clock
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import AsyncTwin, Result
from client_sdk.mock.answers import MockResponse, NoAnswer, ToolRefused, problem
from client_sdk.mock.call_log import CallLog, LoggedCall
from client_sdk.mock.matching import Condition, copied
from client_sdk.mock.programme import Programme
from client_sdk.mock.programming import Programmable, unknown_tool

if TYPE_CHECKING:
    from client_sdk.mock.server import RunningMock

_PROGRAMMED: Final = frozenset(
    {"errors", "responses", "handlers", "scenarios", "limits", "silences"}
)
PARTS: Final = _PROGRAMMED | {"log", "state"}
UNKNOWN_TOOL: Final = "unknown-tool"


class UnknownToolCalled(UserWarning):
    """A strict mock was asked for a tool that it does not know."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How a mock was at a moment, for `restore` of the same mock; opaque."""

    programme: Programme
    log: CallLog
    states: Mapping[str, Mapping[str, str]]
    world: object


@dataclass(frozen=True, slots=True)
class Decision:
    """What is answered, by which layer, and why the call was turned away if it was."""

    answer: MockResponse
    by: str
    rejected: str | None = None


class ToolMock(Programmable, AsyncTwin):
    """A mock of any tools; safe between threads.

    A call passes these layers until one answers: rate limits, silence, queued errors, set
    responses, scenarios, handlers, what the mock itself simulates, and 404. A strict mock warns
    about a tool that it does not know, and its assertions fail until that call was asserted.

    Args:
        clock: stamps calls, and is what delays and limits run on; the machine's when not given.
        seed: makes what is generated repeatable.
        strict: whether an unknown tool is more than a 404.

    Example:
        >>> mock = ToolMock()
        >>> mock.set_response("ping", MockResponse(body={"pong": True}))
        >>> mock.execute("ping", {})["body"]
        {'pong': True}
        >>> mock.assert_called("ping", times=1)
    """

    def __init__(self, *, clock: Clock | None = None, seed: int = 0, strict: bool = True) -> None:
        super().__init__(clock=clock, strict=strict)
        self.seed = seed
        self._log = CallLog()

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call a tool and give its answer once its delay has passed on the mock's clock.

        Raises:
            NoAnswer: the mock keeps silent for this tool; also a `TimeoutError`.
        """
        try:
            answer = self.answer(tool, input_data)
        except NoAnswer as silence:
            self.clock.sleep(silence.after_ms / 1000)
            raise
        if answer.delay_ms:
            self.clock.sleep(answer.delay_ms / 1000)
        return Result(answer.status_code, copied(answer.body), answer.headers, answer.delay_ms)

    def answer(self, tool: str, input_data: JsonValue) -> MockResponse:
        """Decide on a call and log it, without letting its delay pass.

        Raises:
            NoAnswer: the mock keeps silent for this tool.
        """
        given = copied(input_data)
        with self._lock:
            called_at = self.clock.time()
            try:
                decided = self._decided(tool, given)
            except Exception as error:
                by = "no-answer" if isinstance(error, NoAnswer) else "exception"
                self._log.add(LoggedCall(tool, given, called_at, None, by, str(error)))
                raise
            status = decided.answer.status_code
            self._log.add(LoggedCall(tool, given, called_at, status, decided.by, decided.rejected))
        if decided.by == UNKNOWN_TOOL and self.strict:
            warnings.warn(decided.rejected or tool, UnknownToolCalled, stacklevel=3)
        return decided.answer

    def get_call_log(self) -> list[JsonObject]:
        """Give every call, oldest first.

        An entry has `tool`, `input`, `timestamp`, `status_code` (None when nothing was answered),
        `answered_by` (the layer) and `rejected` (why it was turned away, else None).
        """
        with self._lock:
            return [call.to_json() for call in self._log.calls()]

    def get_calls_for_tool(self, tool: str) -> list[JsonObject]:
        """Give the calls of one tool, as `get_call_log` does."""
        with self._lock:
            return [call.to_json() for call in self._log.calls(tool)]

    def assert_called(
        self,
        tool: str,
        times: int | None = None,
        *,
        at_least: int | None = None,
        at_most: int | None = None,
        with_input: Condition | None = None,
    ) -> None:
        """Fail unless a tool was called as often as said; at least once when nothing is said.

        Args:
            tool: the tool's name.
            times: exactly so often; zero means never.
            at_least: no fewer.
            at_most: no more.
            with_input: count only calls whose input has these members or passes this test.

        Raises:
            AssertionError: it was not; or the tool is unknown; or an unknown tool was called.
        """
        with self._lock:
            self._assert_spelled(tool)
            self._log.assert_called(
                tool, times, at_least=at_least, at_most=at_most, with_input=with_input
            )

    def reset(self, keep: Iterable[str] = ()) -> None:
        """Forget everything but the parts named in `keep`; a limit that is kept is full again.

        The parts: `errors`, `responses`, `handlers`, `scenarios` (their steps), `limits`,
        `silences`, `log` and `state`.

        Raises:
            ValueError: `keep` names something else.
        """
        kept = set([keep] if isinstance(keep, str) else keep)
        if unknown := kept - PARTS:
            names = ", ".join(sorted(PARTS))
            raise ValueError(f"keep names {', '.join(sorted(unknown))}; the parts are {names}")
        with self._lock:
            programme = self._programme
            fresh = {name: getattr(programme, name) for name in kept & _PROGRAMMED}
            self._programme = Programme(**fresh)
            self._programme.limits.fill(self.clock.monotonic())
            if "log" not in kept:
                self._log = CallLog()
            if "state" not in kept:
                self._begin_anew()

    def snapshot(self) -> Snapshot:
        """Give everything as it is now, for `restore`."""
        with self._lock:
            states = {name: each.states() for name, each in self._programme.scenarios.items()}
            return Snapshot(self._programme.copied(), self._log.copied(), states, self._world())

    def restore(self, snapshot: Snapshot) -> None:
        """Be again as the snapshot says, however often."""
        with self._lock:
            self._programme = snapshot.programme.copied()
            self._log = snapshot.log.copied()
            for name, scenario in self._programme.scenarios.items():
                scenario.put_back(snapshot.states.get(name, {}))
            self._put_back(snapshot.world)

    def serve(
        self, host: str = "127.0.0.1", port: int = 0, *, key: str | None = None
    ) -> AbstractContextManager[RunningMock]:
        """Serve the mock on loopback until the block ends; `.url` says where.

        Raises:
            SettingsFault: the host is not this machine's own loopback, or the port is taken.

        Example:
            >>> with ToolMock(strict=False).serve() as running:
            ...     running.url.startswith("http://127.0.0.1:")
            True
        """
        from client_sdk.mock.server import serve  # noqa: PLC0415 - only the HTTP form needs it

        return serve(self, host=host, port=port, key=key)

    def set_state(self, state: str, params: JsonObject) -> None:
        """Begin anew in a provider state; this mock has none.

        Raises:
            ToolRefused: there is no such state, or its parameters cannot be used.
        """
        del params
        raise ToolRefused(422, "state-unknown", f"There is no state {state!r}.", known=[])

    def books(self) -> JsonObject:
        """Give what the mock holds as JSON, for a look at what a test did."""
        return {"tools": [*self.tools()]}

    def _decided(self, tool: str, input_data: JsonValue) -> Decision:
        programme = self._programme
        if (refused := programme.limits.refusal(tool, self.clock.monotonic())) is not None:
            return Decision(refused, "rate-limit", f"{tool} was called too often")
        if tool in programme.silences:
            raise NoAnswer(tool, programme.silences[tool])
        if programme.errors and (error := programme.next_error(tool)) is not None:
            return Decision(error, "error")
        try:
            return self._answered(tool, input_data)
        except ToolRefused as refusal:
            return Decision(refusal.answer, "refusal")

    def _answered(self, tool: str, input_data: JsonValue) -> Decision:
        programme = self._programme
        if (answer := programme.set_response(tool, input_data)) is not None:
            return Decision(answer, "response")
        if (answer := programme.scenario_answer(tool, input_data)) is not None:
            return Decision(answer, "scenario")
        if (function := programme.handlers.get(tool)) is not None:
            return Decision(_as_response(function(copied(input_data))), "handler")
        if (answer := self._simulated(tool, input_data)) is not None:
            return Decision(answer, "simulation")
        known = self.tools()
        detail = f"There is no tool {tool!r}."
        answer = problem(404, "tool-unknown", detail, known=[*known])
        return Decision(answer, UNKNOWN_TOOL, unknown_tool(tool, known))

    def _assert_spelled(self, tool: str) -> None:
        """Fail for a tool that there is not, and for calls of such tools that nobody asserted."""
        strangers = self._log.tools_answered_by(UNKNOWN_TOOL) if self.strict else []
        others = [each for each in strangers if each != tool]
        known = self.tools()
        if others:
            raise AssertionError(f"{unknown_tool(others[0], known)}; it was called")
        if self.strict and tool not in known and not self._log.calls(tool):
            raise AssertionError(unknown_tool(tool, known))

    def _simulated(self, tool: str, input_data: JsonValue) -> MockResponse | None:
        """Answer by what the mock simulates; None when it has no such tool."""

    def _begin_anew(self) -> None:
        """Forget what the simulated tools did."""

    def _world(self) -> object:
        """Give a copy of what the simulated tools did."""

    def _put_back(self, world: object) -> None:
        """Let the simulated tools have done what the copy says."""


def _as_response(given: MockResponse | JsonValue) -> MockResponse:
    return given if isinstance(given, MockResponse) else MockResponse(body=copied(given))
