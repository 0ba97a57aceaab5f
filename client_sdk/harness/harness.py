"""AgentTestHarness: calls tools for real, or plays back what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from client_sdk.clock import Clock, SystemClock
from client_sdk.contract.names import check_tool_name
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import AsyncTwin, BudgetGuard, Executes, Result, Scrubber
from client_sdk.harness.assertions import UNSET, Assertions, Unset
from client_sdk.harness.cassette import Cassette
from client_sdk.harness.contracts import Contracts
from client_sdk.harness.encoding import wire_value
from client_sdk.harness.hygiene import check_recordable, secrets_of
from client_sdk.harness.live import PlainRequest, session_with
from client_sdk.harness.matching import PARTS, Matcher
from client_sdk.harness.modes import (
    Compat,
    Latency,
    Mode,
    OnExpired,
    Order,
    choice_from,
    seconds_from,
)
from client_sdk.harness.names import cassette_file
from client_sdk.harness.player import PlayRules
from client_sdk.harness.playing import Delay, Playing
from client_sdk.harness.reads import FieldReads, ReadLog
from client_sdk.harness.running import Running, RunRules
from client_sdk.harness.sides import LiveSide, Spoken
from client_sdk.harness.starting import Expiry, Starting
from client_sdk.harness.take import Call
from client_sdk.transport import Timeout, Transport

if TYPE_CHECKING:
    from client_sdk.harness.comparing import CassetteDiff

SANDBOX_URL: Final = "http://127.0.0.1:8701/v1"
SCALE: Final = 0.1


class AgentTestHarness(Assertions, AsyncTwin):
    """Runs an agent's calls live, recorded or played back; safe between threads.

    Example:
        >>> from client_sdk.harness import Cassette, CassetteEntry
        >>> recorded = Cassette("pay", [CassetteEntry("ping", {}, 200, {"ok": True})])
        >>> harness = AgentTestHarness(None, "test-agent")
        >>> with harness.cassette(recorded):
        ...     harness.assert_field(harness.execute("ping", {}), "ok", True)
        >>> harness.report()["passed"]
        True
    """

    def __init__(  # noqa: PLR0913 - the guide's five, and each addition by its name
        self,
        api_key: str | None = None,
        agent_id: str = "test-qa-agent",
        base_url: str = SANDBOX_URL,
        cassette_dir: str | Path = "tests/cassettes",
        mode: str = Mode.PLAYBACK,
        *,
        client: Executes | None = None,
        transport: Transport | None = None,
        mapping: str = "tool-in-body",
        match_on: Sequence[str] = PARTS,
        order: str = Order.STRICT,
        ignore_paths: Sequence[str] = (),
        compat: str = Compat.STRICT,
        scrub: Scrubber | Unset | None = UNSET,
        allow_unused: bool = False,
        allow_repeats: bool = False,
        overwrite: bool = False,
        max_age: float | timedelta | None = None,
        on_expired: str = OnExpired.WARN,
        timeout: Timeout | float | None = None,
        latency: str = Latency.ZERO,
        latency_scale: float = SCALE,
        contracts: Contracts | None = None,
        budget: BudgetGuard | None = None,
        trusted_hosts: Sequence[str] = (),
        allowed_hosts: Sequence[str] = (),
        track_reads: bool = False,
        clock: Clock | None = None,
    ) -> None:
        """Set up a harness; nothing is read, opened or called yet.

        Args:
            api_key: Sent as a bearer token; None sends none.
            agent_id: Whose calls these are.
            base_url: Where the tools are, with `/v1` or without.
            cassette_dir: The folder of the cassettes.
            mode: A `Mode` or its value.
            client: The live side instead of HTTP: a mock, an MCP client, an injector.
            transport: How HTTP is spoken; excludes `timeout`.
            mapping: Where a tool's name stands: `tool-in-body` or `tool-in-path`.
            match_on: What a call must share with its entry: `("tool", "input")` or `("tool",)`.
            order: `strict` or `any`.
            ignore_paths: Places of the input that do not count: dotted or JSON Pointers, with `*`.
            compat: `guide` plays by order alone, and only notes another tool in `failures`.
            scrub: Takes credentials out of what is saved; None takes out nothing, and what looks
                like a secret then keeps the file from being saved.
            allow_unused: Whether entries may be left over.
            allow_repeats: Whether an entry may answer again.
            overwrite: Whether `record` may replace a recording, as `rewrite` does.
            max_age: Seconds, or a timedelta, that a recording may be old.
            on_expired: `warn`, `error` or `record`.
            timeout: To connect, between reads, and for a whole call; a number is all three.
            latency: Whether playback takes as long as the call did: `zero`, `recorded`, `scaled`.
            latency_scale: The part of it that `scaled` takes.
            contracts: Contracts, their files or folders, or a callable that fetches them; every
                played exchange is checked against them.
            budget: What the tool calls of a run may spend; one too many is stopped before it goes.
            trusted_hosts: Hosts that may be recorded although they look like production.
            allowed_hosts: Hosts that may be reached while a cassette plays.
            track_reads: Whether answers note which of their fields the test reads.
            clock: What the time is, and what waiting means.

        Raises:
            ValueError: a choice is unknown, or two arguments exclude each other.
        """
        super().__init__()
        self.api_key = api_key
        self.agent_id = agent_id
        self.base_url = base_url
        self.cassette_dir = Path(cassette_dir)
        self.mode = choice_from(Mode, mode, "mode")
        self.session = session_with(api_key)
        self.call_count = 0
        self.last_diff: CassetteDiff | None = None
        """What the last recording changed in a file that was there, or None."""
        self.cassettes_used: list[Path] = []
        """The files of the cassettes begun so far."""
        self._clock = clock or SystemClock()
        self._log = ReadLog() if track_reads else None
        self._live = LiveSide.of(
            client, Spoken(transport, timeout, self.session), base_url=base_url, mapping=mapping
        ).within(budget)
        delay = Delay(choice_from(Latency, latency, "latency"), latency_scale, self._clock)
        secrets = secrets_of(api_key)
        matcher = Matcher(match_on, ignore_paths, secrets)
        expired = choice_from(OnExpired, on_expired, "on_expired")
        host = None if client else base_url
        rules = RunRules(
            choice_from(Compat, compat, "compat"),
            allow_unused,
            tuple(allowed_hosts),
            lambda: check_recordable(api_key, host, trusted_hosts),
        )
        starting = Starting(
            self.cassette_dir,
            PlayRules(matcher, choice_from(Order, order, "order"), allow_repeats),
            Expiry(seconds_from(max_age), expired, self._clock),
            {"agent_id": agent_id, "base_url": base_url},
            Scrubber(secrets) if isinstance(scrub, Unset) else scrub,
            secrets,
            overwrite=overwrite,
        )
        self._running = Running(starting, Playing(delay, contracts, self._noted), rules)
        self.session.ask_first(self._may_call)

    @contextmanager
    def cassette(self, name: str | Cassette) -> Iterator[AgentTestHarness]:
        """Run a block with a cassette; when the block fails, nothing is saved.

        Raises:
            CassetteUnused: the block ended well, and not every entry was used.
        """
        self.start_cassette(name)
        try:
            yield self
        except BaseException:
            self.stop_cassette(failed=True)
            raise
        self.stop_cassette()

    def start_cassette(self, name: str | Cassette) -> None:
        """Begin with a cassette: by its name, or one in memory.

        Raises:
            NoCassette: another one is running.
            FileNotFoundError: there is nothing to play; the message names file and remedy.
            FileExistsError: `record` found a recording; `rewrite` replaces it.
            NotRecordable: the key or the host looks like production.
        """
        self._running.start(name, self.mode, len(self.failures))
        if isinstance(name, str):
            self.cassettes_used.append(cassette_file(self.cassette_dir, name))

    def stop_cassette(self, *, failed: bool = False) -> None:
        """End with the cassette: save what was recorded, or make sure that all was used.

        Args:
            failed: The test failed: nothing is saved, and nothing else is complained about.

        Raises:
            CassetteUnused: entries are left over.
            CassetteMismatch: a call was refused, and the agent under test swallowed the exception.
            NotRecordable: something would be saved that still looks like a secret.
        """
        self.last_diff = self._running.stop(failed=failed, failures=len(self.failures))

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call a tool, or play its recorded answer.

        Args:
            tool: The tool's name.
            input_data: A JSON value; Decimal, dates and bytes in it go out as text.

        Returns:
            The answer: a dict of `status_code`, `body`, `headers`, `latency_ms`, and attributes.

        Raises:
            NoCassette: the mode needs a cassette and none is running.
            CassetteMismatch: the call is not the recorded one.
            requests.RequestException: there was no answer, now or when it was recorded.
            ValueError: a number is not finite, or an amount is a float.
        """
        sent = wire_value(input_data)
        name = check_tool_name(tool)
        return self._answered(Call(name, sent, lambda: self._live.call(name, sent, self._clock)))

    def request(
        self, method: str, path: str, *, query: JsonObject | None = None, body: JsonValue = None
    ) -> Result:
        """Send a plain HTTP request, recorded and played like a tool named `METHOD /path`.

        Raises:
            ValueError: the method or path cannot be used, or the live side speaks no HTTP.
            CassetteMismatch: the request is not the recorded one.
        """
        sent = wire_value(query or {}, "query")
        plain = PlainRequest(
            method.upper(), path, sent if isinstance(sent, dict) else {}, wire_value(body, "body")
        )
        return self._answered(
            Call(plain.tool, plain.to_input(), lambda: self._live.send(plain, self._clock))
        )

    def report(self) -> dict[str, Any]:
        """Say how it went; nothing that was called or claimed is no pass."""
        return {
            "total_calls": self.call_count,
            "total_assertions": self.assertion_count,
            "failures": len(self.failures),
            "failure_details": list(self.failures),
            "mode": str(self.mode),
            "passed": not self.failures and self.call_count + self.assertion_count > 0,
        }

    @property
    def reads(self) -> dict[str, FieldReads]:
        """Which fields were read of each tool's answers.

        Raises:
            ValueError: the harness was made without `track_reads=True`.
        """
        if self._log is None:
            raise ValueError("reads are tracked by AgentTestHarness(..., track_reads=True)")
        return self._log.reads()

    def close(self) -> None:
        """Let a running cassette go unsaved, and close the kept connections."""
        self.stop_cassette(failed=True)
        self._live.close()
        self.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End with a cassette that is still running as `stop_cassette` does, then close."""
        try:
            self.stop_cassette(failed=kind is not None)
        finally:
            self.close()

    def _may_call(self) -> bool:
        return self._running.may_call(self.mode)

    def _answered(self, call: Call) -> Result:
        with self._claims:
            self.call_count += 1
        result = self._running.answer(call, self.mode)
        if self._log is not None:
            result["body"] = self._log.view(call.tool, result["body"])
        return result
