"""Two versions of a contract: what breaks, whom, and which step of the version it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final, TypeAlias

from client_sdk.contract import pointer as pointers
from client_sdk.contract.errors import Severity
from client_sdk.contract.evaluation.wording import shown
from client_sdk.contract.evolve import evolve
from client_sdk.contract.implication import implies
from client_sdk.contract.model import Contract
from client_sdk.contract.names import fold_name
from client_sdk.contract.report import NO_WITNESS, Finding, Obligation, Report
from client_sdk.contract.values import JsonValue
from client_sdk.validator.contracts import SOMEBODY, AgentContract, ToolContract
from client_sdk.validator.matching import order_of
from client_sdk.validator.violation import ContractViolation

Comparable: TypeAlias = ToolContract | AgentContract

# Nobody has to do anything about these: the values stay the same.
_PROSE: Final = ("annotation-changed", "description-changed", "format-changed", "version-changed")
CONSUMER_NEED: Final = "consumer-need"
_EXAMPLES: Final = "examples("
_LISTING: Final = ("required", "required_output_fields")  # a change of these is about one name


class SemverStep(IntEnum):
    """The part of a semantic version that a change moves; a greater one covers a smaller."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True, slots=True)
class Compatibility:
    """What came of a comparison.

    `violations` are the breaking changes, `suggested` the step they ask for, `declared` the step
    the two versions make, None when they are not made of numbers.
    """

    report: Report
    violations: tuple[ContractViolation, ...]
    suggested: SemverStep
    declared: SemverStep | None

    @property
    def is_step_enough(self) -> bool | None:
        """Whether the declared step covers the suggested one; None when it is not known."""
        return None if self.declared is None else self.declared >= self.suggested


def compare_contracts(
    old: Comparable, new: Comparable, consumers: Iterable[AgentContract] | None = None
) -> Compatibility:
    """Compare two versions of a tool, or of a whole contract.

    Without `consumers` the breaking changes are the errors of mode `guide`. With them they are
    the needs of each known consumer that the new version does not meet: a change that touches
    nobody's need breaks nothing, one that does names its consumer. Consumers of another producer,
    and of none of the tools, know nothing of the change.

    Raises:
        ValueError: the two are not versions of one thing.
        DocumentInvalid: one of them is no valid contract.
    """
    before, after = _kernel_pair(old, new)
    report = evolve(before, after)
    known = (each.to_kernel() for each in consumers or ())
    users = [each for each in known if _is_of(each, after)]
    unmet = (*_missing_tools(before, after, users), *_unmet_needs(after, users))
    asked = any(_tools_of(user, before) or _tools_of(user, after) for user in users)
    return Compatibility(
        report,
        unmet if asked else tuple(_violation(each, after) for each in _errors(report)),
        _suggested(report),
        _declared(before, after, {each.tool for each in report.findings}),
    )


def _kernel_pair(old: Comparable, new: Comparable) -> tuple[Contract, Contract]:
    if isinstance(old, ToolContract) and isinstance(new, ToolContract):
        if old.tool_name != new.tool_name:
            names = f"{old.tool_name} and {new.tool_name}"
            raise ValueError(f"new: {names} are two tools; compare versions of one")
        return _alone(old), _alone(new)
    if isinstance(old, AgentContract) and isinstance(new, AgentContract):
        if _participants(old) != _participants(new):
            raise ValueError("new: it is between other participants than old")
        return old.to_kernel(), new.to_kernel()
    raise ValueError("old and new: give two ToolContracts or two AgentContracts")


def _alone(tool: ToolContract) -> Contract:
    return AgentContract(SOMEBODY, SOMEBODY, [tool]).to_kernel()


def _participants(contract: AgentContract) -> tuple[str, str]:
    return fold_name(contract.consumer), fold_name(contract.producer)


def _errors(report: Report) -> Iterator[Finding]:
    return (each for each in report.findings if each.severity is Severity.ERROR)


def _violation(finding: Finding, after: Contract) -> ContractViolation:
    return ContractViolation(
        _field_of(finding),
        shown(finding.old),
        finding.new,
        finding.severity,
        finding.message,
        tool=finding.tool,
        version=_version_of(after, finding.tool),
        path=finding.path,
        rule=finding.id,
    )


def _field_of(finding: Finding) -> str:
    """The member that a reader of the body or the input knows; the keyword where there is none."""
    tokens = pointers.tokens_of(finding.path)
    if tokens and tokens[-1] in _LISTING:
        for name in _only_in_one(finding.old, finding.new):
            return name
    members = [name for above, name in pairwise(tokens) if above == "properties"]
    return next(reversed(members), tokens[-1] if tokens else finding.tool)


def _only_in_one(old: JsonValue, new: JsonValue) -> Iterator[str]:
    before, after = (each if isinstance(each, list) else [] for each in (old, new))
    for name in (*before, *after):
        if isinstance(name, str) and (name in before) is not (name in after):
            yield name


def _tools_of(user: Contract, after: Contract) -> list[str]:
    return [tool.tool_name for tool in user.tools if after.tool(tool.tool_name) is not None]


def _is_of(user: Contract, after: Contract) -> bool:
    """Whether a consumer's producer is the one that changed; a tool alone does not say whose."""
    return after.producer == SOMEBODY or fold_name(user.producer) == fold_name(after.producer)


def _missing_tools(
    before: Contract, after: Contract, users: list[Contract]
) -> Iterator[ContractViolation]:
    for user in users:
        kept = _tools_of(user, after)
        for name in (each for each in _tools_of(user, before) if each not in kept):
            yield ContractViolation(
                name,
                f"the tool {name}",
                None,
                Severity.ERROR,
                f"{user.consumer} relies on {name}, which the new version does not have",
                consumer=user.consumer,
                tool=name,
                version=_version_of(user, name),
                rule=CONSUMER_NEED,
            )


def _unmet_needs(after: Contract, users: list[Contract]) -> Iterator[ContractViolation]:
    for user in users:
        wanted = _tools_of(user, after)
        for tool in implies(after, user).tools:
            if tool.tool_name not in wanted:
                continue
            for need in tool.obligations:
                # An example that was not tested breaks nothing; verification asks for it.
                if need.verdict != "proved" and not need.question.startswith(_EXAMPLES):
                    yield _unmet(need, user, tool.tool_name)


def _unmet(need: Obligation, user: Contract, tool_name: str) -> ContractViolation:
    refuted = need.verdict == "refuted"
    witness: JsonValue = None if need.witness is NO_WITNESS else need.witness
    shows = f"{shown(witness)} shows it" if refuted else f"not decided ({need.reason})"
    return ContractViolation(
        tool_name,
        need.question,
        witness,
        Severity.ERROR if refuted else Severity.WARNING,
        f"{user.consumer} relies on {tool_name}: {need.question}; {shows}",
        consumer=user.consumer,
        tool=tool_name,
        version=_version_of(user, tool_name),
        rule=CONSUMER_NEED,
    )


def _version_of(contract: Contract, tool_name: str) -> str:
    tool = contract.tool(tool_name)
    return "" if tool is None else tool.version


def _suggested(report: Report) -> SemverStep:
    if not report.findings:
        return SemverStep.NONE
    if any(_errors(report)):
        return SemverStep.MAJOR
    prose = all(each.id.endswith(_PROSE) for each in report.findings)
    return SemverStep.PATCH if prose else SemverStep.MINOR


def _declared(before: Contract, after: Contract, changed: set[str]) -> SemverStep | None:
    """The smallest step that any changed tool of both contracts makes."""
    steps: list[SemverStep] = []
    for tool in (each for each in after.tools if each.tool_name in changed):
        earlier = before.tool(tool.tool_name)
        if earlier is not None:
            step = _step(earlier.version, tool.version)
            if step is None:
                return None
            steps.append(step)
    return min(steps, default=SemverStep.NONE)


def _step(old: str, new: str) -> SemverStep | None:
    before, after = order_of(old), order_of(new)
    if before is None or after is None or after < before:
        return None
    padded = [(*each, 0, 0, 0)[:3] for each in (before, after)]
    places = (index for index in range(3) if padded[0][index] != padded[1][index])
    step = SemverStep(3 - next(places, 3))
    # Below 1.0 the second number stands for what the first one means later.
    return SemverStep.MAJOR if step is SemverStep.MINOR and not padded[0][0] else step
