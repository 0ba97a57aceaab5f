"""The half of a mock that tests programme: responses, errors, handlers, limits and silence."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from inspect import iscoroutinefunction
from typing import Final, TypeVar

from client_sdk.clock import Clock, SystemClock
from client_sdk.contract.spelling import near_miss
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.mock.answers import (
    JSON,
    PROBLEM,
    MockResponse,
    check_delay,
    check_status,
    phrase_of,
)
from client_sdk.mock.limits import new_bucket
from client_sdk.mock.matching import Condition, copied
from client_sdk.mock.programme import Handler, Programme, QueuedError, SetResponse
from client_sdk.mock.scenarios import Scenario

LONGEST_SHOWN: Final = 128  # letters of a name that nobody knows

_Handler = TypeVar("_Handler", bound=Handler)


class Programmable:
    """Keeps what a test sets up; who answers with it is the class below."""

    def __init__(self, *, clock: Clock | None = None, strict: bool = True) -> None:
        self.clock = clock or SystemClock()
        self.strict = strict
        self._lock = threading.RLock()
        self._programme = Programme()

    def tools(self) -> list[str]:
        """Name every tool that the mock can answer."""
        with self._lock:
            return sorted({*self._programme.tools(), *self._simulated_tools()})

    def set_response(
        self,
        tool: str,
        response: MockResponse,
        *,
        when: Condition | None = None,
        times: int | None = None,
        priority: int = 0,
    ) -> None:
        """Answer a tool with this response, whatever the mock would do by itself.

        Args:
            tool: the tool's name.
            response: the answer; a copy is kept.
            when: members that the input must have, or a test of the input.
            times: how often it is given; afterwards the next layer answers.
            priority: the highest that fits is taken, of equal ones the newest.

        Raises:
            TypeError: the response is no MockResponse.
            ValueError: `times` is below one, no HTTP status, or a negative delay.
        """
        kept = SetResponse(_own(response), when, _count("times", times), priority)
        with self._lock:
            self._programme.add_response(tool, kept)

    def inject_error(  # noqa: PLR0913 - one door; all but the status are optional
        self,
        status_code: int,
        body: JsonValue = None,
        *,
        tool: str | None = None,
        times: int = 1,
        headers: Mapping[str, str] | None = None,
        delay_ms: float = 0,
    ) -> None:
        """Queue an error for the next `times` calls, of any tool or of one.

        Raises:
            ValueError: no HTTP status, `times` below one, a negative delay, or an unknown tool.
        """
        self._check_known([] if tool is None else [tool])
        check_status(status_code)
        check_delay("delay_ms", delay_ms)
        kind = PROBLEM if body is None else JSON
        answer = MockResponse(
            status_code,
            _plain_problem(status_code) if body is None else copied(body),
            _with_default(headers or {}, kind),
            delay_ms,
        )
        with self._lock:
            self._programme.errors.append(QueuedError(answer, tool, _count("times", times) or 1))

    def inject_errors(self, count: int, status_code: int, *, tool: str | None = None) -> None:
        """Queue the same error for the next `count` calls."""
        self.inject_error(status_code, tool=tool, times=count)

    def handler(self, tool: str) -> Callable[[_Handler], _Handler]:
        """Let a function answer a tool: it gets the input and gives a MockResponse or a body.

        Example:
            >>> from client_sdk.mock import ToolMock
            >>> mock = ToolMock()
            >>> @mock.handler("double")
            ... def double(input_data):
            ...     return {"twice": input_data["n"] * 2}
            >>> mock.execute("double", {"n": 4}).body
            {'twice': 8}
        """

        def register(function: _Handler) -> _Handler:
            if iscoroutinefunction(function):
                raise TypeError(f"the handler of {tool!r} is async: give a plain function")
            with self._lock:
                self._programme.handlers[tool] = function
            return function

        return register

    def scenario(self, name: str, key: str = "input.escrow_id") -> Scenario:
        """Give the scenario of that name, made now if it is new; add its steps with `on`.

        Raises:
            ValueError: `key` is neither `input.MEMBER` nor a JSON Pointer.
        """
        with self._lock:
            return self._programme.scenarios.setdefault(name, Scenario(name, key))

    def rate_limit(self, burst: int, per_seconds: float, tools: Iterable[str] = ()) -> None:
        """Let `burst` calls through at once and as many again in the course of `per_seconds`.

        A call beyond that gets 429 with `retry_after`. Without `tools` all of them share it.

        Raises:
            ValueError: a number is not above zero, or a tool is unknown.
        """
        chosen = self._check_known(tools)
        bucket = new_bucket(burst, per_seconds, chosen, self.clock.monotonic())
        with self._lock:
            self._programme.limits.add(bucket)

    def no_answer(self, tools: Iterable[str], after_ms: float) -> None:
        """Never answer these tools: over HTTP the connection is held and then closed.

        In this process `NoAnswer` is raised once `after_ms` have passed on the mock's clock.

        Raises:
            ValueError: a tool is unknown, or `after_ms` is negative.
        """
        check_delay("after_ms", after_ms)
        with self._lock:
            self._programme.silences |= dict.fromkeys(self._check_known(tools), after_ms)

    def _simulated_tools(self) -> Iterable[str]:
        """Name what the mock answers without being told to."""
        return ()

    def _check_known(self, tools: Iterable[str]) -> list[str]:
        """Give the names back; a strict mock that has tools refuses one that is none of them."""
        names = [tools] if isinstance(tools, str) else list(tools)
        known = self.tools()
        for name in names if self.strict and known else ():
            if name not in known:
                raise ValueError(unknown_tool(name, known))
        return names


def unknown_tool(tool: str, known: Iterable[str]) -> str:
    """Say that there is no such tool, and which was probably meant."""
    names = sorted(known)
    asked = str(tool)[:LONGEST_SHOWN]
    near = near_miss(asked, names)
    hint = f"did you mean {near!r}?" if near else f"there are {', '.join(names) or 'none'}"
    return f"the mock knows no tool {asked!r}: {hint}"


def _own(response: MockResponse) -> MockResponse:
    """Copy a response, so that nobody changes the mock by changing theirs."""
    if not isinstance(response, MockResponse):
        raise TypeError(f"response is a MockResponse, not {type(response).__name__}")
    check_delay("delay_ms", response.delay_ms)
    return MockResponse(
        check_status(response.status_code),
        copied(response.body),
        dict(response.headers),
        response.delay_ms,
    )


def _with_default(headers: Mapping[str, str], content_type: str) -> dict[str, str]:
    is_given = any(name.lower() == "content-type" for name in headers)
    return dict(headers) if is_given else {"content-type": content_type, **headers}


def _count(name: str, times: int | None) -> int | None:
    if times is None:
        return None
    if type(times) is not int or times < 1:
        raise ValueError(f"{name} is a whole number above zero, not {times!r}")
    return times


def _plain_problem(status: int) -> JsonObject:
    return {"type": "about:blank", "title": phrase_of(status), "status": status}
