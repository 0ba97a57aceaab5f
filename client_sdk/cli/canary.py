"""`tally canary`: a share of the callers to a new version first, then all, if it is no worse."""

from __future__ import annotations

import secrets
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

import click

from client_sdk.canary import (
    CanaryController,
    FileStore,
    Forwarder,
    GateAnswer,
    GateRefused,
    RunningProxy,
    State,
    serve_canary,
)
from client_sdk.canary.control import status_of
from client_sdk.canary.running import outcome_of, run_in_background
from client_sdk.cli.canary_operator import (
    OperatorRefused,
    asked_of,
    check_free,
    control_file,
    status_answer,
)
from client_sdk.cli.canary_plan import contract_check, gates_of, plan_of, plan_options
from client_sdk.cli.exits import Exit
from client_sdk.cli.headers import headers_of
from client_sdk.cli.options import (
    VERSION_VARIABLES,
    broker_client,
    broker_options,
    output_options,
    say,
)
from client_sdk.cli.text import printable
from client_sdk.contract.values import JsonObject
from client_sdk.exchange import Outcome, ToolClient

_EXITS = {
    Outcome.PASS: Exit.OK,
    Outcome.FAIL: Exit.FAILED,
    Outcome.INCONCLUSIVE: Exit.INCONCLUSIVE,
    Outcome.ERROR: Exit.INCONCLUSIVE,
}
_STATE = click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("canary.json"),
    show_default=True,
    help="Where the canary keeps itself; a run goes on from it.",
)


@click.group("canary")
def canary() -> None:
    """A new version for part of the callers, judged against the one that serves now."""


@canary.command("run")
@click.option("--stable", required=True, help="Address of the version that serves now.")
@click.option("--canary", "canary_url", required=True, help="Address of the version to try.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0: a free one."
)
@_STATE
@plan_options
@click.option("--participant", "-p", help="Ask can-i-deploy about it before each step.")
@click.option("--version", "-v", envvar=VERSION_VARIABLES, help="The version that is tried.")
@click.option("--environment", "-e", help="The environment that it goes to.")
@click.option(
    "--contract",
    "contracts",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Contract file or folder: an answer of the canary that breaks one rolls back.",
)
@click.option(
    "--header", "headers", multiple=True, metavar="NAME: VALUE", help="Sent when draining."
)
@click.option(
    "--watch-seconds",
    type=click.FloatRange(0),
    default=0,
    show_default=True,
    help="Hold the promoted version against history for so long.",
)
@click.option("--keep-serving", is_flag=True, help="Serve on after the decision, until Ctrl-C.")
@click.option("--publish", is_flag=True, help="Publish the result as evidence to the broker.")
@broker_options
@output_options
def run(**given: Any) -> int:  # noqa: ANN401 - click hands over one value per option
    """Split the callers of one port between two addresses until the canary is decided.

    Callers stay on their arm by the header X-Canary-Key, else by the `idempotency_key` of the
    input. Exits 0 when the canary was promoted, 1 when it was rolled back, 3 when neither can be
    justified.
    """
    if not given["watch_seconds"] < inf:
        raise click.UsageError(f"--watch-seconds is {given['watch_seconds']}: give seconds")
    client = _broker(given)
    headers = headers_of(given["headers"])
    clients = [ToolClient(given[arm], headers=headers) for arm in ("stable", "canary_url")]
    controller = CanaryController(
        plan_of(given, gates_of(client, given) if given["participant"] else ()),
        *clients,
        store=FileStore(given["state"]),
        hooks=(_said,),
        contract_check=contract_check(given["contracts"]) if given["contracts"] else None,
    )
    try:
        check_free(given["state"])
        # What cannot listen or forward leaves no canary behind that has begun.
        with _stopped_by_signal() as stopped, _serving(controller, given):
            if controller.state is State.IDLE:
                controller.start()
            _until_decided(controller, given, stopped)
    except (GateRefused, OperatorRefused) as error:
        return _refused(error)
    finally:
        for each in clients:
            each.close()
    if client is not None and given["publish"]:
        found = controller.evidence(version=given["version"])
        client.publish_evidence(replace(found, participant=given["participant"]).to_json())
    say(status_answer(status_of(controller)), given["output"], given["output_file"])
    return _EXITS[outcome_of(controller)]


@canary.command("status")
@_STATE
@output_options
def status(state: Path, output: str, output_file: Path | None) -> int:
    """Say how a canary stands, and why; exits 1 when it was rolled back."""
    found = asked_of(state, "status")
    say(status_answer(found), output, output_file)
    return Exit.FAILED if found["state"] in {"draining", "rolled_back"} else Exit.OK


@canary.command("promote")
@_STATE
@output_options
def promote(state: Path, output: str, output_file: Path | None) -> int:
    """Go to the next step now, if the gates say yes; exits 1 when it may not."""
    try:
        say(status_answer(asked_of(state, "promote")), output, output_file)
    except OperatorRefused as error:
        return _refused(error)
    return Exit.OK


@canary.command("rollback")
@_STATE
@click.option("--reason", default="", help="Why, for the history.")
@output_options
def rollback(state: Path, reason: str, output: str, output_file: Path | None) -> int:
    """Send every new caller to stable at once, whether the proxy runs or not."""
    try:
        say(status_answer(asked_of(state, "rollback", reason=reason)), output, output_file)
    except OperatorRefused as error:
        return _refused(error)
    return Exit.OK


def _broker(given: dict[str, Any]) -> Any:  # noqa: ANN401 - a client, or None
    if bool(given["participant"]) != bool(given["environment"]):
        raise click.UsageError("--participant and --environment go together")
    if given["participant"] and not given["version"]:
        raise click.UsageError("--participant needs --version: the gate asks about a version")
    if given["publish"] and not given["participant"]:
        raise click.UsageError("--publish needs --participant: evidence is about somebody")
    if not given["participant"]:
        return None
    return broker_client(given["broker_url"], given["token"], given["token_file"])


def _refused(error: GateRefused | OperatorRefused) -> int:
    """A no fails; what is only not known is inconclusive."""
    click.echo(f"tally: {printable(str(error))}", err=True)
    unknown = isinstance(error, GateRefused) and error.answer is not GateAnswer.NO
    return Exit.INCONCLUSIVE if unknown else Exit.FAILED


@contextmanager
def _serving(controller: CanaryController, given: dict[str, Any]) -> Iterator[RunningProxy]:
    forwarder = Forwarder(controller, given["stable"], given["canary_url"])
    token = secrets.token_urlsafe(24)
    with (
        serve_canary(controller, forwarder, token, port=given["port"]) as running,
        control_file(given["state"], running),
    ):
        click.echo(f"The canary proxy listens on {running.url}", err=True)
        yield running


def _until_decided(
    controller: CanaryController, given: dict[str, Any], stopped: threading.Event
) -> None:
    """Run in the background; Ctrl-C and SIGTERM end it where it stands, to be gone on with."""
    ended = run_in_background(controller, given["watch_seconds"])
    while not ended.done() and not stopped.wait(0.05):
        pass
    controller.stopped.set()
    if ended.done():
        ended.result()
    if given["keep_serving"]:
        stopped.wait()


@contextmanager
def _stopped_by_signal() -> Iterator[threading.Event]:
    stopped = threading.Event()
    signals = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: stopped.set()) for number in signals]
    try:
        yield stopped
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def _said(event: str, details: JsonObject) -> None:
    if event == "poll":
        return
    reason = f": {details['reason']}" if details.get("reason") else ""
    click.echo(printable(f"{event} at {details['weight']:g} %{reason}"), err=True)
