"""Evidence over HTTP: what test runs found about versions."""

from http import HTTPStatus

from flask import Response

from broker.domain.evidence import EvidenceQuery
from broker.services import evidence as finding
from broker.services.evidence import EvidenceRequest
from broker.web.api import representations as shown
from broker.web.api.bodies import EvidenceBody
from broker.web.api.edge import read_body, read_query
from broker.web.api.evidence_json import evidence_json
from broker.web.api.parameters import EvidenceParameters
from broker.web.api.routing import Route
from broker.web.context import context
from broker.web.urls import evidence_url


def publish_evidence() -> Response:
    """POST what a run found: 201 when it is new, 200 when it was known."""
    body = read_body(EvidenceBody)
    wanted = EvidenceRequest(
        kind=body.kind,
        verdict=body.verdict,
        participant=body.participant,
        version=body.version,
        payload=body.payload,
        digest=body.digest,
    )
    published = finding.publish_evidence(context().store, wanted, clock=context().clock)
    return shown.json_answer(
        {
            "evidence": evidence_json(published.evidence),
            "created": published.created,
            "notices": shown.notices_json(published.notices),
        },
        HTTPStatus.CREATED if published.created else HTTPStatus.OK,
        location=evidence_url(published.evidence.about.id),
    )


def list_evidence() -> Response:
    """GET evidence, newest first."""
    query = read_query(EvidenceParameters)
    asked = EvidenceQuery(query.participant, query.version, query.kind)
    found = finding.list_evidence(context().store, query.page, asked)
    return shown.json_answer(shown.page_json(found, evidence_json))


def get_evidence(evidence_id: str) -> Response:
    """GET one piece of evidence."""
    found = finding.get_evidence(context().store, int(evidence_id))
    return shown.json_answer({"evidence": evidence_json(found)})


ROUTES = (
    Route("POST", "/evidence", publish_evidence),
    Route("GET", "/evidence", list_evidence, takes_query=True),
    Route("GET", "/evidence/<evidence_id>", get_evidence),
)
