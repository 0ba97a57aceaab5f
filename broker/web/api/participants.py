"""Participants over HTTP, with their versions and branches."""

from flask import Response

from broker.domain.participant import Participant, Version
from broker.services import participants as known
from broker.services.participants import ParticipantPatch
from broker.web.api import representations as shown
from broker.web.api.bodies import ParticipantBody
from broker.web.api.conditional import as_it_was_read, tagged
from broker.web.api.edge import read_body, read_query
from broker.web.api.paging import slice_of
from broker.web.api.parameters import BranchesQuery, BranchQuery, PageQuery, VersionsQuery
from broker.web.api.routing import Route
from broker.web.context import context


def list_participants() -> Response:
    """GET all participants by name."""
    page = read_query(PageQuery).page
    found = known.list_participants(context().store, page)
    return shown.json_answer(shown.page_json(found, shown.participant_json))


def get_participant(participant: str) -> Response:
    """GET one participant."""
    found = known.get_participant(context().store, participant)
    return _answer(found)


def patch_participant(participant: str) -> Response:
    """PATCH what is known of a participant."""
    body = read_body(ParticipantBody)
    patch = ParticipantPatch(given=frozenset(body.model_fields_set), **dict(body))
    found = known.get_participant(context().store, participant)
    expected = as_it_was_read(found, found.name, _answer(found))
    saved, notices = known.patch_participant(
        context().store, participant, patch, clock=context().clock, expected=expected
    )
    answer = shown.json_answer(
        {"participant": shown.participant_json(saved), "notices": shown.notices_json(notices)}
    )
    return tagged(answer, _answer(saved))


def delete_participant(participant: str) -> Response:
    """DELETE a participant with all it has."""
    found = known.get_participant(context().store, participant)
    expected = as_it_was_read(found, found.name, _answer(found), required=False)
    known.delete_participant(context().store, participant, clock=context().clock, expected=expected)
    return shown.no_answer()


def list_versions(participant: str) -> Response:
    """GET the versions of a participant."""
    query = read_query(VersionsQuery)
    found = known.list_versions(context().store, participant, query.page, branch=query.branch)
    return shown.json_answer(shown.page_json(found, shown.version_json))


def get_version(participant: str, version: str) -> Response:
    """GET one version."""
    found = known.get_version(context().store, participant, version)
    return _version_answer(found)


def delete_version(participant: str, version: str) -> Response:
    """DELETE a version with all it has."""
    found = known.get_version(context().store, participant, version)
    expected = as_it_was_read(found, str(found.ref), _version_answer(found), required=False)
    known.delete_version(
        context().store, participant, version, clock=context().clock, expected=expected
    )
    return shown.no_answer()


def list_branches(participant: str) -> Response:
    """GET the branches of a participant."""
    query = read_query(BranchesQuery)
    found = known.list_branches(context().store, participant, name=query.name)
    part = slice_of(found, query.page, lambda branch: (branch.name,), (str,))
    return shown.json_answer(shown.page_json(part, shown.branch_json))


def delete_branch(participant: str) -> Response:
    """DELETE a branch; its versions stay."""
    query = read_query(BranchQuery)
    known.delete_branch(context().store, participant, query.name, clock=context().clock)
    return shown.no_answer()


def _answer(participant: Participant) -> Response:
    return shown.json_answer({"participant": shown.participant_json(participant)})


def _version_answer(version: Version) -> Response:
    return shown.json_answer({"version": shown.version_json(version)})


_ONE = "/participants/<participant>"

ROUTES = (
    Route("GET", "/participants", list_participants, takes_query=True),
    Route("GET", _ONE, get_participant),
    Route("PATCH", _ONE, patch_participant),
    Route("DELETE", _ONE, delete_participant),
    Route("GET", f"{_ONE}/versions", list_versions, takes_query=True),
    Route("GET", f"{_ONE}/versions/<version>", get_version),
    Route("DELETE", f"{_ONE}/versions/<version>", delete_version),
    Route("GET", f"{_ONE}/branches", list_branches, takes_query=True),
    Route("DELETE", f"{_ONE}/branches", delete_branch, takes_query=True),
)
