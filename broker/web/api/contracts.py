"""Contracts over HTTP: publish, read, compare, and how publications of a pair are judged."""

from http import HTTPStatus

from flask import Response, request

from broker.domain.publication import Integration, StoredPublication
from broker.domain.publishing import PublishAllRequest, PublishRequest
from broker.services import publications, publishing
from broker.web.api import representations as shown
from broker.web.api.bodies import IntegrationBody, PublishAllBody
from broker.web.api.conditional import as_it_was_read, tagged
from broker.web.api.diff_text import markdown_from_comparison
from broker.web.api.edge import raw_body, read_body, read_query
from broker.web.api.parameters import (
    ContractQuery,
    DiffQuery,
    LatestQuery,
    PageQuery,
    PublishAllQuery,
    PublishQuery,
)
from broker.web.api.received import check_path_names, contracts_from_documents
from broker.web.api.routing import Route
from broker.web.context import context
from broker.web.urls import contract_url
from client_sdk.contract.reading import parse_contract

CONTRACT_TYPE = "application/vnd.tallystick.contract+json"


def publish_contract(consumer: str, producer: str, version: str) -> Response:
    """PUT one contract file."""
    query = read_query(PublishQuery)
    raw = raw_body()
    contract = parse_contract(raw, limits=context().limits)
    check_path_names(contract, consumer=consumer, producer=producer)
    wanted = PublishRequest(
        contract=contract,
        received=raw,
        version=version,
        branch=query.branch,
        build_url=query.build_url,
        mode=query.mode,
        dry_run=query.dry_run,
    )
    outcome = publishing.publish(context().store, wanted, clock=context().clock)
    return shown.json_answer(
        shown.outcome_json(outcome),
        HTTPStatus.CREATED if outcome.created else HTTPStatus.OK,
        location=contract_url(consumer, producer, version) if outcome.created else None,
    )


def publish_contracts() -> Response:
    """POST all contracts of one consumer version."""
    query = read_query(PublishAllQuery)
    body = read_body(PublishAllBody)
    wanted = PublishAllRequest(
        participant=body.participant,
        version=body.version,
        branch=body.branch,
        build_url=body.build_url,
        contracts=contracts_from_documents(body.contracts, limits=context().limits),
        on_conflict=body.on_conflict,
        mode=query.mode,
        dry_run=query.dry_run,
    )
    outcomes = publishing.publish_all(context().store, wanted, clock=context().clock)
    created = any(outcome.created for outcome in outcomes)
    return shown.json_answer(
        {"publications": [shown.outcome_json(outcome) for outcome in outcomes]},
        HTTPStatus.CREATED if created else HTTPStatus.OK,
    )


def get_contract(consumer: str, producer: str, version: str) -> Response:
    """GET what one version published."""
    query = read_query(ContractQuery)
    stored = publications.get_publication(context().store, consumer, producer, version)
    return _stored_answer(stored, raw=query.raw)


def get_latest_contract(consumer: str, producer: str) -> Response:
    """GET the newest, of a branch or an environment when one is named."""
    query = read_query(LatestQuery)
    stored = publications.latest_publication(
        context().store,
        consumer,
        producer,
        branch=query.branch,
        environment=query.environment,
    )
    return _stored_answer(stored, raw=query.raw)


def list_publications(consumer: str, producer: str) -> Response:
    """GET every publication of a pair."""
    page = read_query(PageQuery).page
    found = publications.list_publications(context().store, consumer, producer, page)
    return shown.json_answer(shown.page_json(found, shown.publication_json))


def compare_contracts(consumer: str, producer: str) -> Response:
    """GET what changed between two versions."""
    query = read_query(DiffQuery)
    comparison = publications.compare(
        context().store, consumer, producer, query.from_version, query.to, query.mode
    )
    if _prefers("text/markdown"):
        text = markdown_from_comparison(comparison)
        return Response(text, content_type="text/markdown; charset=utf-8")
    return shown.json_answer(shown.comparison_json(comparison))


def get_content(digest: str) -> Response:
    """GET a content by its digest."""
    document = publications.content_by_digest(context().store, digest)
    return Response(document, content_type=shown.JSON_TYPE)


def get_integration(consumer: str, producer: str) -> Response:
    """GET how publications of a pair are judged."""
    found = publications.get_integration(context().store, consumer, producer)
    return _integration_answer(found)


def configure_integration(consumer: str, producer: str) -> Response:
    """PATCH how publications of a pair are judged."""
    body = read_body(IntegrationBody)
    saved = publications.configure_integration(
        context().store,
        consumer,
        producer,
        body.mode,
        body.on_breaking,
        clock=context().clock,
        expected=_as_it_was_read(consumer, producer),
    )
    return tagged(_integration_answer(saved), _integration_answer(saved))


def _as_it_was_read(consumer: str, producer: str) -> Integration | None:
    found = publications.get_integration(context().store, consumer, producer)
    what = f"The integration of {found.consumer} and {found.producer}"
    return as_it_was_read(found, what, _integration_answer(found))


def _integration_answer(integration: Integration) -> Response:
    return shown.json_answer({"integration": shown.integration_json(integration)})


def _stored_answer(stored: StoredPublication, *, raw: bool) -> Response:
    if raw or _prefers(CONTRACT_TYPE):
        response = Response(stored.received, content_type=CONTRACT_TYPE)
        response.headers["Tallystick-Digest"] = stored.publication.digest
        return response
    return shown.stored_answer(stored)


def _prefers(media_type: str) -> bool:
    offered = [shown.JSON_TYPE, media_type]
    return request.accept_mimetypes.best_match(offered, default=shown.JSON_TYPE) == media_type


_PAIR = "/contracts/<consumer>/<producer>"

ROUTES = (
    Route("PUT", f"{_PAIR}/versions/<version>", publish_contract, takes_query=True),
    Route("GET", f"{_PAIR}/versions/<version>", get_contract, takes_query=True),
    Route("GET", f"{_PAIR}/latest", get_latest_contract, takes_query=True),
    Route("GET", f"{_PAIR}/versions", list_publications, takes_query=True),
    Route("GET", f"{_PAIR}/diff", compare_contracts, takes_query=True),
    Route("GET", "/contents/<digest>", get_content),
    Route("POST", "/publications", publish_contracts, takes_query=True),
    Route("GET", "/integrations/<consumer>/<producer>", get_integration),
    Route("PATCH", "/integrations/<consumer>/<producer>", configure_integration),
)
