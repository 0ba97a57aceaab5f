"""Reaches a canary by its state file: the proxy that runs it, or else what the file holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from client_sdk.canary import CanaryController, FileStore, RunningProxy
from client_sdk.canary.config import config_from_json
from client_sdk.canary.control import PREFIX, TOKEN_HEADER, status_of
from client_sdk.canary.saved import members, text
from client_sdk.cli.answer import Answer, Case, Table
from client_sdk.contract.document import dumps, parse_untrusted
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.errors import TallyError, Unreachable
from client_sdk.exchange import Result
from client_sdk.transport import Timeout, Transport

_OK: Final = 200
_ARMS: Final = ("canary", "stable")


class OperatorRefused(TallyError):
    """The canary will not do what it was asked."""


def check_free(state: Path) -> None:
    """Make sure that no proxy runs for this state; raises OperatorRefused when one does."""
    control = FileStore(_beside(state)).load()
    try:
        served = control is not None and _asked_live(control, "status", "") is not None
    except (Unreachable, OperatorRefused):
        return
    if served:
        raise OperatorRefused(f"a proxy runs for {state} already: give another --state")


@contextmanager
def control_file(state: Path, running: RunningProxy) -> Iterator[None]:
    """Leave the proxy's address and token beside the state file while it runs."""
    store = FileStore(_beside(state))
    store.save({"url": running.url, "token": running.token})
    try:
        yield
    finally:
        store.path.unlink(missing_ok=True)


def asked_of(state: Path, command: str, *, reason: str = "") -> Any:  # noqa: ANN401 - JSON
    """Ask a canary for its status, or to do something; give its status afterwards.

    Raises:
        OperatorRefused: it will not.
        click.UsageError: there is none.
    """
    control = FileStore(_beside(state)).load()
    if control is not None:
        try:
            return _asked_live(control, command, reason)
        except Unreachable:
            pass  # the proxy has crashed: its file holds the state
    return _asked_of_file(state, command, reason)


def status_answer(status: Any) -> Answer:  # noqa: ANN401 - JSON
    """Give the status in every format."""
    rows = tuple(_row(arm, status[f"{arm}_metrics"]) for arm in _ARMS)
    columns = ("arm", "calls", "errors", "refusals", "mean ms", "p95 ms")
    steps = tuple(
        (f"{step['weight']:g} %", f"{step['seconds']:.0f}", step["ended_by"])
        for step in status["history"]
    )
    failed = status["outcome"] == "fail"
    return Answer(
        data=status,
        headline=f"{status['state']} at {status['weight']:g} %",
        tables=(Table(columns, rows), Table(("step", "seconds", "ended by"), steps, empty="")),
        cases=(Case("canary", "canary", failure=status["reason"] if failed else None),),
        tail=tuple(status["explanation"]),
    )


def _beside(state: Path) -> Path:
    return state.with_name(state.name + ".control")


def _asked_live(control: JsonObject, command: str, reason: str) -> JsonValue:
    transport = Transport(Timeout(connect=2, read=60, total=60))
    try:
        answer = transport.send(
            "GET" if command == "status" else "POST",
            text(control, "url") + PREFIX + command,
            content=dumps({"reason": reason}).encode() if reason else None,
            headers={TOKEN_HEADER: text(control, "token")},
        )
    finally:
        transport.close()
    body = parse_untrusted(answer.content)
    if answer.status != _OK:
        said = body.get("detail") if isinstance(body, dict) else body
        raise OperatorRefused(f"the canary refused: {said}")
    return {**body, "url": text(control, "url")} if isinstance(body, dict) else body


def _asked_of_file(state: Path, command: str, reason: str) -> JsonObject:
    saved = FileStore(state).load()
    if saved is None:
        raise click.UsageError(f"{state} does not exist: no canary keeps itself there")
    config = config_from_json(members(saved, "config"))
    controller = CanaryController(config, _Nobody(), _Nobody(), store=FileStore(state))
    if command == "rollback":
        try:
            controller.rollback(reason or "rolled back by an operator")
        except TallyError as error:
            raise OperatorRefused(str(error)) from error
    elif command != "status":
        raise OperatorRefused(
            f"no proxy runs for {state}, so nobody can ask the gates: "
            "start it again with `tally canary run`"
        )
    return status_of(controller)


class _Nobody:
    """The arms of a canary that does not run."""

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        raise Unreachable(f"no proxy runs: {tool} was not called with {input_data!r}")


def _row(arm: str, seen: Any) -> tuple[str, ...]:  # noqa: ANN401 - JSON
    refused = seen["requests_refused"] + seen["requests_unknown"]
    return (
        arm,
        str(seen["requests_total"]),
        f"{seen['requests_error']} ({seen['error_rate']:.2%})",
        str(refused),
        f"{seen['mean_latency_ms']:.1f}",
        f"{seen['p95_latency_ms']:.1f}",
    )
