"""What is heard of a call: a success, an error, a refusal or nothing to go by, and how long."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeGuard

log = logging.getLogger(__name__)
CLIENT_FAULTS: Final = range(400, 500)
SERVER_FAULT: Final = 500
FIRST_STATUS: Final = 100
LONGEST_MS: Final = 1e12  # some thirty years


class Kind(StrEnum):
    """How a call ended; a refusal (4xx) is the caller's doing until its rate says otherwise."""

    SUCCESS = "success"
    ERROR = "error"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Heard:
    """The end of one call and the milliseconds it took; `timed_out` when nothing came in time."""

    kind: Kind
    latency_ms: float
    timed_out: bool = False


Classifier = Callable[[Any], bool | str]


def heard_answer(result: object, elapsed_ms: float, classifier: Classifier | None = None) -> Heard:
    """Judge an answer; the longer of what it says it took and what was measured counts."""
    kind = kind_of(result) if classifier is None else _classified(classifier, result)
    said = result.get("latency_ms") if isinstance(result, Mapping) else None
    return Heard(kind, max(float(said), elapsed_ms) if _is_duration(said) else elapsed_ms)


def heard_exception(error: BaseException, elapsed_ms: float, *, bound_ms: float) -> Heard:
    """Judge a call that raised: an error of its real duration, a timeout of its bound at least."""
    if not is_timeout(error):
        return Heard(Kind.ERROR, elapsed_ms)
    return Heard(Kind.ERROR, max(elapsed_ms, bound_ms), timed_out=True)


def kind_of(result: object) -> Kind:
    """Judge by the status: 5xx is an error, 4xx a refusal; without a status nothing is known."""
    status = result.get("status_code") if isinstance(result, Mapping) else None
    if isinstance(status, bool) or not isinstance(status, int) or status < FIRST_STATUS:
        return Kind.UNKNOWN
    if status in CLIENT_FAULTS:
        return Kind.REFUSED
    return Kind.ERROR if status >= SERVER_FAULT else Kind.SUCCESS


def is_timeout(error: BaseException) -> bool:
    """Say whether time ran out, in the words of any client library, also deep in the causes."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        if isinstance(current, TimeoutError) or "Timeout" in type(current).__name__:
            return True
        current = current.__cause__ or current.__context__
    return False


def _is_duration(said: object) -> TypeGuard[int | float]:
    """Whether it is a number to reckon with: one that is not would spoil every sum after it."""
    return isinstance(said, int | float) and not isinstance(said, bool) and 0 <= said <= LONGEST_MS


def _classified(classifier: Classifier, result: object) -> Kind:
    """What a classifier cannot say is not known; the caller gets its answer all the same."""
    try:
        said = classifier(result)
        if isinstance(said, str):
            return Kind(said)
    except Exception:
        log.exception("error_classifier failed: the call counts as unknown")
        return Kind.UNKNOWN
    return Kind.ERROR if said else Kind.SUCCESS
