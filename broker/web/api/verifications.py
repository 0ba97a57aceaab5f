"""Verifications over HTTP: what a producer must verify, and what it found."""

from http import HTTPStatus

from flask import Response

from broker.services import verifying
from broker.services.verifying import VerificationRequest
from broker.web.api import representations as shown
from broker.web.api.bodies import VerificationBody
from broker.web.api.edge import read_body, read_query
from broker.web.api.parameters import ToVerifyQuery, VerificationsQuery
from broker.web.api.routing import Route
from broker.web.context import context
from broker.web.urls import verification_url


def contracts_to_verify(producer: str) -> Response:
    """GET what a producer build must verify."""
    query = read_query(ToVerifyQuery)
    needed = verifying.contracts_to_verify(
        context().store,
        producer,
        branch=query.branch,
        environment=query.environment,
        consumer=query.consumer,
    )
    return shown.needed_answer(needed)


def record_verification() -> Response:
    """POST what a producer version did with a contract."""
    wanted = _request_from(read_body(VerificationBody))
    stored = verifying.record_verification(context().store, wanted, clock=context().clock)
    return shown.json_answer(
        {"verification": shown.verification_json(stored)},
        HTTPStatus.CREATED,
        location=verification_url(stored.id),
    )


def get_verification(verification_id: str) -> Response:
    """GET one verification."""
    found = verifying.get_verification(context().store, int(verification_id))
    return shown.json_answer({"verification": shown.verification_json(found)})


def list_verifications() -> Response:
    """GET verifications, newest first."""
    query = read_query(VerificationsQuery)
    found = verifying.list_verifications(
        context().store, query.page, consumer=query.consumer, producer=query.producer
    )
    return shown.json_answer(shown.page_json(found, shown.verification_json))


def _request_from(body: VerificationBody) -> VerificationRequest:
    verifier = body.verifier
    return VerificationRequest(
        producer=body.producer,
        version=body.version,
        branch=body.branch,
        build_url=body.build_url,
        verifier_name=verifier.name if verifier else None,
        verifier_version=verifier.version if verifier else None,
        contract_digest=body.contract_digest,
        consumer=body.consumer,
        consumer_version=body.consumer_version,
        tools=tuple(tool.to_result() for tool in body.tools),
    )


ROUTES = (
    Route(
        "GET",
        "/producers/<producer>/contracts-to-verify",
        contracts_to_verify,
        takes_query=True,
    ),
    Route("POST", "/verifications", record_verification),
    Route("GET", "/verifications", list_verifications, takes_query=True),
    Route("GET", "/verifications/<verification_id>", get_verification),
)
