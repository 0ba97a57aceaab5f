"""One strike: the call, the configuration that strikes it, and what it may reach for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from client_sdk.chaos.config import ChaosConfig
from client_sdk.chaos.decisions import Draws
from client_sdk.chaos.drift import DriftOperator
from client_sdk.chaos.modes import Phase, WireFault
from client_sdk.chaos.mutators import NotApplicable
from client_sdk.chaos.raising import exception_for
from client_sdk.chaos.sameness import copied
from client_sdk.clock import Clock
from client_sdk.contract.model import ToolContract
from client_sdk.contract.values import JsonValue
from client_sdk.exchange import Executes, Result

Deliver = Callable[[str, Result], object]
MILLISECONDS: Final = 1000
_WAITING: Final = frozenset({WireFault.NO_ANSWER, WireFault.STALL})


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool, and how to make it (again)."""

    tool: str
    input: JsonValue
    number: int
    client: Executes

    def send(self) -> Any:  # noqa: ANN401 - as the client answers
        """Make the call, or make it again."""
        return self.client.execute(self.tool, self.input)

    def kept(self) -> Call:
        """Give the call for later: what its caller does to the input meanwhile changes nothing."""
        return replace(self, input=copied(self.input))


@dataclass(frozen=True, slots=True)
class Strike:
    """A decided fault: everything a fault needs to do its work."""

    config: ChaosConfig
    config_id: str
    call: Call
    phase: Phase
    draws: Draws
    clock: Clock
    tool_contract: ToolContract | None
    listeners: tuple[Deliver, ...]
    hold: Callable[[Call], None]
    earlier: Callable[[], Result | None]
    drifts: Callable[[], Sequence[DriftOperator]]

    def wait(self, milliseconds: float, purpose: str = "wait") -> None:
        """Let time pass on the clock, with the jitter of the configuration."""
        jitter = self.config.jitter_ms * self.draws.share(purpose) if self.config.jitter_ms else 0.0
        if milliseconds + jitter > 0:
            self.clock.sleep((milliseconds + jitter) / MILLISECONDS)

    def break_wire(self) -> None:
        """Wait as long as the caller would, then raise what its library raises.

        Raises:
            Exception: of the class that `raise_as` and `wire` name; none for a slow drip.
        """
        fault = WireFault(str(self.config.wire))
        if fault in _WAITING:
            self.wait(self.config.timeout_ms)
        if fault is WireFault.SLOW_DRIP:
            self.wait(self.config.latency_ms)
        error = exception_for(fault, self.config.raise_as, self._sentence(fault))
        if error is not None:
            raise error

    def _sentence(self, fault: WireFault) -> str:
        done = "was not made" if self.phase is Phase.BEFORE else "took effect"
        return (
            f"chaos: {self.config.failure_mode} ({fault}) on {self.call.tool!r}, call "
            f"{self.call.number}, seed {self.draws.seed}; the call {done}"
        )


def result_from(answer: object) -> Result:
    """Give what a client answered as a result.

    Raises:
        NotApplicable: the client answers in another form than the kit's.
    """
    if isinstance(answer, Result):
        return answer
    if not isinstance(answer, Mapping) or "status_code" not in answer:
        raise NotApplicable("the client's answer is no dict with a status_code")
    return Result(
        answer["status_code"],
        answer.get("body"),
        answer.get("headers") or {},
        answer.get("latency_ms") or 0.0,
    )


def with_body(result: Result, body: Any) -> Result:  # noqa: ANN401 - a client may answer anything
    """Give a result with another body; everything else stays."""
    return Result(result.status_code, body, result.headers, result.latency_ms, fault=result.fault)
