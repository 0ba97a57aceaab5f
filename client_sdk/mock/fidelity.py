"""Fidelity: does a mock answer as the contract says, and as the real thing does?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from client_sdk.contract.document import digest_of
from client_sdk.contract.errors import ContractError, Severity
from client_sdk.contract.model import Contract, Example, ToolContract
from client_sdk.contract.sampling import sample_inputs
from client_sdk.contract.validation import validate_response
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.errors import TallyError
from client_sdk.exchange import Evidence, EvidenceKind, Executes, Outcome, Result
from client_sdk.mock.answers import ToolRefused
from client_sdk.mock.likeness import differences
from client_sdk.mock.programming import unknown_tool

CLIENT_ERRORS: Final = range(400, 500)
SAMPLES: Final = 10

SetState = Callable[[str, JsonObject], None]


@dataclass(frozen=True, slots=True)
class FidelityCheck:
    """One call of the mock: what was wrong with its answer, or why that shows nothing."""

    tool: str
    label: str
    faults: tuple[str, ...] = ()
    note: str | None = None

    @property
    def outcome(self) -> Outcome:
        """A note without a fault is inconclusive."""
        if self.faults:
            return Outcome.FAIL
        return Outcome.PASS if self.note is None else Outcome.INCONCLUSIVE


@dataclass(frozen=True, slots=True)
class FidelityReport:
    """How faithful a mock is: `against` says to what, `digest` names exactly that."""

    against: str
    digest: str
    checks: tuple[FidelityCheck, ...]
    seed: int | None = None

    @property
    def outcome(self) -> Outcome:
        """`fail` if a check failed; `pass` only if every tool was judged at least once."""
        if any(check.outcome is Outcome.FAIL for check in self.checks):
            return Outcome.FAIL
        judged = {check.tool for check in self.checks if check.outcome is Outcome.PASS}
        everything = {check.tool for check in self.checks}
        return Outcome.PASS if everything and judged == everything else Outcome.INCONCLUSIVE

    @property
    def passed(self) -> bool:
        """Whether the outcome is a yes."""
        return self.outcome is Outcome.PASS

    def to_json(self) -> JsonObject:
        """Give the report as JSON."""
        checks: list[JsonValue] = [
            {
                "tool": each.tool,
                "label": each.label,
                "outcome": str(each.outcome),
                "faults": [*each.faults],
                "note": each.note,
            }
            for each in self.checks
        ]
        return {
            "against": self.against,
            "digest": self.digest,
            "outcome": str(self.outcome),
            "checks": checks,
        }

    def to_evidence(self, participant: str, version: str, *, commit: str | None = None) -> Evidence:
        """Give the report as evidence about a version of a participant."""
        of = dict.fromkeys(Outcome, 0)
        for check in self.checks:
            of[check.outcome] += 1
        return Evidence(
            EvidenceKind.MOCK_FIDELITY,
            self.outcome,
            participant,
            version,
            numbers={
                "tools": len({check.tool for check in self.checks}),
                "checks": len(self.checks),
                "failed": of[Outcome.FAIL],
                "inconclusive": of[Outcome.INCONCLUSIVE],
            },
            inputs={self.against: self.digest},
            seed=self.seed,
            commit=commit,
        )


@dataclass(frozen=True, slots=True)
class _Trial:
    label: str
    input: JsonValue
    is_sample: bool
    state: str | None = None
    params: JsonObject = field(default_factory=dict)
    status: int | None = None


@dataclass(frozen=True, slots=True)
class AsOnTheWire:
    """A client of a mock that gets what a wire would carry: a number stays a number."""

    execute: Callable[[str, JsonValue], Result]


def check_contract(
    client: Executes,
    contract: Contract,
    set_state: SetState,
    *,
    seed: int = 0,
    samples: int = SAMPLES,
) -> FidelityReport:
    """Call a mock with a contract's examples and with samples around them, and judge the answers.

    Args:
        client: the mock, or a client of it.
        contract: what one of its callers relies on.
        set_state: lets the mock begin anew in a provider state; raises ToolRefused or TallyError.
        seed: repeats the same samples.
        samples: at most so many a tool.
    """
    checks = [
        _checked(client, tool, trial, set_state)
        for tool in contract.tools
        for trial in _trials(tool, seed, samples)
    ]
    against = f"contract {contract.consumer} → {contract.producer}"
    return FidelityReport(against, contract.digest, tuple(checks), seed)


def check_likeness(
    client: Executes,
    live: Executes,
    samples: Iterable[tuple[str, JsonValue]],
    *,
    known: Collection[str],
) -> FidelityReport:
    """Make the same calls to a mock and to the real thing, in order, and compare the answers.

    Compared are the status and the structure of the body: names of members and types of values.
    A tool that is not among the `known` ones of the mock is a fault, and nobody is asked for it.
    """
    calls = list(samples)
    checks = [
        FidelityCheck(tool, f"call {number}", *_compared(client, live, tool, input_data))
        if tool in known
        else FidelityCheck(tool, f"call {number}", (unknown_tool(tool, known),))
        for number, (tool, input_data) in enumerate(calls, 1)
    ]
    digest = digest_of([[tool, input_data] for tool, input_data in calls])
    return FidelityReport("live answers", digest, tuple(checks))


def _trials(tool: ToolContract, seed: int, samples: int) -> Iterator[_Trial]:
    for example in tool.examples:
        status = None if example.response is None else example.response.status_code
        state, params = example.provider_state, example.params
        yield _Trial(example.name, example.input, False, state, params, status)  # noqa: FBT003
    if not tool.examples:
        for sample in sample_inputs(tool.input_shape(), seed=seed, limit=samples):
            yield _Trial(sample.label, sample.value, is_sample=True)
    for example in tool.examples:
        yield from _around(tool, example, seed, max(1, samples // len(tool.examples)))


def _around(tool: ToolContract, example: Example, seed: int, limit: int) -> Iterator[_Trial]:
    """Vary what an example does not pin: the members it has belong to its state."""
    pinned = frozenset(example.input) if isinstance(example.input, dict) else frozenset()
    around = example.input
    for each in sample_inputs(
        tool.input_shape(), seed=seed, around=around, pinned=pinned, limit=limit
    ):
        label = f"{example.name}, {each.label}"
        yield _Trial(label, each.value, True, example.provider_state, example.params)  # noqa: FBT003


def _checked(
    client: Executes, tool: ToolContract, trial: _Trial, set_state: SetState
) -> FidelityCheck:
    name = tool.tool_name
    try:
        if trial.state is not None:
            set_state(trial.state, trial.params)
    except (TallyError, ToolRefused) as error:
        return FidelityCheck(name, trial.label, note=f"its state was not set up: {error}")
    try:
        result = client.execute(name, trial.input)
        return FidelityCheck(name, trial.label, *_judged(tool, trial, result))
    except (TallyError, ContractError) as error:
        return FidelityCheck(name, trial.label, (f"no answer: {error}",))


def _judged(
    tool: ToolContract, trial: _Trial, result: Result
) -> tuple[tuple[str, ...], str | None]:
    status = result.status_code
    if trial.is_sample and status not in tool.status_codes and status in CLIENT_ERRORS:
        return (), f"the sample was refused with {status}"
    if trial.status not in {None, status}:
        return (f"the example expects status {trial.status}, the answer has {status}",), None
    found = validate_response(tool, status, result.body)
    return tuple(each.message for each in found if each.severity is Severity.ERROR), None


def _compared(
    client: Executes, live: Executes, tool: str, input_data: JsonValue
) -> tuple[tuple[str, ...], str | None]:
    try:
        real = _result(live.execute(tool, input_data))
    except Exception as error:  # noqa: BLE001 - each client raises what its library does
        return (), f"the real thing did not answer: {error}"
    try:
        mocked = client.execute(tool, input_data)
    except TallyError as error:
        return (f"no answer: {error}",), None
    if mocked.status_code != real.status_code:
        faults = f"the mock answers {mocked.status_code}, the real thing {real.status_code}"
        return (faults,), None
    return tuple(differences(mocked.body, real.body)), None


def _result(given: Mapping[str, Any]) -> Result:
    """Read the answer of any client; a plain dict of the guide's shape will do."""
    return given if isinstance(given, Result) else Result(given["status_code"], given.get("body"))
