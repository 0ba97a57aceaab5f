"""What a comparison found: findings with their evidence, and the report that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final, Literal, TypeAlias

from client_sdk.contract.compat.meter import Reason
from client_sdk.contract.errors import Severity
from client_sdk.contract.values import JsonObject, JsonValue


class Mode(StrEnum):
    """Which changes count as errors; the transitive ones look at every earlier version in use."""

    GUIDE = "guide"
    BACKWARD = "backward"
    FORWARD = "forward"
    FULL = "full"
    BACKWARD_TRANSITIVE = "backward_transitive"
    FORWARD_TRANSITIVE = "forward_transitive"
    FULL_TRANSITIVE = "full_transitive"
    NONE = "none"

    @property
    def is_transitive(self) -> bool:
        """Whether more than the predecessor is compared."""
        return self.value.endswith("_transitive")


class Side(StrEnum):
    """The part of a tool's contract that changed."""

    INPUT = "input"
    OUTPUT = "output"
    STATUS = "status"
    CONSTRAINT = "constraint"
    TOOL = "tool"
    EXAMPLE = "example"


class Hurt(StrEnum):
    """Who can break: those who relied on the old contract, or those who satisfied it."""

    CONSUMERS = "consumers"
    PRODUCERS = "producers"


class NoWitness(Enum):
    """The one value that says: there is no witness, not even null."""

    NO_WITNESS = "no-witness"


NO_WITNESS: Final = NoWitness.NO_WITNESS
OUT_OF_TIME: Final = str(Reason.BUDGET_WALL)
MADE_UP_FOR: Final = "made-up-for"  # breaks alone, but another change of the comparison decides
Witness: TypeAlias = "JsonValue | NoWitness"
VerdictWord: TypeAlias = Literal["proved", "refuted", "undecided"]
# What these rules find leaves every value as it was.
_PROSE: Final = ("annotation-changed", "description-changed", "format-changed", "version-changed")
_GRAVITY: Final = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_WORD_GRAVITY: Final[tuple[VerdictWord, ...]] = ("refuted", "undecided", "proved")


@dataclass(frozen=True, slots=True)
class Obligation:
    """One containment that must hold so that nobody is hurt, and how it was decided.

    `question` reads like `closed input(old) ⊆ input(new)`; `reason` says why it is undecided.
    """

    hurts: Hurt
    question: str
    verdict: VerdictWord
    witness: Witness = NO_WITNESS
    reason: str = ""

    def to_json(self) -> JsonObject:
        """The stable JSON form."""
        value: JsonObject = {
            "hurts": self.hurts.value,
            "question": self.question,
            "verdict": self.verdict,
        }
        if self.witness is not NO_WITNESS:
            value["witness"] = self.witness
        if self.reason:
            value["reason"] = self.reason
        return value


@dataclass(frozen=True, slots=True)
class Finding:
    """One change: what it is, where, whom it hurts, and the evidence.

    `id` is a rule of the rule table, `path` a JSON Pointer into the tool's contract. `verdict` is
    that of the gravest obligation. `old` and `new` are the two values, `None` when absent.
    """

    id: str
    severity: Severity
    tool: str
    side: Side
    path: str
    message: str
    verdict: VerdictWord
    hurts: tuple[Hurt, ...] = ()
    witness: Witness = NO_WITNESS
    old: JsonValue = None
    new: JsonValue = None
    obligations: tuple[Obligation, ...] = ()
    against_version: str | None = None

    def to_json(self) -> JsonObject:
        """The stable JSON form."""
        value: JsonObject = {
            "id": self.id,
            "severity": self.severity.value,
            "tool": self.tool,
            "side": self.side.value,
            "path": self.path,
            "message": self.message,
            "hurts": [hurt.value for hurt in self.hurts],
            "verdict": self.verdict,
        }
        if self.witness is not NO_WITNESS:
            value["witness"] = self.witness
        value["old"], value["new"] = self.old, self.new
        value["obligations"] = [each.to_json() for each in self.obligations]
        if self.against_version is not None:
            value["against_version"] = self.against_version
        return value


@dataclass(frozen=True, slots=True)
class Report:
    """Every finding of one comparison, gravest first, in a stable order."""

    mode: Mode
    findings: tuple[Finding, ...] = ()

    @property
    def severity(self) -> str:
        """`error`, `warning` or `info`, whichever is gravest, or `none`."""
        found = {finding.severity for finding in self.findings}
        return next((each.value for each in _GRAVITY if each in found), "none")

    @property
    def is_repeatable(self) -> bool:
        """Whether nothing in it was cut short by the wall clock, so that it may be remembered."""
        return not any(
            obligation.reason == OUT_OF_TIME
            for finding in self.findings
            for obligation in finding.obligations
        )

    @property
    def suggested_step(self) -> str:
        """The step of a semantic version that the changes ask for.

        `major` for an error in this mode, `patch` when only prose changed, `none` when nothing
        did, else `minor`.
        """
        if not self.findings:
            return "none"
        if self.severity == Severity.ERROR.value:
            return "major"
        return "patch" if all(each.id.endswith(_PROSE) for each in self.findings) else "minor"

    def to_json(self) -> JsonObject:
        """The stable JSON form; the broker adds `against`."""
        return {
            "mode": self.mode.value,
            "severity": self.severity,
            "findings": [finding.to_json() for finding in self.findings],
        }


def report_from_json(value: Mapping[str, Any]) -> Report:
    """Read back what `Report.to_json` wrote."""
    return Report(Mode(value["mode"]), tuple(_finding(each) for each in value["findings"]))


def gravest(words: tuple[VerdictWord, ...]) -> VerdictWord:
    """The gravest of some verdicts; nothing asked is nothing held against it."""
    return next((word for word in _WORD_GRAVITY if word in words), "proved")


def _finding(value: Mapping[str, Any]) -> Finding:
    return Finding(
        id=value["id"],
        severity=Severity(value["severity"]),
        tool=value["tool"],
        side=Side(value["side"]),
        path=value["path"],
        message=value["message"],
        verdict=value["verdict"],
        hurts=tuple(Hurt(each) for each in value["hurts"]),
        witness=value.get("witness", NO_WITNESS),
        old=value.get("old"),
        new=value.get("new"),
        obligations=tuple(_obligation(each) for each in value.get("obligations", ())),
        against_version=value.get("against_version"),
    )


def _obligation(value: Mapping[str, Any]) -> Obligation:
    return Obligation(
        hurts=Hurt(value["hurts"]),
        question=value["question"],
        verdict=value["verdict"],
        witness=value.get("witness", NO_WITNESS),
        reason=value.get("reason", ""),
    )
