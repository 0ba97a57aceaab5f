"""What a test tells its mock to do: queued errors, set responses, handlers, limits and silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from client_sdk.contract.values import JsonValue
from client_sdk.mock.answers import MockResponse
from client_sdk.mock.limits import RateLimits
from client_sdk.mock.matching import Condition, fits
from client_sdk.mock.scenarios import Scenario

Handler: TypeAlias = "Callable[[JsonValue], MockResponse | JsonValue]"


@dataclass(frozen=True, slots=True)
class QueuedError:
    """An answer for the next `left` calls of `tool`, or of any tool when that is None."""

    answer: MockResponse
    tool: str | None
    left: int


@dataclass(frozen=True, slots=True)
class SetResponse:
    """An answer set by a test; `left` None means it never runs out."""

    answer: MockResponse
    when: Condition | None
    left: int | None
    priority: int


@dataclass
class Programme:
    """Everything a test has set up, layer by layer; not safe between threads by itself."""

    errors: list[QueuedError] = field(default_factory=list)
    responses: dict[str, list[SetResponse]] = field(default_factory=dict)
    handlers: dict[str, Handler] = field(default_factory=dict)
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    limits: RateLimits = field(default_factory=RateLimits)
    silences: dict[str, float] = field(default_factory=dict)

    def next_error(self, tool: str) -> MockResponse | None:
        """Take the first queued error that is for this tool or for any."""
        for index, queued in enumerate(self.errors):
            if queued.tool not in {None, tool}:
                continue
            if queued.left > 1:
                self.errors[index] = replace(queued, left=queued.left - 1)
            else:
                del self.errors[index]
            return queued.answer
        return None

    def add_response(self, tool: str, response: SetResponse) -> None:
        """Keep a response in order: the highest priority first, of equal ones the newest."""
        kept = self.responses.setdefault(tool, [])
        place = next(
            (at for at, each in enumerate(kept) if each.priority <= response.priority), len(kept)
        )
        kept.insert(place, response)

    def set_response(self, tool: str, input_data: JsonValue) -> MockResponse | None:
        """Take the first set response whose condition the input meets."""
        kept = self.responses.get(tool)
        for index, response in enumerate(kept or ()):
            if kept is None or not fits(response.when, input_data):
                continue
            if response.left is not None:
                _use_up(kept, index, response.left)
            return response.answer
        return None

    def scenario_answer(self, tool: str, input_data: JsonValue) -> MockResponse | None:
        """Let every scenario take its step, and give the first answer one of them has."""
        answers = [each.answer(tool, input_data) for each in self.scenarios.values()]
        return next((answer for answer in answers if answer is not None), None)

    def tools(self) -> Iterator[str]:
        """Name the tools that have an answer of their own."""
        yield from self.responses
        yield from self.handlers
        for scenario in self.scenarios.values():
            yield from scenario.tools

    def copied(self) -> Programme:
        """Give a programme that goes on by itself; its scenarios are the same objects."""
        return Programme(
            errors=list(self.errors),
            responses={tool: list(kept) for tool, kept in self.responses.items()},
            handlers=dict(self.handlers),
            scenarios=dict(self.scenarios),
            limits=self.limits.copied(),
            silences=dict(self.silences),
        )


def _use_up(kept: list[SetResponse], index: int, left: int) -> None:
    if left > 1:
        kept[index] = replace(kept[index], left=left - 1)
    else:
        del kept[index]
