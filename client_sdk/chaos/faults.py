"""What each failure mode does to a call: one small function per mode and phase.

Before the call a fault raises, answers in its place, or lets it go on (None). After it, a fault
raises, or gives the answer that arrives. One that changes nothing is not applicable, and says why.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from client_sdk.chaos.drift import drifted_body
from client_sdk.chaos.drift_places import as_pointer
from client_sdk.chaos.modes import FailureMode
from client_sdk.chaos.mutators import NotApplicable, changed_value, replaced, sampled_value
from client_sdk.chaos.sameness import copied, is_same, size_of
from client_sdk.chaos.striking import MILLISECONDS, Strike, with_body
from client_sdk.contract.pointer import resolve, tokens_of
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import Result

PROBLEM: Final = {"content-type": "application/problem+json"}
TOO_MANY: Final = 429

Before = Callable[[Strike], Result | None]
After = Callable[[Strike, Result], Result]


def wait(strike: Strike) -> None:
    """Let the call go on, later."""
    strike.wait(strike.config.latency_ms)


def break_wire(strike: Strike) -> None:
    """Let no call through."""
    strike.break_wire()


def hold_back(strike: Strike) -> None:
    """Let the request arrive after the next one; its caller hears nothing."""
    strike.hold(strike.call)
    strike.break_wire()


def refuse(strike: Strike) -> Result:
    """Answer with one of the statuses; the call is not made."""
    return _problem(strike, strike.draws.pick("status", strike.config.statuses))


def limit_rate(strike: Strike) -> Result:
    """Answer 429; the call is not made."""
    return _problem(strike, TOO_MANY)


def wait_with_answer(strike: Strike, result: Result) -> Result:
    """Give the answer, later."""
    strike.wait(strike.config.latency_ms)
    return result


def lose_answer(strike: Strike, result: Result) -> Result:
    """Let the call take effect and its answer be lost; a slow drip arrives after all."""
    strike.break_wire()
    return result


def spoil_status(strike: Strike, result: Result) -> Result:
    """Answer with another status than the call had, though it took effect."""
    others = [each for each in strike.config.statuses if each != result.status_code]
    if not others:
        raise NotApplicable(f"the answer has status {result.status_code} already")
    return _problem(strike, strike.draws.pick("status", others))


def limit_rate_late(strike: Strike, result: Result) -> Result:
    """Answer 429, though the call took effect."""
    if result.status_code == TOO_MANY:
        raise NotApplicable("the answer has status 429 already")
    return _problem(strike, TOO_MANY)


def drop_half(strike: Strike, result: Result) -> Result:
    """Leave out half of the members, items, characters or bytes, at least one."""
    body = result.body
    if not isinstance(body, dict | list | str | bytes) or not body:
        raise NotApplicable("the body has no parts that could be missing")
    if isinstance(body, str | bytes):
        return with_body(result, body[: len(body) // 2])
    dropped = _half_of(strike, len(body))
    if isinstance(body, list):
        return with_body(result, [item for at, item in enumerate(body) if at not in dropped])
    kept = {name: value for at, (name, value) in enumerate(body.items()) if at not in dropped}
    return with_body(result, kept)


def corrupt(strike: Strike, result: Result) -> Result:
    """Change the named fields to other values of their types."""
    if not strike.config.corrupt_fields:
        raise NotApplicable("corrupt_fields is empty: name the fields to corrupt")
    body, reasons = result.body, []
    for name in strike.config.corrupt_fields:
        pointer = as_pointer(name)
        try:
            new = _corrupted(strike, result, body, pointer)
        except KeyError:
            reasons.append(f"{name} is not in the body")
        except NotApplicable as reason:
            reasons.append(f"{name}: {reason}")
        else:
            body = replaced(body, tokens_of(pointer), new)
    if is_same(body, result.body):
        raise NotApplicable("; ".join(reasons))
    return with_body(result, body)


def drift(strike: Strike, result: Result) -> Result:
    """Answer as another version would: by the contract's schema, or by `drift_schema`."""
    if strike.tool_contract is not None and not strike.config.drift_schema:
        return with_body(result, drifted_body(strike.drifts(), result, strike.draws))
    body = result.body
    if not isinstance(body, dict):
        raise NotApplicable("the body is no object")
    renamed = {("state" if name == "status" else name): value for name, value in body.items()}
    new = {**renamed, **copied(strike.config.drift_schema)}
    if is_same(new, body):
        raise NotApplicable("drift_schema adds nothing, and the body has no `status`")
    return with_body(result, new)


def slow_down(strike: Strike, result: Result) -> Result:
    """Give the answer as late as its bytes take at the configured speed."""
    strike.wait(size_of(result.body) / strike.config.bytes_per_s * MILLISECONDS)
    return result


def go_stale(strike: Strike, result: Result) -> Result:
    """Give the answer that the same call had before."""
    earlier = strike.earlier()
    if earlier is None:
        raise NotApplicable("the same call was not answered before")
    if is_same(earlier.body, result.body) and earlier.status_code == result.status_code:
        raise NotApplicable("the answer is the same as before")
    return earlier


def deliver_again(strike: Strike, result: Result) -> Result:
    """Deliver the answer more than once to whoever listens."""
    if not strike.listeners:
        raise NotApplicable("nobody listens: register a callback with deliver_to()")
    for _ in range(strike.config.duplicates):
        strike.wait(strike.config.gap_ms, "gap")
        for deliver in strike.listeners:
            deliver(strike.call.tool, copied(result))
    return result


def send_again(strike: Strike, result: Result) -> Result:
    """Send the request more than once; the caller sees the first answer."""
    for _ in range(strike.config.duplicates):
        strike.wait(strike.config.gap_ms, "gap")
        with suppress(Exception):  # nobody hears how the duplicate ended
            strike.call.send()
    return result


def _problem(strike: Strike, status: int) -> Result:
    """A problem body (RFC 9457), and `Retry-After` where the status has one."""
    try:
        title = HTTPStatus(status).phrase
    except ValueError:
        title = "Injected"
    body: JsonObject = {"type": "about:blank", "title": title, "status": status}
    headers = dict(PROBLEM)
    if status in {TOO_MANY, HTTPStatus.SERVICE_UNAVAILABLE}:
        headers["retry-after"] = f"{strike.config.retry_after_s:.0f}"
        body["retry_after"] = int(strike.config.retry_after_s)
    body["detail"] = f"chaos: {strike.config.failure_mode} on {json.dumps(strike.call.tool)}"
    return Result(status, body, headers)


def _half_of(strike: Strike, size: int) -> frozenset[int]:
    order = sorted(range(size), key=lambda at: strike.draws.share(f"drop {at}"))
    return frozenset(order[: max(1, size // 2)])


def _corrupted(strike: Strike, result: Result, body: JsonValue, pointer: str) -> JsonValue:
    before = resolve(body, pointer)
    if strike.tool_contract is not None:
        try:
            return sampled_value(
                strike.tool_contract, result.status_code, body, pointer, strike.draws
            )
        except NotApplicable:
            pass  # outside the contract there is another value for every type but null
    return changed_value(before, strike.draws)


BEFORE: Final[dict[FailureMode, Before]] = {
    FailureMode.LATENCY: wait,
    FailureMode.TIMEOUT: break_wire,
    FailureMode.CONNECTION_RESET: break_wire,
    FailureMode.MALFORMED: break_wire,
    FailureMode.PARTITION: break_wire,
    FailureMode.LOST_REQUEST: break_wire,
    FailureMode.REORDER: hold_back,
    FailureMode.WRONG_STATUS: refuse,
    FailureMode.RATE_LIMIT: limit_rate,
}
AFTER: Final[dict[FailureMode, After]] = {
    FailureMode.LATENCY: wait_with_answer,
    FailureMode.TIMEOUT: lose_answer,
    FailureMode.CONNECTION_RESET: lose_answer,
    FailureMode.MALFORMED: lose_answer,
    FailureMode.PARTITION: lose_answer,
    FailureMode.LOST_RESPONSE: lose_answer,
    FailureMode.TRUNCATE: lose_answer,
    FailureMode.SLOW_BODY: lose_answer,
    FailureMode.WRONG_STATUS: spoil_status,
    FailureMode.RATE_LIMIT: limit_rate_late,
    FailureMode.PARTIAL_RESPONSE: drop_half,
    FailureMode.CORRUPT_BODY: corrupt,
    FailureMode.SCHEMA_DRIFT: drift,
    FailureMode.BANDWIDTH: slow_down,
    FailureMode.STALE: go_stale,
    FailureMode.DUPLICATE_RESPONSE: deliver_again,
    FailureMode.DUPLICATE_REQUEST: send_again,
}
