"""Reasons that evidence gives: what is missing, what did not pass, which expectation is broken."""

from broker.domain.can_i_deploy import Reason, ReasonCode
from broker.domain.evidence import BENCHMARK, EvidenceRef, Verdict
from broker.domain.expectation import MAX_BYTES, Expectation, Number
from broker.domain.hints import hint_to_publish_evidence
from broker.domain.matrix import MatrixRow
from broker.domain.participant import VersionRef

_CODES = {
    Verdict.INCONCLUSIVE: ReasonCode.EVIDENCE_INCONCLUSIVE,
    Verdict.FAIL: ReasonCode.EVIDENCE_FAILED,
    Verdict.ERROR: ReasonCode.EVIDENCE_FAILED,
}
_ENDS = {
    Verdict.INCONCLUSIVE: "is inconclusive",
    Verdict.FAIL: "failed",
    Verdict.ERROR: "ended in an error",
}


def reason_for_missing(ref: VersionRef, kind: str) -> Reason:
    """The environment requires a kind of evidence that the version does not have."""
    return Reason(
        code=ReasonCode.EVIDENCE_MISSING,
        message=f"{ref} has no {kind} evidence, which is required here.",
        hint=hint_to_publish_evidence(ref, kind),
        about=ref,
        evidence_kind=kind,
    )


def reason_for_verdict(found: EvidenceRef) -> Reason:
    """The latest evidence of a required kind did not pass."""
    return Reason(
        code=_CODES[found.verdict],
        message=f"The latest {found.kind} evidence of {found.ref} {_ENDS[found.verdict]}.",
        hint=hint_to_publish_evidence(found.ref, found.kind),
        about=found.ref,
        evidence=found.id,
        evidence_kind=found.kind,
    )


def reason_for_broken(
    row: MatrixRow, expectation: Expectation, measured: Number, benchmark: EvidenceRef
) -> Reason:
    """A benchmark of the producer version measured more than the consumer version accepts."""
    return Reason(
        code=ReasonCode.EXPECTATION_BROKEN,
        message=(
            f"{row.consumer} expects {_bound(expectation)}, "
            f"but {benchmark.ref} was measured at {_amount(expectation, measured)}."
        ),
        hint=hint_to_publish_evidence(benchmark.ref, BENCHMARK),
        consumer=row.consumer,
        producer=row.producer,
        producer_version=row.producer_version,
        digest=row.digest,
        evidence=benchmark.id,
        evidence_kind=BENCHMARK,
        expectation=expectation,
        measured=measured,
    )


def reason_for_unmeasured(
    row: MatrixRow, producer: VersionRef, expectation: Expectation, benchmark: EvidenceRef | None
) -> Reason:
    """Nothing says whether the producer version keeps an expectation."""
    return Reason(
        code=ReasonCode.EXPECTATION_UNMEASURED,
        message=(
            f"{row.consumer} expects {_bound(expectation)}, "
            f"and no benchmark of {producer} says whether that is kept."
        ),
        hint=hint_to_publish_evidence(producer, BENCHMARK),
        consumer=row.consumer,
        producer=row.producer,
        producer_version=row.producer_version,
        digest=row.digest,
        evidence=benchmark.id if benchmark else None,
        evidence_kind=BENCHMARK,
        expectation=expectation,
    )


def _bound(expectation: Expectation) -> str:
    amount = _amount(expectation, expectation.bound)
    return f"{expectation.metric} of {expectation.tool} to be at most {amount}"


def _amount(expectation: Expectation, value: Number) -> str:
    return f"{value} {'bytes' if expectation.metric == MAX_BYTES else 'ms'}"
