"""What a contract or an offer allows a mock to answer, tool by tool, and answers made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, TypeAlias

from client_sdk.contract.document import canonical_json, json_equal
from client_sdk.contract.errors import ContractError, Severity
from client_sdk.contract.model import ABSENT, Contract, Example, Shape, ToolContract, is_success
from client_sdk.contract.offers import Offer, OfferedTool, offer_from_document
from client_sdk.contract.sampling import sample_inputs
from client_sdk.contract.validation import Violation, is_valid, validate_response, violations
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange.contracts import AnyContract, kernel_contract
from client_sdk.mock.answers import JSON, PROBLEM, MockResponse, ToolRefused

MADE: Final = 8  # different bodies per tool and status
NO_BODY: Final = 204


Agreeable: TypeAlias = AnyContract | Offer
States: TypeAlias = Mapping[str, "JsonObject | None"]


@dataclass(frozen=True)
class AgreedTool:
    """One tool as the contract or the offer has it; made bodies are kept per status."""

    tool: ToolContract | OfferedTool
    made: dict[int, tuple[JsonValue, ...]] = field(default_factory=dict)

    @property
    def examples(self) -> tuple[Example, ...]:
        """The examples whose answer is known."""
        if isinstance(self.tool, OfferedTool):
            return ()
        return tuple(each for each in self.tool.examples if each.response is not None)

    @property
    def status(self) -> int:
        """The status that an answer has when nothing says otherwise: the first success."""
        listed = self.tool.status_codes or (200,)
        return next((status for status in listed if is_success(status)), listed[0])

    def faults_of_input(self, input_data: JsonValue) -> tuple[Violation, ...]:
        """Give what keeps an input from being one that was agreed."""
        return violations(self.tool.input_shape(), input_data, name="input")

    def faults_of_answer(self, answer: MockResponse) -> tuple[Violation, ...]:
        """Give what the contract or the offer does not allow of an answer."""
        try:
            if isinstance(self.tool, OfferedTool):
                return _not_offered(self.tool, answer)
            found = validate_response(self.tool, answer.status_code, answer.body)
        except ContractError as error:
            return (_not_judged(str(error), error.code),)
        return tuple(each for each in found if each.severity is Severity.ERROR)

    def bodies(self, status: int, seed: int) -> tuple[JsonValue, ...]:
        """Give bodies that are allowed for a status, the same ones for a seed."""
        if status not in self.made:
            shape = self._shape(status)
            samples = sample_inputs(shape, seed=seed, limit=MADE) if shape.parts else ()
            bodies = tuple(sample.value for sample in samples)
            self.made[status] = bodies if shape.parts else ({},)
        return self.made[status]

    def fits(self, status: int, body: JsonValue) -> bool:
        """Say whether a body is allowed for a status."""
        return is_valid(self._shape(status), body)

    def _shape(self, status: int) -> Shape:
        if isinstance(self.tool, ToolContract):
            return self.tool.output_shape(status)
        return self.tool.output_shape() if is_success(status) else Shape()


class Agreement:
    """A contract or an offer as a source of answers; `states` are the provider states it is in."""

    def __init__(self, source: Agreeable, *, seed: int = 0, states: Iterable[str] = ()) -> None:
        self.source = _source_of(source)
        self._seed = seed
        self._tools = {each.tool_name: AgreedTool(each) for each in self.source.tools}
        self.states: States = {}
        for state in states:
            self._check_state(state)
            self.states = {**self.states, state: None}

    @property
    def tools(self) -> list[str]:
        """The names of its tools."""
        return list(self._tools)

    def tool(self, name: str) -> AgreedTool | None:
        """Find a tool, or None."""
        return self._tools.get(name)

    def knows_state(self, state: str) -> bool:
        """Say whether an example stands in this provider state."""
        return state in set(self._known_states())

    def enter(self, state: str | None, params: JsonObject) -> None:
        """Be in one provider state only, or in none.

        Raises:
            ToolRefused: 422, no example stands in it.
        """
        if state is not None:
            self._check_state(state)
        self.states = {} if state is None else {state: params}

    def answer(self, tool: AgreedTool, input_data: JsonValue) -> MockResponse:
        """Give the answer of the example with this input, or one made for the input.

        Raises:
            ToolRefused: 501, nothing could be made that is allowed.
        """
        example = self._example(tool, input_data)
        if example is not None and example.response is not None:
            status, body = example.response.status_code, example.response.body
            if body is not ABSENT:
                return _response(status, body)
        else:
            status = self._status_here(tool)
        return _response(status, self._made(tool, status, input_data))

    def _example(self, tool: AgreedTool, input_data: JsonValue) -> Example | None:
        found = [each for each in tool.examples if json_equal(each.input, input_data)]
        return next(iter(sorted(found, key=self._distance)), None)

    def _distance(self, example: Example) -> int:
        """Say how far an example is from the states the mock is in: its own is nearest."""
        state = example.provider_state
        if state is None:
            return 2
        if state not in self.states:
            return 3
        params = self.states[state]
        return 0 if params is None or json_equal(params, example.params) else 1

    def _status_here(self, tool: AgreedTool) -> int:
        """Give the status of the examples in the states the mock is in."""
        for example in tool.examples:
            if example.provider_state in self.states and example.response is not None:
                return example.response.status_code
        return tool.status

    def _made(self, tool: AgreedTool, status: int, input_data: JsonValue) -> JsonValue:
        if status == NO_BODY:
            return None
        bodies = tool.bodies(status, self._seed)
        if not bodies:
            detail = "No body could be made that fits the schema; set_response gives one."
            raise ToolRefused(501, "not-made", detail)
        chosen = bodies[_place(self._seed, input_data) % len(bodies)]
        return _echoing(tool, status, chosen, input_data)

    def _known_states(self) -> Iterator[str]:
        for tool in self.source.tools:
            for example in getattr(tool, "examples", ()):
                if example.provider_state is not None:
                    yield example.provider_state

    def _check_state(self, state: str) -> None:
        if not self.knows_state(state):
            known: list[JsonValue] = [*dict.fromkeys(self._known_states())]
            raise ToolRefused(422, "state-unknown", f"There is no state {state!r}.", known=known)


def _source_of(given: Agreeable) -> Contract | Offer:
    if isinstance(given, Offer):
        return given
    if isinstance(given, Mapping) and "consumer" not in given:
        return offer_from_document(dict(given))
    return kernel_contract(given)


def _response(status: int, body: JsonValue) -> MockResponse:
    return MockResponse(status, body, {"content-type": JSON if is_success(status) else PROBLEM})


def _place(seed: int, input_data: JsonValue) -> int:
    digest = sha256(str(seed).encode() + canonical_json(input_data)).digest()
    return int.from_bytes(digest[:8], "big")


def _echoing(tool: AgreedTool, status: int, body: JsonValue, input_data: JsonValue) -> JsonValue:
    """Take members that the input has too from there, each where the body still fits."""
    if not isinstance(body, dict) or not isinstance(input_data, dict):
        return body
    for name in body.keys() & input_data.keys():
        changed = {**body, name: input_data[name]}
        if tool.fits(status, changed):
            body = changed
    return body


def _not_offered(tool: OfferedTool, answer: MockResponse) -> tuple[Violation, ...]:
    listed, status = tool.status_codes, answer.status_code
    if listed is not None and status not in listed:
        expected = " or ".join(str(each) for each in listed)
        message = f"status {status} is not one the producer offers ({expected})"
        return (
            Violation("status_code", expected, status, Severity.ERROR, message, "", "status_code"),
        )
    return violations(tool.output_shape(), answer.body, name="body") if is_success(status) else ()


def _not_judged(message: str, rule: str) -> Violation:
    return Violation("body", "a body that can be judged", None, Severity.ERROR, message, "", rule)
