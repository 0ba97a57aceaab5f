"""Routes as data: each noun lists its own, one blueprint serves them all under the same rules."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, request

from broker.web.api.edge import check_body
from broker.web.api.fields import check_digest, identifier
from broker.web.api.persistence import persistent
from broker.web.refusals import FieldFault, ParametersInvalid, PathNameInvalid
from client_sdk.contract.errors import NameRefused
from client_sdk.contract.names import (
    check_environment_name,
    check_participant_name,
    check_version_number,
)

View = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation: `path` below the blueprint's prefix, with `<name>` for each part that varies.

    A view that takes no query refuses every parameter unless `takes_query` says otherwise.
    """

    method: str
    path: str
    view: View
    takes_query: bool = False


# Every `<name>` that a path may hold; nothing else is let through to a view.
_NAMES: dict[str, Callable[[object], str]] = {
    "consumer": check_participant_name,
    "producer": check_participant_name,
    "participant": check_participant_name,
    "version": check_version_number,
    "environment": check_environment_name,
}


def blueprint_of(name: str, prefix: str, routes: Iterable[Route]) -> Blueprint:
    """A blueprint that serves `routes`, checking names, parameters and bodies before each."""
    blueprint = Blueprint(name, __name__, url_prefix=prefix)
    queried: set[str] = set()
    for route in routes:
        endpoint = route.view.__name__
        if route.takes_query:
            queried.add(f"{name}.{endpoint}")
        blueprint.add_url_rule(route.path, endpoint, persistent(route.view), methods=[route.method])
    blueprint.before_request(_check_path)
    blueprint.before_request(lambda: _check_query(frozenset(queried)))
    blueprint.before_request(check_body)
    return blueprint


def _check_path() -> None:
    for name, value in (request.view_args or {}).items():
        if name in _NAMES:
            _check_name(name, value)
        else:
            _check_place(name, value)


def _check_name(parameter: str, value: str) -> None:
    try:
        _NAMES[parameter](value)
    except NameRefused as refused:
        raise PathNameInvalid(parameter, str(refused)) from None


def _check_place(parameter: str, value: str) -> None:
    try:
        (check_digest if parameter == "digest" else identifier)(value)
    except ValueError as fault:
        raise PathNameInvalid(parameter, str(fault)) from None


def _check_query(queried: frozenset[str]) -> None:
    if request.args and request.endpoint not in queried:
        raise ParametersInvalid(
            tuple(FieldFault("is not known here", parameter=name) for name in request.args)
        )
