"""Carries strikes out: each is written down first, then acts, then its event is completed."""

from __future__ import annotations

from collections.abc import Iterator
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
        with _recorded(armed, strike, log):
            answer = BEFORE[strike.config.failure_mode](strike)
            if answer is not None:
                return answer
    waited = clock.monotonic() - began
    try:
        result = run.send(call, candidates)
    except Exception as error:
        _give_up(late, error, log)
        raise
    began = clock.monotonic()
    for armed, strike in late:
        with _recorded(armed, strike, log):
            result = AFTER[strike.config.failure_mode](strike, result_from(result))
    return _later(result, waited + clock.monotonic() - began)


@contextmanager
def _recorded(armed: Armed, strike: Strike, log: EventLog) -> Iterator[None]:
    """Write the event before the fault acts, and complete it whatever happens."""
    event = log.begin(_event(strike))
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


def _give_up(late: Strikes, error: Exception, log: EventLog) -> None:
    for armed, strike in late:
        armed.give_back()
        log.complete(log.begin(_event(strike)), f"the call itself failed: {error}")


def _later(result: Any, seconds: float) -> Any:  # noqa: ANN401 - a client may answer anything
    """Give the answer with the time that the strikes took in its latency."""
    if not isinstance(result, Result) or seconds <= 0:
        return result
    latency = result.latency_ms + seconds * MILLISECONDS
    return Result(result.status_code, result.body, result.headers, latency, fault=result.fault)
