"""A mock of tools: every call passes the same layers, is logged, and can be asserted about."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final, Self

from client_sdk.clock import Clock
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import AsyncTwin, Executes, Result
from client_sdk.exchange.contracts import AnyContract, kernel_contract
from client_sdk.mock.agreement import Agreeable, Agreement
from client_sdk.mock.answering import BREACH, LOUD, Answering
from client_sdk.mock.answers import NoAnswer, ToolRefused
from client_sdk.mock.call_log import CallLog
from client_sdk.mock.fidelity import (
    SAMPLES,
    AsOnTheWire,
    FidelityReport,
    check_contract,
    check_likeness,
)
from client_sdk.mock.listing import ListedTool, listed
from client_sdk.mock.matching import Condition, copied
from client_sdk.mock.programme import Programme
from client_sdk.mock.programming import unknown_tool
from client_sdk.mock.snapshots import Snapshot

if TYPE_CHECKING:
    from client_sdk.mock.server import RunningMock

_PROGRAMMED: Final = frozenset(
    {"errors", "responses", "handlers", "scenarios", "limits", "silences"}
)
PARTS: Final = _PROGRAMMED | {"log", "state"}


class ToolMock(Answering, AsyncTwin):
    """A mock of any tools; safe between threads.

    A call passes these layers until one answers: rate limits, silence, queued errors, set
    responses, scenarios, handlers, what the mock itself simulates, answers made from its
    contract, and 404. A strict mock warns about a tool that it does not know and about an answer
    that its contract does not allow, and its assertions fail from then on.

    Args:
        clock: stamps calls, and is what delays and limits run on; the machine's when not given.
        seed: makes what is generated repeatable.
        contract: what is agreed. An input outside of it gets 422, an answer outside of it 500.
        strict: whether an unknown tool is more than a 404.

    Example:
        >>> from client_sdk import MockResponse
        >>> mock = ToolMock()
        >>> mock.set_response("ping", MockResponse(body={"pong": True}))
        >>> mock.execute("ping", {})["body"]
        {'pong': True}
        >>> mock.assert_called("ping", times=1)
    """

    @classmethod
    def from_contract(
        cls,
        contract: Agreeable,
        *,
        seed: int = 0,
        states: Iterable[str] = (),
        clock: Clock | None = None,
        strict: bool = True,
    ) -> Self:
        """Make a mock that answers what a contract or an offer allows, and nothing else.

        An example's answer is given as it is; for another input one is made, the same one for
        the same seed. Members that the input has too are taken from there where they fit.

        Args:
            contract: the agreement, from `parse_contract` or `parse_offer`, or an
                `AgentContract`.
            seed: repeats the same answers.
            states: the provider states whose examples are meant, when an input has several.
            clock: see the class.
            strict: see the class.

        Raises:
            ToolRefused: no example stands in one of the states.
        """
        mock = cls(clock=clock, seed=seed, contract=contract, strict=strict)
        mock._agreement = Agreement(contract, seed=seed, states=states)
        return mock

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call a tool and give its answer once its delay has passed on the mock's clock.

        Raises:
            NoAnswer: the mock keeps silent for this tool; also a `TimeoutError`.
        """
        return self._called(tool, input_data)

    def _called(self, tool: str, input_data: JsonValue) -> Result:
        try:
            answer = self.answer(tool, input_data)
        except NoAnswer as silence:
            self.clock.sleep(silence.after_ms / 1000)
            raise
        if answer.delay_ms:
            self.clock.sleep(answer.delay_ms / 1000)
        return Result(answer.status_code, copied(answer.body), answer.headers, answer.delay_ms)

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
            AssertionError: it was not; or the tool is unknown; or the mock was misused before.
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
            agreed = {} if self._agreement is None else self._agreement.states
            programme, log = self._programme.copied(), self._log.copied()
            return Snapshot(programme, log, states, agreed, self._world())

    def restore(self, snapshot: Snapshot) -> None:
        """Be again as the snapshot says, however often.

        Raises:
            TypeError: it is no snapshot.
        """
        if not isinstance(snapshot, Snapshot):
            raise TypeError(f"snapshot is what snapshot() gave, not {snapshot!r}")
        with self._lock:
            self._programme = snapshot.programme.copied()
            self._log = snapshot.log.copied()
            for name, scenario in self._programme.scenarios.items():
                scenario.put_back(snapshot.scenarios.get(name, {}))
            if self._agreement is not None:
                self._agreement.states = snapshot.agreed
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

    def listing(self) -> list[ListedTool]:
        """List every tool with its schemas, as an MCP server does; a set response has none."""
        return [self._listed(tool) for tool in self.tools()]

    def set_state(self, state: str, params: JsonObject) -> None:
        """Begin anew in a provider state of the contract: its examples are the ones meant.

        Raises:
            ToolRefused: there is no such state, or its parameters cannot be used.
        """
        with self._lock:
            if self._agreement is None:
                raise ToolRefused(422, "state-unknown", f"There is no state {state!r}.", known=[])
            self._begin_anew()
            self._agreement.enter(state, params)

    def verify(
        self, contract: AnyContract, *, seed: int | None = None, samples: int = SAMPLES
    ) -> FidelityReport:
        """Check the mock's answers against a contract: its examples, and samples around them.

        Afterwards the mock is as it was before.

        Args:
            contract: what a caller of the mocked producer relies on.
            seed: chooses the samples; the mock's own when not given.
            samples: at most so many a tool.
        """
        before = self.snapshot()
        try:
            chosen = self.seed if seed is None else seed
            asked = kernel_contract(contract)
            return check_contract(
                AsOnTheWire(self._called), asked, self.set_state, seed=chosen, samples=samples
            )
        finally:
            self.restore(before)

    def verify_against(
        self, live_client: Executes, samples: Iterable[tuple[str, JsonValue]]
    ) -> FidelityReport:
        """Make calls to the mock and to the real thing, and compare status and structure.

        Afterwards the mock is as it was before; the real thing is not.

        Args:
            live_client: anything with `execute(tool, input_data)`.
            samples: the calls in order, each a tool and its input.
        """
        before = self.snapshot()
        try:
            return check_likeness(self, live_client, samples, known=self.tools())
        finally:
            self.restore(before)

    def books(self) -> JsonObject:
        """Give what the mock holds as JSON, for a look at what a test did."""
        return {"tools": [*self.tools()]}

    def _assert_spelled(self, tool: str) -> None:
        """Fail for a tool that there is not, and when the mock was misused with another tool."""
        misuse = [call for call in self._log.calls() if call.answered_by in LOUD]
        others = [call for call in misuse if call.answered_by == BREACH or call.tool != tool]
        known = self.tools()
        if self.strict and others:
            raise AssertionError(f"the mock was misused before: {others[0].rejected}")
        if self.strict and tool not in known and not self._log.calls(tool):
            raise AssertionError(unknown_tool(tool, known))

    def _listed(self, tool: str) -> ListedTool:
        agreed = None if self._agreement is None else self._agreement.tool(tool)
        return ListedTool(tool) if agreed is None else listed(agreed.tool)

    def _begin_anew(self) -> None:
        """Forget what the simulated tools did, and the provider state."""
        if self._agreement is not None:
            self._agreement.enter(None, {})

    def _world(self) -> object:
        """Give a copy of what the simulated tools did."""

    def _put_back(self, world: object) -> None:
        """Let the simulated tools have done what the copy says."""
