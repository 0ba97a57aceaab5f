"""Examples held against the schemas of their own tool."""

from __future__ import annotations

from client_sdk.contract.errors import ContractError
from client_sdk.contract.members import Members, shown
from client_sdk.contract.model import ABSENT, Example, Shape, ToolContract
from client_sdk.contract.validation import violations
from client_sdk.contract.values import JsonValue


def check_examples(tool: ToolContract, members: Members) -> None:
    """Note every example that the tool's own contract refuses."""
    names: set[str] = set()
    for example, place in zip(tool.examples, members.each("examples"), strict=True):
        if example.name in names:
            message = f"There are two examples named {shown(example.name)}."
            members.faults.warning("repeated-example", place.at("name"), message)
        names.add(example.name)
        _check_fit(tool.input_shape(), example.input, "input", place)
        _check_response(tool, example, place)


def _check_response(tool: ToolContract, example: Example, place: Members) -> None:
    response = example.response
    if response is None:
        return
    inner = place.inner("response")
    if response.status_code not in tool.status_codes:
        message = f"{response.status_code} is none of the 'status_codes' of this tool."
        place.faults.warning("unlisted-status", inner.at("status_code"), message)
    if response.body is not ABSENT:
        _check_fit(tool.output_shape(response.status_code), response.body, "body", inner)


def _check_fit(shape: Shape, value: JsonValue, name: str, place: Members) -> None:
    for path, sentence in _misfits(shape, value):
        message = f"The example does not fit its schema: {sentence}"
        place.faults.error(f"example-{name}", place.at(name) + path, message)


def _misfits(shape: Shape, value: JsonValue) -> list[tuple[str, str]]:
    try:
        return [(violation.path, violation.message) for violation in violations(shape, value)]
    except ContractError as refusal:  # over the validator's budget
        return [("", str(refusal))]
