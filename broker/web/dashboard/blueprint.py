"""The dashboard as a blueprint: screens, exports, own files and the reader's switches."""

from http import HTTPStatus

from flask import Blueprint, Response, request

from broker.web.dashboard.answers import served
from broker.web.dashboard.preferences import save_preferences
from broker.web.dashboard.queries import CHECKS
from broker.web.dashboard.views import (
    contracts,
    deciding,
    differences,
    environments,
    evidence,
    helping,
    integrations,
    network,
    overview,
    participants,
    verifications,
)
from broker.web.refusals import PathNameInvalid
from client_sdk.contract.errors import NameRefused

VIEWS = (
    overview,
    participants,
    integrations,
    differences,
    contracts,
    verifications,
    deciding,
    environments,
    evidence,
    network,
    helping,
)
NAME = "dashboard"
_FOREVER = "public, max-age=31536000, immutable"


def dashboard_blueprint() -> Blueprint:
    """A blueprint for one application; each call makes a new one."""
    blueprint = Blueprint(
        NAME, __name__, static_folder="static", static_url_path="/static", url_prefix=""
    )
    blueprint.before_request(_check_names)
    blueprint.after_request(_keep_own_files)
    for module in VIEWS:
        for screen in module.SCREENS:
            view = served(screen.view, is_live=screen.is_live, is_immutable=screen.is_immutable)
            for path in screen.paths:
                blueprint.add_url_rule(path, screen.view.__name__, view, methods=["GET"])
        for path, export in getattr(module, "EXPORTS", ()):
            blueprint.add_url_rule(path, export.__name__, export, methods=["GET"])
    blueprint.add_url_rule("/preferences", "save_preferences", save_preferences, methods=["POST"])
    return blueprint


def _check_names() -> None:
    for parameter, value in (request.view_args or {}).items():
        if parameter in CHECKS:
            try:
                CHECKS[parameter](value)
            except NameRefused as refused:
                raise PathNameInvalid(parameter, str(refused)) from None


def _keep_own_files(response: Response) -> Response:
    """An address with the digest of its content is good for ever."""
    if request.endpoint == f"{NAME}.static" and response.status_code == HTTPStatus.OK:
        versioned = "v" in request.args
        response.headers["Cache-Control"] = _FOREVER if versioned else "no-cache"
    return response
