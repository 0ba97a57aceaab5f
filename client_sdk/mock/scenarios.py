"""Scenarios: answers that depend on where an entity stands, each entity on its own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from client_sdk.contract import pointer as pointers
from client_sdk.contract.document import equality_key
from client_sdk.contract.values import JsonValue
from client_sdk.mock.answers import MockResponse, ToolRefused
from client_sdk.mock.matching import Condition, fits

STARTED: Final = "started"
INPUT: Final = "input"


@dataclass(frozen=True, slots=True)
class Step:
    """What a tool answers in a state, and the state after it.

    Without an answer the mock's next layer gives it; without `then` the state stays.
    """

    tool: str
    in_state: str
    answer: MockResponse | None
    then: str | None
    when: Condition | None


class Scenario:
    """Steps that entities go through one by one; `key` says where an input names its entity.

    Example:
        >>> parcel = Scenario("parcel", key="input.order_id")
        >>> parcel = parcel.on("track", MockResponse(body={"at": "depot"}), then="moving")
        >>> parcel.state_of("order-1")
        'started'
    """

    def __init__(self, name: str, key: str = "input.escrow_id") -> None:
        self.name = name
        self._path = _path_of(key)
        self._steps: list[Step] = []
        self._states: dict[str, str] = {}

    def on(
        self,
        tool: str,
        answer: MockResponse | None = None,
        *,
        in_state: str = STARTED,
        then: str | None = None,
        when: Condition | None = None,
    ) -> Scenario:
        """Add a step; the first one that fits the state and the input is taken."""
        self._steps.append(Step(tool, in_state, answer, then, when))
        return self

    def state_of(self, entity: JsonValue) -> str:
        """Say where an entity stands; one that was never seen is `started`."""
        return self._states.get(equality_key(entity), STARTED)

    def answer(self, tool: str, input_data: JsonValue) -> MockResponse | None:
        """Take the step that fits, and give its answer if it has one.

        Raises:
            ToolRefused: 400, the scenario has steps for the tool and the input names no entity.
        """
        steps = [step for step in self._steps if step.tool == tool]
        if not steps:
            return None
        entity = equality_key(self._entity(input_data))
        state = self._states.get(entity, STARTED)
        for step in steps:
            if step.in_state == state and fits(step.when, input_data):
                if step.then is not None:
                    self._states[entity] = step.then
                return step.answer
        return None

    @property
    def tools(self) -> frozenset[str]:
        """The tools that have a step."""
        return frozenset(step.tool for step in self._steps)

    def states(self) -> Mapping[str, str]:
        """Give the state of every entity seen, to put back later."""
        return dict(self._states)

    def put_back(self, states: Mapping[str, str]) -> None:
        """Let every entity stand where it stood; none given means all start anew."""
        self._states = dict(states)

    def _entity(self, input_data: JsonValue) -> JsonValue:
        try:
            return pointers.resolve(input_data, self._path)
        except KeyError:
            detail = f"The scenario {self.name!r} finds no entity at {self._path} of the input."
            raise ToolRefused(400, "scenario-key-missing", detail) from None


def _path_of(key: str) -> str:
    """Read `input.member.member` or a JSON Pointer into the input."""
    if key.startswith("/"):
        return key
    first, *rest = key.split(".")
    if first != INPUT or not rest or not all(rest):
        raise ValueError(f"key is input.MEMBER or a JSON Pointer into the input, not {key!r}")
    path = ""
    for name in rest:
        path = pointers.join(path, name)
    return path
