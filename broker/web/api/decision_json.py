"""How decisions look in JSON: the answer, its reasons, its rows and the evidence looked at."""

from broker.domain.can_i_deploy import Decision, Reason
from broker.domain.expectation import Expectation, Number
from broker.domain.matrix import MatrixRow
from broker.domain.participant import VersionRef
from broker.web.api.evidence_json import evidence_ref_json
from broker.web.api.representations import time_json
from client_sdk.contract.document import JsonObject


def row_json(row: MatrixRow) -> JsonObject:
    """One row of the matrix."""
    shown: JsonObject = {
        "consumer": _ref_json(row.consumer),
        "producer": {"name": row.producer, "version": row.producer_version},
        "contract_digest": row.digest,
        "outcome": row.outcome.value,
        "ignored": row.ignored,
        "stale": row.stale,
        "verified_by": list(row.verified_by),
    }
    if row.verification is not None:
        shown["verification"] = {
            "id": row.verification.id,
            "number": row.verification.number,
            "verified_at": time_json(row.verification.verified_at),
        }
    return shown


def decision_json(decision: Decision) -> JsonObject:
    """A decision with its reasons and rows."""
    return {
        "decision": decision.answer.value,
        "reasons": [_reason_json(reason) for reason in decision.reasons],
        "rows": [row_json(row) for row in decision.rows],
        "evidence": [evidence_ref_json(each) for each in decision.evidence],
        "as_of": decision.as_of,
    }


def _reason_json(reason: Reason) -> JsonObject:
    shown: JsonObject = {"code": reason.code, "message": reason.message}
    if reason.hint is not None:
        shown["hint"] = reason.hint
    if reason.consumer is not None:
        shown["consumer"] = _ref_json(reason.consumer)
    if reason.producer is not None:
        shown["producer"] = {"name": reason.producer, "version": reason.producer_version}
    if reason.digest is not None:
        shown["contract_digest"] = reason.digest
    if reason.about is not None:
        shown["participant"] = _ref_json(reason.about)
    if reason.evidence_kind is not None:
        shown["evidence"] = {"kind": reason.evidence_kind, "id": reason.evidence}
    if reason.expectation is not None:
        shown |= _expectation_json(reason.expectation, reason.measured)
    return shown


def _expectation_json(expectation: Expectation, measured: Number | None) -> JsonObject:
    return {
        "tool_name": expectation.tool,
        "metric": expectation.metric,
        "bound": expectation.bound,
        "measured": measured,
    }


def _ref_json(ref: VersionRef) -> JsonObject:
    return {"name": ref.participant, "version": ref.number}
