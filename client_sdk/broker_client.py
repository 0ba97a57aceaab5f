"""Talks to a broker over its HTTP API: one method per question, parsed JSON back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from client_sdk.contract.document import JsonObject, Limits, dumps, parse_untrusted
from client_sdk.contract.errors import ContractError
from client_sdk.errors import BrokerRefused, Unreachable
from client_sdk.settings import BrokerAddress
from client_sdk.transport import Answer, Transport

# A broker's answer may hold many contracts; it is still read by the strict parser.
_ANSWER_LIMITS = Limits(max_bytes=64 * 1024 * 1024, max_depth=100, max_values=5_000_000)
_JSON = {"Accept": "application/json", "Content-Type": "application/json"}
_OK = range(200, 300)
_ENDED = 204
_WHO = "is this a Tallystick broker?"
# What an answer is read for; somebody else's 200 must never pass for a broker's.
_PUBLISHED: Mapping[str, type] = {"publication": dict, "report": dict, "notices": list}
_DECISION: Mapping[str, type] = {"decision": str, "reasons": list, "rows": list}

Query = Sequence[tuple[str, str]]


class BrokerClient:
    """One broker, reached at `address`; every method raises Unreachable or BrokerRefused."""

    def __init__(self, address: BrokerAddress, transport: Transport | None = None) -> None:
        self._base = address.url + "/api/v1"
        self._transport = transport or Transport()
        self._headers = dict(_JSON)
        if address.token:
            self._headers["Authorization"] = f"Bearer {address.token}"

    @property
    def url(self) -> str:
        """The broker's own address, for links."""
        return self._base.removesuffix("/api/v1")

    def publish(
        self, consumer: str, producer: str, version: str, *, body: bytes, query: Query
    ) -> JsonObject:
        """Publish one contract file exactly as it stands in `body`."""
        path = _publication(consumer, producer, version)
        return self._call("PUT", path, body=body, query=query, holds=_PUBLISHED)

    def contract(self, consumer: str, producer: str, version: str) -> JsonObject:
        """What one version of a consumer published for a producer, with its results."""
        path = _publication(consumer, producer, version)
        return self._call("GET", path, holds={"contract": dict})

    def publish_all(self, request: JsonObject) -> JsonObject:
        """Publish every contract of one consumer version in one transaction."""
        return self._call("POST", "/publications", json=request, holds={"publications": list})

    def contracts_to_verify(self, producer: str, query: Query) -> JsonObject:
        """What a build of `producer` must verify."""
        path = f"/producers/{_part(producer)}/contracts-to-verify"
        return self._call("GET", path, query=query, holds={"contracts": list})

    def record_verification(self, request: JsonObject) -> JsonObject:
        """Record one verification result."""
        return self._call("POST", "/verifications", json=request, holds={"verification": dict})

    def can_i_deploy(self, query: Query) -> JsonObject:
        """The decision with its reasons and rows."""
        return self._call("GET", "/can-i-deploy", query=query, holds=_DECISION)

    def matrix(self, query: Query, *, limit: int) -> tuple[JsonObject, ...]:
        """Rows of the matrix, at most `limit`."""
        return tuple(self._pages("/matrix", query, key="rows", limit=limit))

    def record_deployment(self, environment: str, request: JsonObject) -> JsonObject:
        """Record that a version now runs in an environment."""
        path = f"/environments/{_part(environment)}/deployments"
        return self._call("POST", path, json=request, holds={"deployment": dict})

    def deployments(self, environment: str, query: Query = ()) -> tuple[JsonObject, ...]:
        """What runs in an environment now."""
        path = f"/environments/{_part(environment)}/deployments"
        return tuple(self._pages(path, query, limit=100_000))

    def end_deployment(self, environment: str, identifier: str) -> None:
        """Record that a deployment ended."""
        path = f"/environments/{_part(environment)}/deployments/{_part(identifier)}"
        self._end(path)

    def record_release(self, environment: str, request: JsonObject) -> JsonObject:
        """Record that a version is supported in an environment."""
        path = f"/environments/{_part(environment)}/releases"
        return self._call("POST", path, json=request, holds={"release": dict})

    def releases(self, environment: str, query: Query = ()) -> tuple[JsonObject, ...]:
        """What is supported in an environment now."""
        return tuple(
            self._pages(f"/environments/{_part(environment)}/releases", query, limit=100_000)
        )

    def end_release(self, environment: str, identifier: str) -> None:
        """Record that support ended."""
        self._end(f"/environments/{_part(environment)}/releases/{_part(identifier)}")

    def participants(self) -> tuple[JsonObject, ...]:
        """Every participant."""
        return tuple(self._pages("/participants", (), limit=100_000))

    def participant(self, name: str) -> JsonObject:
        """One participant."""
        return self._call("GET", f"/participants/{_part(name)}", holds={"participant": dict})

    def update_participant(self, name: str, changes: JsonObject) -> JsonObject:
        """Change main branch, display name, repository or labels."""
        current = self._send("GET", f"/participants/{_part(name)}")
        headers = {"If-Match": current.headers["ETag"]} if "ETag" in current.headers else {}
        path, holds = f"/participants/{_part(name)}", {"participant": dict}
        return self._call("PATCH", path, json=changes, headers=headers, holds=holds)

    def delete_participant(self, name: str) -> None:
        """Delete a participant with all it published; refused while it is deployed."""
        self._end(f"/participants/{_part(name)}")

    def environments(self) -> tuple[JsonObject, ...]:
        """Every environment."""
        return tuple(self._pages("/environments", (), limit=100_000))

    def create_environment(self, request: JsonObject) -> JsonObject:
        """Create an environment."""
        return self._call("POST", "/environments", json=request, holds={"environment": dict})

    def update_environment(self, name: str, changes: JsonObject) -> JsonObject:
        """Change its production flag, display name, contacts or the evidence it requires."""
        path = f"/environments/{_part(name)}"
        current = self._send("GET", path)
        headers = {"If-Match": current.headers["ETag"]} if "ETag" in current.headers else {}
        holds = {"environment": dict}
        return self._call("PATCH", path, json=changes, headers=headers, holds=holds)

    def publish_evidence(self, record: JsonObject) -> JsonObject:
        """Publish what a test run found about a version; the same again changes nothing."""
        return self._call("POST", "/evidence", json=record, holds={"evidence": dict})

    def evidence(self, query: Query = (), *, limit: int = 100) -> tuple[JsonObject, ...]:
        """What was found about versions, newest first, at most `limit`."""
        return tuple(self._pages("/evidence", query, limit=limit))

    def _pages(
        self, path: str, query: Query, *, limit: int, key: str = "items"
    ) -> Iterator[JsonObject]:
        cursor: str | None = None
        while limit > 0:
            page = [*query, ("limit", str(min(limit, 500)))]
            if cursor:
                page.append(("cursor", cursor))
            answer: Any = self._call("GET", path, query=page, holds={key: list})
            yield from answer[key][:limit]
            limit -= len(answer[key])
            cursor = answer.get("next")
            if cursor is None:
                return

    def _call(  # noqa: PLR0913 - the parts of one HTTP request
        self,
        method: str,
        path: str,
        *,
        query: Query = (),
        json: JsonObject | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        holds: Mapping[str, type],
    ) -> JsonObject:
        content = dumps(json).encode() if json is not None else body
        answer = self._send(method, path, query=query, content=content, headers=headers)
        value = _parsed(answer)
        if not isinstance(value, dict):
            raise Unreachable(f"{answer.url} answered without an object: {_WHO}")
        for member, kind in holds.items():
            if not isinstance(value.get(member), kind):
                raise Unreachable(f"{answer.url} answered without `{member}`: {_WHO}")
        return value

    def _end(self, path: str) -> None:
        answer = self._send("DELETE", path)
        if answer.status != _ENDED:
            raise Unreachable(f"{answer.url} answered {answer.status} to a DELETE: {_WHO}")

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Query = (),
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        answer = self._transport.send(
            method,
            self._base + path,
            query=query,
            content=content,
            headers={**self._headers, **(headers or {})},
        )
        if answer.status not in _OK:
            raise _refusal(answer)
        return answer


def _publication(consumer: str, producer: str, version: str) -> str:
    return f"/contracts/{_part(consumer)}/{_part(producer)}/versions/{_part(version)}"


def _part(name: str) -> str:
    return quote(name, safe="")


def _parsed(answer: Answer) -> Any:  # noqa: ANN401 - JSON of any shape
    try:
        return parse_untrusted(answer.content, limits=_ANSWER_LIMITS)
    except ContractError as error:
        raise Unreachable(f"{answer.url} did not answer in JSON: {_WHO} ({error})") from error


def _refusal(answer: Answer) -> BrokerRefused | Unreachable:
    try:
        problem = parse_untrusted(answer.content, limits=_ANSWER_LIMITS)
    except ContractError:
        problem = None
    if not isinstance(problem, dict) or "code" not in problem:
        return Unreachable(f"{answer.url} answered {answer.status} without a problem: {_WHO}")
    faults = problem.get("errors")
    return BrokerRefused(
        answer.status,
        str(problem["code"]),
        str(problem.get("detail") or problem.get("title")),
        faults=tuple(_fault(each) for each in faults) if isinstance(faults, list) else (),
        request_id=str(problem["request_id"]) if problem.get("request_id") else None,
    )


def _fault(each: Any) -> tuple[str, str]:  # noqa: ANN401 - one row of a problem's `errors`
    if not isinstance(each, dict):
        return "", str(each)
    return str(each.get("pointer", each.get("parameter", ""))), str(each.get("message", ""))
