"""How evidence looks in JSON, with its payload and without."""

from broker.domain.evidence import Evidence, EvidenceRef
from broker.web.api.representations import time_json
from client_sdk.contract.document import JsonObject


def evidence_json(evidence: Evidence) -> JsonObject:
    """One piece of evidence with its payload."""
    return {**evidence_ref_json(evidence.about), "payload": evidence.payload}


def evidence_ref_json(about: EvidenceRef) -> JsonObject:
    """One piece of evidence without its payload."""
    return {
        "id": about.id,
        "kind": about.kind,
        "verdict": about.verdict.value,
        "participant": about.participant,
        "version": about.version,
        "digest": about.digest,
        "created_at": time_json(about.created_at),
    }
