"""Sends one HTTP request to the arm that its caller belongs to, and counts how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from client_sdk.canary.controller import CanaryController
from client_sdk.contract.document import dumps, parse_untrusted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.errors import Unreachable
from client_sdk.exchange.client import result_from_answer
from client_sdk.exchange.mapping import VERSION_PART, endpoint_of
from client_sdk.transport import Timeout, Transport

KEY_HEADER: Final = "x-canary-key"
ARM_HEADER: Final = "x-canary-arm"
# Headers about one connection (RFC 9110 section 7.6.1), and what is written anew.
NOT_FORWARDED: Final = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "host",
        "content-length",
        "content-encoding",
        "accept-encoding",
        KEY_HEADER,
    }
)
PROBLEM: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Arriving:
    """A request as it came in; header names are in small letters."""

    method: str
    target: str
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Leaving:
    """What goes back to the caller."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Forwarder:
    """Knows where both arms are; safe between threads."""

    def __init__(
        self,
        controller: CanaryController,
        stable_url: str,
        canary_url: str,
        *,
        timeout: Timeout | None = None,
    ) -> None:
        self._controller = controller
        self._origins = {
            on_canary: endpoint_of(url).removesuffix(VERSION_PART)
            for on_canary, url in ((False, stable_url), (True, canary_url))
        }
        self._timeout = timeout or Timeout(connect=5, read=30, total=30)
        self._transport = Transport(self._timeout)

    def forward(self, request: Arriving) -> Leaving:
        """Forward a request and give the answer, or a 502 or 504 when there is none."""
        tool, sent = call_in(request)
        key = request.headers.get(KEY_HEADER)
        ticket = self._controller.traffic.choose(tool, sent, key)
        arm = {ARM_HEADER: "canary" if ticket.on_canary else "stable"}
        try:
            answer = self._transport.send(
                request.method,
                self._origins[ticket.on_canary] + request.target,
                content=request.content or None,
                headers=_kept(request.headers),
            )
        except Unreachable as error:
            self._controller.failed(ticket, error, bound_ms=0)
            return _no_answer(error, arm)
        self._controller.answered(ticket, tool, sent, result_from_answer(answer))
        return Leaving(answer.status, {**_kept(answer.headers), **arm}, answer.content)

    def close(self) -> None:
        """Close the kept connections."""
        self._transport.close()


def call_in(request: Arriving) -> tuple[str, JsonValue]:
    """Give the tool and input of a request, from its body or its path; no name when it has none."""
    path = [unquote(part) for part in urlsplit(request.target).path.strip("/").split("/")]
    try:
        value = parse_untrusted(request.content) if request.content else None
    except ContractError:
        value = None
    if path[0] == VERSION_PART.strip("/") and len(path) > 1:
        return path[1], value
    if isinstance(value, dict) and isinstance(value.get("tool"), str):
        return str(value["tool"]), value.get("input")
    return "", value


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in NOT_FORWARDED}


def _no_answer(error: Unreachable, arm: dict[str, str]) -> Leaving:
    status = 504 if "did not answer" in str(error) else 502
    body: JsonObject = {"type": "about:blank", "title": "No answer", "status": status}
    content = dumps({**body, "detail": "The arm that serves you gave no answer."}).encode()
    return Leaving(status, {"content-type": PROBLEM, **arm}, content)
