"""Environments over HTTP, with the deployments and releases in them."""

from http import HTTPStatus

from flask import Response

from broker.domain.environment import Environment
from broker.domain.paging import Key
from broker.services import environment_changes as changing
from broker.services import environments as placing
from broker.services.environment_changes import EnvironmentPatch
from broker.services.environments import DeploymentRequest, EnvironmentRequest, ReleaseRequest
from broker.web.api import representations as shown
from broker.web.api.bodies import (
    DeploymentBody,
    EnvironmentBody,
    EnvironmentChangeBody,
    ReleaseBody,
)
from broker.web.api.conditional import as_it_was_read, tagged
from broker.web.api.edge import read_body, read_query
from broker.web.api.paging import slice_of
from broker.web.api.parameters import PageQuery, PlacementsQuery
from broker.web.api.routing import Route
from broker.web.context import context
from broker.web.urls import deployment_url, environment_url, release_url
from client_sdk.contract.names import fold_name


def create_environment() -> Response:
    """POST a new environment."""
    body = read_body(EnvironmentBody)
    wanted = EnvironmentRequest(
        name=body.name,
        production=body.production,
        display_name=body.display_name,
        contacts=tuple(body.contacts),
        required_evidence=tuple(body.required_evidence),
    )
    created = placing.create_environment(context().store, wanted, clock=context().clock)
    return shown.json_answer(
        {"environment": shown.environment_json(created)},
        HTTPStatus.CREATED,
        location=environment_url(created.name),
    )


def list_environments() -> Response:
    """GET all environments."""
    page = read_query(PageQuery).page
    everything = placing.list_environments(context().store)
    found = slice_of(everything, page, _production_first, (int, str))
    return shown.json_answer(shown.page_json(found, shown.environment_json))


def get_environment(environment: str) -> Response:
    """GET one environment."""
    return _answer(placing.get_environment(context().store, environment))


def patch_environment(environment: str) -> Response:
    """PATCH what is known of an environment."""
    body = read_body(EnvironmentChangeBody)
    patch = EnvironmentPatch(
        given=frozenset(body.model_fields_set),
        production=body.production,
        display_name=body.display_name,
        contacts=tuple(body.contacts),
        required_evidence=tuple(body.required_evidence),
    )
    found = placing.get_environment(context().store, environment)
    expected = as_it_was_read(found, found.name, _answer(found))
    saved = changing.patch_environment(
        context().store, environment, patch, clock=context().clock, expected=expected
    )
    return tagged(_answer(saved), _answer(saved))


def record_deployment(environment: str) -> Response:
    """POST that a version runs here."""
    body = read_body(DeploymentBody)
    wanted = DeploymentRequest(
        environment=environment,
        participant=body.participant,
        version=body.version,
        instance=body.instance,
        expect_as_of=body.expect_as_of,
    )
    deployment, notices = placing.record_deployment(context().store, wanted, clock=context().clock)
    return shown.json_answer(
        {
            "deployment": shown.deployment_json(deployment),
            "notices": shown.notices_json(notices),
        },
        HTTPStatus.CREATED,
        location=deployment_url(deployment.environment, deployment.id),
    )


def list_deployments(environment: str) -> Response:
    """GET what runs here."""
    query = read_query(PlacementsQuery)
    found = placing.list_deployments(
        context().store,
        environment,
        query.page,
        participant=query.participant,
        ended=query.ended,
    )
    return shown.json_answer(shown.page_json(found, shown.deployment_json))


def get_deployment(environment: str, deployment_id: str) -> Response:
    """GET one deployment."""
    found = placing.get_deployment(context().store, environment, int(deployment_id))
    return shown.json_answer({"deployment": shown.deployment_json(found)})


def end_deployment(environment: str, deployment_id: str) -> Response:
    """DELETE: a version no longer runs here."""
    placing.end_deployment(context().store, environment, int(deployment_id), clock=context().clock)
    return shown.no_answer()


def record_release(environment: str) -> Response:
    """POST that a version is supported here."""
    body = read_body(ReleaseBody)
    wanted = ReleaseRequest(environment, body.participant, body.version)
    release, notices = placing.record_release(context().store, wanted, clock=context().clock)
    return shown.json_answer(
        {"release": shown.release_json(release), "notices": shown.notices_json(notices)},
        HTTPStatus.CREATED,
        location=release_url(release.environment, release.id),
    )


def list_releases(environment: str) -> Response:
    """GET what is supported here."""
    query = read_query(PlacementsQuery)
    found = placing.list_releases(
        context().store,
        environment,
        query.page,
        participant=query.participant,
        ended=query.ended,
    )
    return shown.json_answer(shown.page_json(found, shown.release_json))


def get_release(environment: str, release_id: str) -> Response:
    """GET one release."""
    found = placing.get_release(context().store, environment, int(release_id))
    return shown.json_answer({"release": shown.release_json(found)})


def end_release(environment: str, release_id: str) -> Response:
    """DELETE: a version is no longer supported here."""
    placing.end_release(context().store, environment, int(release_id), clock=context().clock)
    return shown.no_answer()


def _production_first(environment: Environment) -> Key:
    return (0 if environment.production else 1, fold_name(environment.name))


def _answer(environment: Environment) -> Response:
    return shown.json_answer({"environment": shown.environment_json(environment)})


_ONE = "/environments/<environment>"

ROUTES = (
    Route("POST", "/environments", create_environment),
    Route("GET", "/environments", list_environments, takes_query=True),
    Route("GET", _ONE, get_environment),
    Route("PATCH", _ONE, patch_environment),
    Route("POST", f"{_ONE}/deployments", record_deployment),
    Route("GET", f"{_ONE}/deployments", list_deployments, takes_query=True),
    Route("GET", f"{_ONE}/deployments/<deployment_id>", get_deployment),
    Route("DELETE", f"{_ONE}/deployments/<deployment_id>", end_deployment),
    Route("POST", f"{_ONE}/releases", record_release),
    Route("GET", f"{_ONE}/releases", list_releases, takes_query=True),
    Route("GET", f"{_ONE}/releases/<release_id>", get_release),
    Route("DELETE", f"{_ONE}/releases/<release_id>", end_release),
)
