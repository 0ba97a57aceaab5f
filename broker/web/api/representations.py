"""How the domain's values look in JSON: one function per value, and the answers made of them."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeVar

from flask import Response

from broker.domain.environment import Deployment, Environment, Release
from broker.domain.paging import Slice
from broker.domain.participant import Branch, Participant, Version
from broker.domain.publication import (
    Comparison,
    Integration,
    Notice,
    Predecessor,
    Publication,
    PublishOutcome,
    StoredPublication,
)
from broker.domain.verification import ContractToVerify, ToolResult, Verification
from client_sdk.contract.document import JsonObject, JsonValue, dumps
from client_sdk.contract.evolve import Report

Json = JsonValue
JSON_TYPE = "application/json"
T = TypeVar("T")


def json_answer(
    value: JsonValue, status: HTTPStatus = HTTPStatus.OK, *, location: str | None = None
) -> Response:
    """An answer in JSON, numbers exact."""
    response = Response(dumps(value), status=status, content_type=JSON_TYPE)
    if location is not None:
        response.headers["Location"] = location
    return response


def no_answer() -> Response:
    """The answer to what is done and leaves nothing to say."""
    response = Response(status=HTTPStatus.NO_CONTENT)
    del response.headers["Content-Type"]
    return response


def with_stored(members: JsonObject, name: str, document: bytes) -> bytes:
    """The JSON of `members` and of one more, whose text is stored JSON and goes in as it is."""
    head = dumps({**members, name: None}).removesuffix("null}")
    return head.encode() + document + b"}"


def page_json(page: Slice[T], item_json: Callable[[T], JsonObject]) -> JsonObject:
    """One page of a list."""
    return {"items": [item_json(item) for item in page.items], "next": page.next}


def publication_json(publication: Publication) -> JsonObject:
    """The fact that a version published a content."""
    return {
        "consumer": publication.consumer,
        "version": publication.version,
        "producer": publication.producer,
        "digest": publication.digest,
        "branches": list(publication.branches),
        "created_at": time_json(publication.created_at),
        "severity": publication.severity,
    }


def report_json(report: Report, *, against: Predecessor | None) -> JsonObject:
    """A report, and what it compares with."""
    shown: JsonObject | None = None
    if against is not None:
        shown = {"version": against.version, "digest": against.digest}
    return {**report.to_json(), "against": shown}


def outcome_json(outcome: PublishOutcome) -> JsonObject:
    """The answer to one published contract."""
    return {
        "publication": publication_json(outcome.publication),
        "created": outcome.created,
        "report": report_json(outcome.report, against=outcome.against),
        "notices": notices_json(outcome.notices),
    }


def notices_json(notices: Iterable[Notice]) -> list[JsonValue]:
    """Sentences for the person who asked."""
    return [{"level": notice.level, "text": notice.text} for notice in notices]


def integration_json(integration: Integration) -> JsonObject:
    """How publications of a pair are judged."""
    return {
        "consumer": integration.consumer,
        "producer": integration.producer,
        "mode": integration.mode.value,
        "on_breaking": integration.on_breaking.value,
    }


def verification_json(verification: Verification) -> JsonObject:
    """A verification, tool by tool."""
    verifier: JsonObject | None = None
    if verification.verifier_name is not None:
        verifier = {"name": verification.verifier_name, "version": verification.verifier_version}
    return {
        "id": verification.id,
        "number": verification.number,
        "outcome": verification.outcome.value,
        "contract_digest": verification.contract_digest,
        "consumer": verification.consumer,
        "producer": verification.producer,
        "version": verification.version,
        "verified_at": time_json(verification.verified_at),
        "build_url": verification.build_url,
        "verifier": verifier,
        "tools": [_tool_result_json(tool) for tool in verification.tools],
    }


def needed_answer(needed: Iterable[ContractToVerify]) -> Response:
    """The contents a producer must verify, each as it is stored."""
    texts = (with_stored(_needed_json(each), "contract", each.document) for each in needed)
    return Response(b'{"contracts": [' + b", ".join(texts) + b"]}", content_type=JSON_TYPE)


def stored_answer(stored: StoredPublication) -> Response:
    """A publication with the contract as it came, its report and who verified it."""
    members: JsonObject = {
        "publication": publication_json(stored.publication),
        "report": report_json(stored.report, against=stored.against),
        "verifications": [verification_json(each) for each in stored.verifications],
    }
    return Response(with_stored(members, "contract", stored.received), content_type=JSON_TYPE)


def comparison_json(comparison: Comparison) -> JsonObject:
    """Two publications, and what lies between them."""
    return {
        "from": publication_json(comparison.old),
        "to": publication_json(comparison.new),
        "report": report_json(comparison.report, against=_predecessor(comparison.old)),
    }


def environment_json(environment: Environment) -> JsonObject:
    """A place versions run in."""
    return {
        "name": environment.name,
        "production": environment.production,
        "display_name": environment.display_name,
        "contacts": list(environment.contacts),
        "required_evidence": list(environment.required_evidence),
        "created_at": time_json(environment.created_at),
    }


def deployment_json(deployment: Deployment) -> JsonObject:
    """A version that runs, or ran, somewhere."""
    return {
        "id": deployment.id,
        "environment": deployment.environment,
        "participant": deployment.participant,
        "version": deployment.version,
        "instance": deployment.instance,
        "deployed_at": time_json(deployment.deployed_at),
        "undeployed_at": _optional_time_json(deployment.undeployed_at),
    }


def release_json(release: Release) -> JsonObject:
    """A version that is, or was, supported somewhere."""
    return {
        "id": release.id,
        "environment": release.environment,
        "participant": release.participant,
        "version": release.version,
        "released_at": time_json(release.released_at),
        "support_ended_at": _optional_time_json(release.support_ended_at),
    }


def participant_json(participant: Participant) -> JsonObject:
    """Who takes part."""
    return {
        "name": participant.name,
        "main_branch": participant.main_branch,
        "display_name": participant.display_name,
        "repository_url": participant.repository_url,
        "labels": dict(participant.labels),
        "created_at": time_json(participant.created_at),
    }


def version_json(version: Version) -> JsonObject:
    """One version."""
    return {
        "participant": version.participant,
        "version": version.number,
        "arrival": version.arrival,
        "branches": list(version.branches),
        "build_url": version.build_url,
        "uses_nothing": version.uses_nothing,
        "created_at": time_json(version.created_at),
    }


def branch_json(branch: Branch) -> JsonObject:
    """A branch and its head."""
    return {
        "participant": branch.participant,
        "name": branch.name,
        "head": branch.head,
        "updated_at": time_json(branch.updated_at),
    }


def time_json(moment: datetime) -> str:
    """RFC 3339, in UTC, with a Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _optional_time_json(moment: datetime | None) -> str | None:
    return None if moment is None else time_json(moment)


def _predecessor(publication: Publication) -> Predecessor:
    return Predecessor(publication.version, publication.digest)


def _needed_json(needed: ContractToVerify) -> JsonObject:
    return {
        "consumer": needed.consumer,
        "versions": list(needed.versions),
        "digest": needed.digest,
        "pending": needed.pending,
        "why": list(needed.why),
    }


def _tool_result_json(tool: ToolResult) -> JsonObject:
    return {
        "tool_name": tool.tool_name,
        "outcome": tool.outcome.value,
        "checks": tool.checks,
        "coverage": tool.coverage.value,
        "violations": [dict(violation) for violation in tool.violations],
        **({"violations_left_out": True} if tool.violations_left_out else {}),
    }
