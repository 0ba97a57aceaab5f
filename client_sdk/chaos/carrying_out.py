"""Carries strikes out: each is written down first, then acts, then its event is completed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from client_sdk.chaos.armed import Armed
from client_sdk.chaos.events import ChaosEvent, EventLog
from client_sdk.chaos.faults import AFTER, BEFORE
from client_sdk.chaos.modes import Phase
from client_sdk.chaos.mutators import NotApplicable
from client_sdk.chaos.run import Candidates, Run
from client_sdk.chaos.striking import MILLISECONDS, Call, Strike, result_from
from client_sdk.exchange import Result

Strikes = list[tuple[Armed, Strike]]
Pending = tuple[Armed, Strike, ChaosEvent]


def carry_out(call: Call, strikes: Strikes, run: Run, candidates: Candidates, log: EventLog) -> Any:  # noqa: ANN401 - a client may answer anything
    """Make a struck call and give what arrives of its answer.

    Raises:
        Exception: what a fault raises, or the call itself.
    """
    clock = strikes[0][1].clock
    began = clock.monotonic()
    early = [each for each in strikes if each[1].phase is Phase.BEFORE]
    late = [each for each in strikes if each[1].phase is not Phase.BEFORE]
    for armed, strike in early:
        with _completed(armed, log.begin(_event(strike)), log):
            answer = BEFORE[strike.config.failure_mode](strike)
            if answer is not None:
                return answer
    waited = clock.monotonic() - began
    pending = [(armed, strike, log.begin(_event(strike))) for armed, strike in late]
    try:
        result = run.send(call, candidates)
    except BaseException as error:
        _give_up(pending, f"the call itself failed: {error}", log)
        raise
    began = clock.monotonic()
    result = _struck(result, pending, log)
    return _later(result, waited + clock.monotonic() - began)


def _struck(result: Any, pending: Sequence[Pending], log: EventLog) -> Any:  # noqa: ANN401 - a client may answer anything
    """Let one fault after the other act on an answer; one that raises ends the call."""
    for place, (armed, strike, event) in enumerate(pending, 1):
        try:
            with _completed(armed, event, log):
                result = AFTER[strike.config.failure_mode](strike, result_from(result))
        except BaseException:
            _give_up(pending[place:], "an earlier fault ended the call", log)
            raise
    return result


@contextmanager
def _completed(armed: Armed, event: ChaosEvent, log: EventLog) -> Iterator[None]:
    """Complete an event, which was written before, whatever its fault does."""
    reason: str | None = "it was interrupted"
    try:
        yield
        reason = None
    except NotApplicable as why:
        armed.give_back()
        reason = str(why)
    except Exception:
        reason = None  # what was raised is the fault
        raise
    finally:
        log.complete(event, reason)


def _event(strike: Strike) -> ChaosEvent:
    return ChaosEvent(
        timestamp=strike.clock.time(),
        tool=strike.call.tool,
        failure_mode=strike.config.failure_mode.value,
        phase=str(strike.phase),
        config_id=strike.config_id,
        call_number=strike.call.number,
    )


def _give_up(pending: Sequence[Pending], reason: str, log: EventLog) -> None:
    for armed, _, event in pending:
        armed.give_back()
        log.complete(event, reason)


def _later(result: Any, seconds: float) -> Any:  # noqa: ANN401 - a client may answer anything
    """Give the answer with the time that the strikes took in its latency."""
    if not isinstance(result, Result) or seconds <= 0:
        return result
    latency = result.latency_ms + seconds * MILLISECONDS
    return Result(result.status_code, result.body, result.headers, latency, fault=result.fault)
