"""Can I deploy: the question as a form, the answer with its reasons and what would resolve them."""

from dataclasses import dataclass

from flask import request

from broker.domain.can_i_deploy import (
    Decision,
    DeployQuery,
    Destination,
    ToEnvironment,
    ToMain,
)
from broker.domain.environment import Environment
from broker.domain.paging import LARGEST_LIMIT, Page
from broker.domain.participant import Participant, Version, VersionRef
from broker.services.can_i_deploy import can_i_deploy as decide
from broker.services.environments import list_environments
from broker.services.participants import list_participants, list_versions
from broker.web.context import context
from broker.web.dashboard.addresses import origin
from broker.web.dashboard.answers import Shown
from broker.web.dashboard.queries import text_in_query
from broker.web.dashboard.routing import Screen
from broker.web.dashboard.view_models.commands import deploy_command
from broker.web.refusals import FieldFault, ParametersInvalid
from client_sdk.contract.errors import NameRefused
from client_sdk.contract.names import (
    check_environment_name,
    check_participant_name,
    check_version_number,
)

MAIN = "@main"  # no environment can have this name
_MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class DeployScreen:
    """`decision` is `None` until a whole question is asked; `to` is an environment or `@main`.

    `requires` are the kinds of evidence the destination demands.
    """

    participants: tuple[Participant, ...]
    environments: tuple[Environment, ...]
    versions: tuple[Version, ...]
    asked: tuple[tuple[str, str], ...]
    to: str | None
    decision: Decision | None
    command: str | None
    requires: tuple[str, ...] = ()


def can_i_deploy() -> Shown:
    """GET the form and, when everything is named, the answer."""
    store = context().store
    named, to = _named(), text_in_query("to")
    asked = tuple((name, number) for name, number in named if number)
    environments = list_environments(store)
    decision = command = None
    if asked and to:
        refs = tuple(VersionRef(*each) for each in asked)
        decision = decide(store, DeployQuery(refs, _destination(to)))
        command = deploy_command(asked, None if to == MAIN else to, origin())
    screen = DeployScreen(
        participants=list_participants(store, Page(limit=LARGEST_LIMIT)).items,
        environments=environments,
        versions=list_versions(store, named[0][0], Page()).items if named else (),
        asked=named,
        to=to or next((each.name for each in environments), None),
        decision=decision,
        command=command,
        requires=next((e.required_evidence for e in environments if e.name == to), ()),
    )
    return Shown("can_i_deploy.html", screen)


def _named() -> tuple[tuple[str, str], ...]:
    """The participants asked about, each with its version, which may still be missing."""
    names, numbers = request.args.getlist("participant"), request.args.getlist("version")
    padded = [*numbers, *[""] * len(names)]
    pairs = [(name, number.strip()) for name, number in zip(names, padded, strict=False) if name]
    try:
        for name, number in pairs[:_MOST_NAMED]:
            check_participant_name(name)
            if number:
                check_version_number(number)
    except NameRefused as refused:
        raise ParametersInvalid((FieldFault(str(refused), parameter="version"),)) from None
    return tuple(pairs[:_MOST_NAMED])


def _destination(to: str) -> Destination:
    if to == MAIN:
        return ToMain()
    try:
        return ToEnvironment(check_environment_name(to))
    except NameRefused as refused:
        raise ParametersInvalid((FieldFault(str(refused), parameter="to"),)) from None


SCREENS = (Screen("/can-i-deploy", can_i_deploy),)
