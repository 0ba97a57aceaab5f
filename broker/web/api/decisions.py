"""The matrix and can-i-deploy over HTTP: 200 whatever the answer."""

from flask import Response

from broker.domain.can_i_deploy import (
    AmongThemselves,
    DeployQuery,
    Destination,
    ToEnvironment,
    ToMain,
)
from broker.domain.matrix import MatrixQuery
from broker.domain.participant import VersionRef
from broker.services import can_i_deploy as deciding
from broker.web.api import decision_json as told
from broker.web.api import representations as shown
from broker.web.api.edge import read_query
from broker.web.api.parameters import DeployParameters, MatrixParameters, ignore_from_text
from broker.web.api.routing import Route
from broker.web.context import context


def can_i_deploy() -> Response:
    """GET whether versions may go to a destination."""
    query = read_query(DeployParameters)
    asked = DeployQuery(
        versions=tuple(map(VersionRef, query.participant, query.version)),
        destination=_destination(query),
        ignores=tuple(ignore_from_text(text) for text in query.ignore),
        tested_only=query.evidence == "tested",
    )
    decision = deciding.can_i_deploy(context().store, asked)
    return shown.json_answer(told.decision_json(decision))


def matrix() -> Response:
    """GET rows of consumer versions against producer versions."""
    query = read_query(MatrixParameters)
    asked = MatrixQuery(
        page=query.page,
        consumer=query.consumer,
        producer=query.producer,
        environment=query.environment,
        branch=query.branch,
        outcome=query.outcome,
    )
    found = deciding.matrix(context().store, asked)
    return shown.json_answer(
        {"rows": [told.row_json(row) for row in found.items], "next": found.next}
    )


def _destination(query: DeployParameters) -> Destination:
    if query.environment is not None:
        return ToEnvironment(query.environment)
    return ToMain() if query.to_main else AmongThemselves()


ROUTES = (
    Route("GET", "/can-i-deploy", can_i_deploy, takes_query=True),
    Route("GET", "/matrix", matrix, takes_query=True),
)
