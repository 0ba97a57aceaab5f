"""The kinds of failure, and when in a call each one strikes."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class FailureMode(StrEnum):
    """What goes wrong with a call."""

    LATENCY = "latency"
    TIMEOUT = "timeout"
    PARTIAL_RESPONSE = "partial_response"
    WRONG_STATUS = "wrong_status"
    CORRUPT_BODY = "corrupt_body"
    SCHEMA_DRIFT = "schema_drift"
    CONNECTION_RESET = "connection_reset"
    DUPLICATE_RESPONSE = "duplicate_response"
    BANDWIDTH = "bandwidth"
    SLOW_BODY = "slow_body"
    TRUNCATE = "truncate"
    MALFORMED = "malformed"
    RATE_LIMIT = "rate_limit"
    PARTITION = "partition"
    REORDER = "reorder"
    LOST_RESPONSE = "lost_response"
    LOST_REQUEST = "lost_request"
    STALE = "stale"
    DUPLICATE_REQUEST = "duplicate_request"


class Phase(StrEnum):
    """When a fault strikes: before the call is made, after it took effect, or each in turn.

    With `BOTH` the calls of a tool with an odd number are struck before, those with an even one
    after: a call and its repetition are a pair of a lost request and a lost answer.
    """

    BEFORE = "before"
    AFTER = "after"
    BOTH = "both"


class WireFault(StrEnum):
    """How a broken wire looks to a client; each is a row of the table that `raising` holds."""

    REFUSED = "refused"
    RESET_ON_ACCEPT = "reset-on-accept"
    RESET_BEFORE_ANSWER = "reset-before-answer"
    CLOSED = "closed"
    GARBAGE = "garbage"
    SHORT_BODY = "short-body"
    RESET_IN_BODY = "reset-in-body"
    BAD_CHUNK = "bad-chunk"
    NO_ANSWER = "no-answer"
    STALL = "stall"
    SLOW_DRIP = "slow-drip"
    TRUNCATED_JSON = "truncated-json"


# The phases a mode may have, its default first. What changes an answer needs one to change.
_EITHER_LATE: Final = (Phase.AFTER, Phase.BEFORE, Phase.BOTH)
_EITHER_EARLY: Final = (Phase.BEFORE, Phase.AFTER, Phase.BOTH)
PHASES: Final[dict[FailureMode, tuple[Phase, ...]]] = {
    FailureMode.LATENCY: _EITHER_EARLY,
    FailureMode.TIMEOUT: _EITHER_LATE,
    FailureMode.PARTIAL_RESPONSE: (Phase.AFTER,),
    FailureMode.WRONG_STATUS: _EITHER_LATE,
    FailureMode.CORRUPT_BODY: (Phase.AFTER,),
    FailureMode.SCHEMA_DRIFT: (Phase.AFTER,),
    FailureMode.CONNECTION_RESET: _EITHER_LATE,
    FailureMode.DUPLICATE_RESPONSE: (Phase.AFTER,),
    FailureMode.BANDWIDTH: (Phase.AFTER,),
    FailureMode.SLOW_BODY: (Phase.AFTER,),
    FailureMode.TRUNCATE: (Phase.AFTER,),
    FailureMode.MALFORMED: _EITHER_LATE,
    FailureMode.RATE_LIMIT: _EITHER_EARLY,
    FailureMode.PARTITION: _EITHER_EARLY,
    FailureMode.REORDER: (Phase.BEFORE,),
    FailureMode.LOST_RESPONSE: (Phase.AFTER,),
    FailureMode.LOST_REQUEST: (Phase.BEFORE,),
    FailureMode.STALE: (Phase.AFTER,),
    FailureMode.DUPLICATE_REQUEST: (Phase.AFTER,),
}

# The wire faults a mode can look like, its default first; a mode that is not here raises nothing.
_LOST: Final = (WireFault.NO_ANSWER, WireFault.RESET_BEFORE_ANSWER, WireFault.CLOSED)
WIRE_FAULTS: Final[dict[FailureMode, tuple[WireFault, ...]]] = {
    FailureMode.TIMEOUT: (WireFault.NO_ANSWER, WireFault.STALL),
    FailureMode.CONNECTION_RESET: (
        WireFault.RESET_BEFORE_ANSWER,
        WireFault.RESET_ON_ACCEPT,
        WireFault.RESET_IN_BODY,
        WireFault.REFUSED,
        WireFault.CLOSED,
    ),
    FailureMode.SLOW_BODY: (WireFault.SLOW_DRIP, WireFault.STALL),
    FailureMode.TRUNCATE: (WireFault.TRUNCATED_JSON, WireFault.SHORT_BODY),
    FailureMode.MALFORMED: (WireFault.GARBAGE, WireFault.BAD_CHUNK),
    FailureMode.PARTITION: (WireFault.REFUSED, WireFault.NO_ANSWER),
    FailureMode.REORDER: (WireFault.NO_ANSWER,),
    FailureMode.LOST_RESPONSE: _LOST,
    FailureMode.LOST_REQUEST: _LOST,
}
