"""What an operator may ask of a canary that runs: how it stands, on, or back."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from typing import Final

from client_sdk.canary.controller import CanaryController
from client_sdk.canary.forwarding import PROBLEM, Arriving, Leaving
from client_sdk.canary.running import ending
from client_sdk.contract.document import dumps, parse_untrusted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonObject
from client_sdk.errors import TallyError

PREFIX: Final = "/_canary/"
TOKEN_HEADER: Final = "x-canary-token"  # noqa: S105 - the name of a header
Command = Callable[[CanaryController, str], None]


def is_control(request: Arriving) -> bool:
    """Say whether a request is for the controller and not for an arm."""
    return request.target.startswith(PREFIX)


def controlled(controller: CanaryController, token: str, request: Arriving) -> Leaving:
    """Do what an operator asks; only who holds the token may: a browser reaches loopback too."""
    given = request.headers.get(TOKEN_HEADER, "")
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode()):
        return _refused(401, "The control token is missing or wrong.")
    name = request.target.removeprefix(PREFIX)
    if name == "status" and request.method == "GET":
        return _answered(200, status_of(controller))
    command = COMMANDS.get(name)
    if command is None or request.method != "POST":
        return _refused(404, f"There is GET status, and POST {', '.join(COMMANDS)}.")
    try:
        command(controller, _reason(request.content))
    except TallyError as error:
        return _refused(409, str(error))
    return _answered(200, status_of(controller))


def status_of(controller: CanaryController) -> JsonObject:
    """Give how a canary stands, as JSON."""
    return {
        **ending(controller),
        "state": str(controller.state),
        "phase": str(controller.phase),
        "weight": controller.current_weight,
        "explanation": controller.explain().splitlines(),
        "history": [*controller.history],
    }


def _promote(controller: CanaryController, _: str) -> None:
    if not controller.promote():
        raise TallyError("a gate refused the step; status says why")


def _rollback(controller: CanaryController, reason: str) -> None:
    controller.rollback(reason or "rolled back by an operator")


def _pause(controller: CanaryController, _: str) -> None:
    controller.pause()


def _resume(controller: CanaryController, _: str) -> None:
    controller.resume()


COMMANDS: Final[Mapping[str, Command]] = {
    "promote": _promote,
    "rollback": _rollback,
    "pause": _pause,
    "resume": _resume,
}


def _reason(content: bytes) -> str:
    try:
        value = parse_untrusted(content) if content else None
    except ContractError:
        value = None
    return str(value.get("reason", "")) if isinstance(value, dict) else ""


def _answered(status: int, body: JsonObject) -> Leaving:
    return Leaving(status, {"content-type": "application/json"}, dumps(body).encode())


def _refused(status: int, detail: str) -> Leaving:
    body: JsonObject = {"type": "about:blank", "status": status, "detail": detail}
    return Leaving(status, {"content-type": PROBLEM}, dumps(body).encode())
