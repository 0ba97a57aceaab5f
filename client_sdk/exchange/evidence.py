"""What a tool of the kit found, as a record that can be published, compared and demanded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from client_sdk import __version__
from client_sdk.contract.canonical import digest_of
from client_sdk.contract.values import JsonObject, JsonValue

TOOL_NAME = "tally"


class Outcome(StrEnum):
    """What a run of the kit comes to; only `PASS` counts as a yes."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


class EvidenceKind(StrEnum):
    """Which tool of the kit a piece of evidence comes from."""

    BENCHMARK = "benchmark"
    CANARY = "canary"
    CASSETTES = "cassettes"
    CHAOS = "chaos"
    CONTRACT = "contract"
    MOCK_FIDELITY = "mock-fidelity"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding about one version of a participant.

    `numbers` is what was measured, `inputs` the digest of each thing that went in, `seed` what
    makes the run repeatable, `commit` the source it ran on.

    Example:
        >>> evidence = Evidence("chaos", Outcome.PASS, "buyer", "1.2.0", numbers={"injections": 12})
        >>> evidence.to_json()["verdict"]
        'pass'
    """

    kind: str
    outcome: Outcome
    participant: str
    version: str
    numbers: JsonObject = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    seed: int | None = None
    commit: str | None = None

    def to_json(self) -> JsonObject:
        """Give the body of `POST /evidence`; `digest` covers everything else in it."""
        payload: JsonObject = {
            "tool": {"name": TOOL_NAME, "version": __version__},
            "numbers": dict(self.numbers),
            "inputs": dict(self.inputs),
        }
        optional: tuple[tuple[str, JsonValue], ...] = (("seed", self.seed), ("commit", self.commit))
        payload |= {name: value for name, value in optional if value is not None}
        record: JsonObject = {
            "kind": self.kind,
            "verdict": str(self.outcome),
            "participant": self.participant,
            "version": self.version,
            "payload": payload,
        }
        return record | {"digest": digest_of(record)}
