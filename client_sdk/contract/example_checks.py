"""Examples held against the schemas of their own tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from client_sdk.contract.errors import ContractError
from client_sdk.contract.members import Members, shown
from client_sdk.contract.model import ABSENT, Example, Shape, ToolContract
from client_sdk.contract.validation import Steps, violations
from client_sdk.contract.values import JsonValue

MAX_STEPS: Final = 300_000  # for all examples of one document
_VALUES_PER_STEP: Final = 5


def check_examples(tool: ToolContract, members: Members, steps: Steps) -> None:
    """Note every example that the tool's own contract refuses; `steps` is what that may cost."""
    names: set[str] = set()
    for example, place in zip(tool.examples, members.each("examples"), strict=True):
        if example.name in names:
            message = f"There are two examples named {shown(example.name)}."
            members.faults.warning("repeated-example", place.at("name"), message)
        names.add(example.name)
        _check_fit(_Judged("input", tool.input_shape(), example.input), place, steps)
        _check_response(tool, example, place, steps)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A part of an example, and the shape it must fit."""

    name: str
    shape: Shape
    value: JsonValue


def _check_response(tool: ToolContract, example: Example, place: Members, steps: Steps) -> None:
    response = example.response
    if response is None:
        return
    inner = place.inner("response")
    if response.status_code not in tool.status_codes:
        message = f"{response.status_code} is none of the 'status_codes' of this tool."
        place.faults.warning("unlisted-status", inner.at("status_code"), message)
    if response.body is not ABSENT:
        shape = tool.output_shape(response.status_code)
        _check_fit(_Judged("body", shape, response.body), inner, steps)


def _check_fit(judged: _Judged, place: Members, steps: Steps) -> None:
    for path, sentence in _misfits(judged, steps):
        message = f"The example does not fit its schema: {sentence}"
        place.faults.error(f"example-{judged.name}", place.at(judged.name) + path, message)


def _misfits(judged: _Judged, steps: Steps) -> list[tuple[str, str]]:
    # Every part of the shape looks at every value once before it counts its own steps.
    steps.left -= len(judged.shape.parts) * _size(judged.value) // _VALUES_PER_STEP
    if steps.left < 0:
        return [("", "The examples of this document are too much work to judge.")]
    try:
        found = violations(judged.shape, judged.value, steps=steps)
    except ContractError as refusal:
        return [("", str(refusal))]
    return [(violation.path, violation.message) for violation in found]


def _size(value: JsonValue) -> int:
    waiting = [value]
    count = 0
    while waiting:
        each = waiting.pop()
        count += 1
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return count
