"""`tally mock`: the sandbox as a process, and whether a mock answers as contracts say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from client_sdk.broker_client import BrokerClient
from client_sdk.cli.exits import Exit
from client_sdk.cli.files import contract_files, read_contract
from client_sdk.cli.mock_answer import answer_of
from client_sdk.cli.mock_sources import mock_of_file, mock_of_source
from client_sdk.cli.options import (
    VERSION_VARIABLES,
    broker_client,
    broker_options,
    output_options,
    say,
)
from client_sdk.contract.model import Contract
from client_sdk.exchange import Outcome, ToolClient, ToolMapping
from client_sdk.mock import BEHAVIOURS, GreenHelixMock, ToolMock
from client_sdk.mock.fidelity import FidelityReport, check_contract
from client_sdk.mock.remote import RemoteStates
from client_sdk.mock.running import Place, Wire, run

_EXITS = {
    Outcome.PASS: Exit.OK,
    Outcome.FAIL: Exit.FAILED,
    Outcome.INCONCLUSIVE: Exit.INCONCLUSIVE,
    Outcome.ERROR: Exit.INCONCLUSIVE,
}
_WIRES = {None: Wire.HTTP, "http": Wire.MCP_HTTP, "stdio": Wire.MCP_STDIO}


@click.group("mock")
def mock() -> None:
    """Mocks of tools: the guide's gateway, or one made from a contract or an offer."""


@mock.command("serve")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0: a free one."
)
@click.option("--key", help="Ask callers for this bearer key [TALLY_SANDBOX_KEY].")
@click.option(
    "--behaviour",
    "behaviours",
    multiple=True,
    type=click.Choice(sorted(BEHAVIOURS)),
    help="Break the gateway in this way; repeat for several.",
)
@click.option(
    "--contract",
    "contract_file",
    type=click.Path(path_type=Path),
    help="Answer what this contract allows instead.",
)
@click.option(
    "--offer",
    "offer_file",
    type=click.Path(path_type=Path),
    help="Answer what this offer says instead.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Repeats the same answers.")
@click.option("--mcp", type=click.Choice(["stdio", "http"]), help="Be an MCP server.")
def serve(
    port: int,
    key: str | None,
    behaviours: tuple[str, ...],
    contract_file: Path | None,
    offer_file: Path | None,
    seed: int,
    mcp: str | None,
) -> int:
    """Serve a mock on loopback until Ctrl-C; the first line says its address.

    `POST /v1` takes {"tool", "input"}, `POST /v1/TOOL` the input. `POST /_state` sets a provider
    state up, so it is what `tally verify --state-url` wants; `GET /_calls` shows every call.
    With --mcp the same tools are listed and called by the Model Context Protocol.
    """
    files = [file for file in (contract_file, offer_file) if file is not None]
    if len(files) > 1 or (files and behaviours):
        raise click.UsageError("give one of --contract, --offer and --behaviour")
    chosen: ToolMock
    if files:
        chosen = mock_of_file(files[0], seed=seed)
    else:
        chosen = GreenHelixMock(seed=seed, behaviours=behaviours)
    run(chosen, _WIRES[mcp], Place(port=port, key=key))
    return Exit.OK


@mock.command("verify")
@click.argument("places", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--mock-from",
    help="A contract or offer file, or module:name of a ToolMock; the guide's gateway if absent.",
)
@click.option("--base-url", help="A mock that is served somewhere, instead.")
@click.option("--state-url", help="Where its provider states are set up [BASE_URL/_state].")
@click.option(
    "--mapping",
    type=click.Choice([each.value for each in ToolMapping]),
    default=ToolMapping.BODY.value,
    show_default=True,
    help="Where the tool's name stands, with --base-url.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Repeats the same samples.")
@click.option(
    "--samples", type=click.IntRange(0, 1000), default=10, show_default=True, help="A tool."
)
@click.option("--publish", is_flag=True, help="Publish the result as evidence.")
@click.option("--participant", help="Whose build used the mock [the contract's consumer].")
@click.option("--version", "-v", envvar=VERSION_VARIABLES, help="The version of that build.")
@broker_options
@output_options
def verify(places: tuple[Path, ...], **given: Any) -> int:  # noqa: ANN401 - one value per option
    """Check that a mock answers as each CONTRACT says: every example, and samples around them.

    Exits 0 when every tool was judged and nothing was wrong, 1 when an answer broke a contract,
    3 when a tool could not be judged.
    """
    if given["mock_from"] and given["base_url"]:
        raise click.UsageError("--mock-from and --base-url exclude each other")
    if given["publish"] and not given["version"]:
        raise click.UsageError("--publish needs --version: evidence is about a version")
    contracts = [read_contract(file) for file in contract_files(places)]
    reports = _reports(contracts, given)
    notes: list[str] = []
    if given["publish"]:
        client = broker_client(given["broker_url"], given["token"], given["token_file"])
        notes = [
            _published(client, contract, report, given)
            for contract, report in zip(contracts, reports, strict=True)
        ]
    answer, outcome = answer_of(reports, notes)
    say(answer, given["output"], given["output_file"])
    return _EXITS[outcome]


def _reports(contracts: list[Contract], given: dict[str, Any]) -> list[FidelityReport]:
    seed, samples = given["seed"], given["samples"]
    if given["base_url"] is None:
        mock = mock_of_source(given["mock_from"], seed=seed)
        return [mock.verify(each, seed=seed, samples=samples) for each in contracts]
    client = ToolClient(given["base_url"], mapping=ToolMapping(given["mapping"]))
    states = RemoteStates(given["base_url"], given["state_url"])
    try:
        return [
            check_contract(client, each, states.enter, seed=seed, samples=samples)
            for each in contracts
        ]
    finally:
        client.close()
        states.close()


def _published(
    client: BrokerClient, contract: Contract, report: FidelityReport, given: dict[str, Any]
) -> str:
    participant = given["participant"] or contract.consumer
    record = report.to_evidence(participant, given["version"]).to_json()
    answer: Any = client.publish_evidence(record)
    return f"published as evidence {answer['evidence']['id']} about {participant}"
