"""Waits until what the canary made has come to its end; an answer that fails is not "nothing"."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Final

from client_sdk.canary.owners import ID, STATE_MEMBERS, is_final
from client_sdk.clock import Clock
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import Executes

if TYPE_CHECKING:
    from client_sdk.canary.controller import CanaryController

log = logging.getLogger(__name__)
POLL_SECONDS: Final = 5.0
MOST_PAGES: Final = 1_000
Look = Callable[[], list[str]]
OK: Final = 200
CURSORS: Final = ("next_cursor", "next")


@dataclass(frozen=True, slots=True)
class DrainResult:
    """What a drain came to: true only when the service said that nothing is left.

    `remaining` names what was still open at the last look, `errors` why a look failed.
    """

    drained: bool
    remaining: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.drained


class _NotListed(Exception):
    """The service did not say what is open."""


def graceful_rollback(  # noqa: PLR0913 - the guide's four; the rest is keyword-only
    controller: CanaryController,
    canary_client: Executes,
    reason: str,
    drain_timeout_seconds: float = 600,
    *,
    clock: Clock | None = None,
    poll_seconds: float = POLL_SECONDS,
) -> DrainResult:
    """Stop new traffic to the canary, wait until its pending escrows are settled, roll back.

    The rollback happens in any case; the result says whether it was a clean one.

    Args:
        controller: A running canary.
        canary_client: Asked `list_escrows` for what is pending, page by page.
        reason: Why.
        drain_timeout_seconds: How long to wait; 0 looks once.
        clock: Waits; the controller's own by default.
        poll_seconds: Between two looks.

    Raises:
        IllegalTransition: the canary is not running.
        ValueError: a number of seconds cannot be meant; the canary is as it was.
    """
    check_wait("drain_timeout_seconds", drain_timeout_seconds, poll_seconds)
    controller.begin_draining(reason)
    agent_id = controller.config.canary_agent_id
    result = _waited(
        lambda: pending_escrows(canary_client, agent_id),
        clock or controller.clock,
        drain_timeout_seconds,
        poll_seconds,
    )
    controller.finish_draining()
    return result


def drained(controller: CanaryController, timeout: float) -> DrainResult:
    """Wait until everything that the controller saw the canary make has come to its end."""
    return _waited(lambda: _still_open(controller), controller.clock, timeout, POLL_SECONDS)


def check_wait(name: str, timeout: float, poll_seconds: float = POLL_SECONDS) -> None:
    """Refuse seconds that cannot be meant.

    NaN would wait for ever, and a negative number would look like an end.

    Raises:
        ValueError: one of them cannot; the message begins with its name.
    """
    if not _is_number(timeout) or not 0 <= timeout < inf:
        raise ValueError(f"{name} is {timeout!r}: give seconds, 0 or more")
    if not _is_number(poll_seconds) or not 0 < poll_seconds < inf:
        raise ValueError(f"poll_seconds is {poll_seconds!r}: give seconds above 0")


def _is_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def pending_escrows(client: Executes, agent_id: str) -> list[str]:
    """Name the escrows of an agent that are pending, from every page of the list."""
    found: list[str] = []
    seen: set[str] = set()
    request: JsonObject = {"agent_id": agent_id, "status": "pending"}
    for _ in range(MOST_PAGES):
        body = _answer(client, "list_escrows", request)
        escrows = body.get("escrows")
        if not isinstance(escrows, list):
            raise _NotListed("list_escrows answered without the member escrows")
        found += [_name_of(escrow) for escrow in escrows if _is_open(escrow)]
        cursor = next((body[name] for name in CURSORS if body.get(name)), None)
        if cursor is None:
            if body.get("has_more") is True:
                raise _NotListed("list_escrows has more and gives no next_cursor")
            return found
        if str(cursor) in seen:
            raise _NotListed("list_escrows gave the same next_cursor twice")
        seen.add(str(cursor))
        request = {**request, "cursor": cursor}
    raise _NotListed(f"list_escrows has more than {MOST_PAGES} pages")


def _waited(look: Look, clock: Clock, timeout: float, poll_seconds: float) -> DrainResult:
    """Look until nothing is left or time is up; the first look costs no time."""
    until = clock.monotonic() + timeout
    while True:
        remaining, errors = _looked(look)
        if not remaining and not errors:
            return DrainResult(drained=True)
        left = until - clock.monotonic()
        if left <= 0:
            log.warning("the canary was not drained: %s left, %s", len(remaining), errors)
            return DrainResult(drained=False, remaining=remaining, errors=errors)
        clock.sleep(min(poll_seconds, left))


def _looked(look: Look) -> tuple[tuple[str, ...], tuple[str, ...]]:
    try:
        return tuple(look()), ()
    except Exception as error:  # noqa: BLE001 - whatever failed, it did not say "nothing is left"
        return (), (str(error) or type(error).__name__,)


def _still_open(controller: CanaryController) -> list[str]:
    """Ask the canary for the state of each entity that is open as far as was seen."""
    owners = controller.traffic.owners
    for member, identity in owners.open_of_canary():
        noun = member.removesuffix(ID)
        body = _answer(controller.canary_client, f"get_{noun}", {member: identity})
        if not _is_open(body):
            owners.close((member, identity))
    return [identity for _, identity in owners.open_of_canary()]


def _answer(client: Executes, tool: str, request: JsonObject) -> JsonObject:
    result = client.execute(tool, request)
    status, body = result.get("status_code"), result.get("body")
    if status != OK or not isinstance(body, dict):
        raise _NotListed(f"{tool} answered {status}")
    return body


def _is_open(entity: JsonValue) -> bool:
    """Whether an entity may still move; one that shows no state may."""
    if not isinstance(entity, dict):
        return True
    states = [entity[name] for name in STATE_MEMBERS if name in entity]
    return not any(is_final(state) for state in states)


def _name_of(escrow: JsonValue) -> str:
    if not isinstance(escrow, dict):
        return str(escrow)
    return str(escrow.get("escrow_id", escrow.get("id", "?")))
