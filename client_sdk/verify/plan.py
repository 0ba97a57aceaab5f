"""What a verification sends: every example, and samples that leave alone what examples pin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from client_sdk.contract.closed import closed, undeclared_members
from client_sdk.contract.document import equality_key
from client_sdk.contract.errors import ContractError
from client_sdk.contract.model import Contract, Example, ToolContract
from client_sdk.contract.sampling import Sample, sample_inputs
from client_sdk.contract.shape import Shape
from client_sdk.contract.values import JsonObject, JsonValue


class Mode(StrEnum):
    """Which inputs are sent."""

    EXAMPLES = "examples"
    SAMPLED = "sampled"


@dataclass(frozen=True, slots=True)
class ContractUnderTest:
    """A contract to verify; a pending one may fail without failing the build."""

    contract: Contract
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """One call to make; `expected_status` is asserted when the example names one."""

    label: str
    is_sample: bool
    input: JsonValue
    state: str | None = None
    params: JsonObject = field(default_factory=dict)
    expected_status: int | None = None


def trials_for(tool: ToolContract, mode: Mode, *, seed: int, samples: int) -> tuple[Trial, ...]:
    """Give the calls for one tool: its examples first, then at most `samples` samples.

    Samples vary only what the example of their state does not pin, which is every member the
    example has. A tool without examples is sampled by itself.
    """
    examples = tuple(_from_example(example) for example in tool.examples)
    if mode is Mode.EXAMPLES:
        return examples
    return (*examples, *_samples(tool, examples, seed, samples))


def _from_example(example: Example) -> Trial:
    return Trial(
        label=example.name,
        is_sample=False,
        input=example.input,
        state=example.provider_state,
        params=example.params,
        expected_status=None if example.response is None else example.response.status_code,
    )


def _samples(
    tool: ToolContract, examples: tuple[Trial, ...], seed: int, limit: int
) -> Iterator[Trial]:
    if not examples:
        for sample in _alone(tool, seed, limit):
            yield Trial(sample.label, is_sample=True, input=sample.value)
        return
    seen = {(each.state, equality_key(each.params), equality_key(each.input)) for each in examples}
    share = max(1, limit // len(examples))
    for example in examples:
        for sample in _around(tool, example, seed, share):
            key = (example.state, equality_key(example.params), equality_key(sample.value))
            if key not in seen:
                seen.add(key)
                label = f"{example.label}, {sample.label}"
                yield Trial(label, True, sample.value, example.state, example.params)  # noqa: FBT003


def _alone(tool: ToolContract, seed: int, limit: int) -> tuple[Sample, ...]:
    """Samples of a tool without examples; a schema that closing empties means a free map."""
    declared = sample_inputs(_sent(tool), seed=seed, limit=limit)
    return declared or sample_inputs(tool.input_shape(), seed=seed, limit=limit)


def _around(tool: ToolContract, example: Trial, seed: int, limit: int) -> tuple[Sample, ...]:
    pinned = frozenset(example.input) if isinstance(example.input, dict) else frozenset()
    shape = _sent(tool, example.input)
    return sample_inputs(shape, seed=seed, around=example.input, pinned=pinned, limit=limit)


def _sent(tool: ToolContract, like: JsonValue = None) -> Shape:
    """What the consumer sends: nothing that nobody wrote down, unless its example does."""
    written = tool.input_shape()
    try:
        return written if undeclared_members(written, like) else closed(written)
    except ContractError:
        return written
