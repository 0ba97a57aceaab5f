"""What a scenario found: its invariants one by one, and how to play it again."""

from __future__ import annotations

from dataclasses import dataclass

from client_sdk.chaos.reporting import reproduction
from client_sdk.exchange import Evidence, EvidenceKind, Outcome


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: what must hold, whether it does, and the numbers."""

    name: str
    holds: bool
    detail: str


@dataclass(frozen=True, slots=True)
class ScenarioReport:
    """The outcome of one scenario.

    `calls` is how many calls the agent made, `arrived` how many the service saw (None when it
    keeps no log), `errors` what the agent raised in each of its lives.
    """

    name: str
    seed: int
    checks: tuple[Check, ...]
    calls: int
    injections: int
    arrived: int | None = None
    errors: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every invariant holds; without any nothing was shown."""
        return bool(self.checks) and all(check.holds for check in self.checks)

    def evidence(self, participant: str, version: str) -> Evidence:
        """Give it as evidence about a version of the agent."""
        return Evidence(
            EvidenceKind.CHAOS,
            Outcome.PASS if self.passed else Outcome.FAIL,
            participant,
            version,
            numbers={
                "scenario": self.name,
                "calls": self.calls,
                "injections": self.injections,
                "checks": {check.name: check.holds for check in self.checks},
            },
            seed=self.seed,
        )


class ScenarioFailed(AssertionError):
    """The agent broke an invariant; `report` holds all of them."""

    def __init__(self, report: ScenarioReport) -> None:
        self.report = report
        broken = [f"  {each.name}: {each.detail}" for each in report.checks if not each.holds]
        raised = [f"  the agent raised {each}" for each in report.errors]
        again = f"seed {report.seed}, again with: {reproduction(report.seed)}"
        super().__init__("\n".join([f"{report.name} failed", *broken, *raised, again]))


def settled(report: ScenarioReport) -> ScenarioReport:
    """Give the report when everything holds.

    Raises:
        ScenarioFailed: something does not.
    """
    if not report.passed:
        raise ScenarioFailed(report)
    return report
