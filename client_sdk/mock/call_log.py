"""Every call that a mock was asked for, the refused ones too, and what tests say about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from client_sdk.contract.document import dumps
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.mock.matching import Condition, copied, fits

LONGEST_LOG: Final = 200_000  # calls; a longer one would fill the memory of a served mock
SHOWN_CALLS: Final = 5
SHOWN_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One call; `status_code` is None when nothing was answered.

    `answered_by` says which layer of the mock spoke, `rejected` why the call was turned away
    before it could reach a tool.
    """

    tool: str
    input: JsonValue
    timestamp: float
    status_code: int | None
    answered_by: str
    rejected: str | None = None

    def to_json(self) -> JsonObject:
        """Give the call as an entry of `get_call_log`."""
        return {
            "tool": self.tool,
            "input": copied(self.input),
            "timestamp": self.timestamp,
            "status_code": self.status_code,
            "answered_by": self.answered_by,
            "rejected": self.rejected,
        }


class CallLog:
    """The calls in the order in which they came; not safe between threads by itself."""

    def __init__(self, calls: Iterable[LoggedCall] = (), *, left_out: int = 0) -> None:
        self._calls = list(calls)
        self._left_out = left_out

    def add(self, call: LoggedCall) -> None:
        """Write a call down; beyond `LONGEST_LOG` it is only counted."""
        if len(self._calls) < LONGEST_LOG:
            self._calls.append(call)
        else:
            self._left_out += 1

    def calls(self, tool: str | None = None) -> list[LoggedCall]:
        """Give the calls, of one tool if asked, oldest first."""
        return [call for call in self._calls if tool is None or call.tool == tool]

    def copied(self) -> CallLog:
        """Give a log that goes on by itself."""
        return CallLog(self._calls, left_out=self._left_out)

    def assert_called(
        self,
        tool: str,
        times: int | None,
        *,
        at_least: int | None,
        at_most: int | None,
        with_input: Condition | None,
    ) -> None:
        """Fail unless the tool was called that often; at least once when nothing else is said.

        Raises:
            AssertionError: it was called more or less often, or calls are missing in the log.
        """
        if self._left_out:
            raise AssertionError(f"the log left out {self._left_out} calls; reset() starts anew")
        made = self.calls(tool)
        count = sum(fits(with_input, call.input) for call in made)
        if times is None and at_least is None and at_most is None:
            at_least = 1
        wanted = _unmet(count, times, at_least, at_most)
        if wanted:
            suffix = "" if with_input is None else " with that input"
            raise AssertionError(
                f"{tool} should have been called {wanted}{suffix}, was called {count} times"
                + _shown(made)
            )


def _unmet(count: int, times: int | None, at_least: int | None, at_most: int | None) -> str:
    """Say how often was wanted, or nothing when that was met."""
    if times is not None and count != times:
        return f"{times} times"
    if at_least is not None and count < at_least:
        return f"at least {at_least} times"
    if at_most is not None and count > at_most:
        return f"at most {at_most} times"
    return ""


def _shown(calls: list[LoggedCall]) -> str:
    if not calls:
        return ""
    lines = [f"\n  {_text(call.input)} → {call.status_code}" for call in calls[:SHOWN_CALLS]]
    more = len(calls) - SHOWN_CALLS
    return ":" + "".join(lines) + (f"\n  … and {more} more" if more > 0 else "")


def _text(value: JsonValue) -> str:
    try:
        text = dumps(value)
    except (TypeError, ValueError):  # a caller in this process may send what is no JSON
        text = repr(value)
    return text if len(text) <= SHOWN_TEXT else text[:SHOWN_TEXT] + "…"
