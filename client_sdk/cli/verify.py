"""`tally verify`: replay what consumers rely on against a running producer."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from client_sdk import __version__
from client_sdk.broker_client import BrokerClient
from client_sdk.cli.exits import Exit
from client_sdk.cli.files import contract_files, read_contract
from client_sdk.cli.headers import headers_of
from client_sdk.cli.kinds import SECONDS_ABOVE_0, TEXT
from client_sdk.cli.options import (
    BRANCH_VARIABLES,
    BUILD_VARIABLES,
    VERSION_VARIABLES,
    broker_client,
    broker_options,
    output_options,
    say,
)
from client_sdk.cli.progress import progress_bar
from client_sdk.cli.verify_answer import answer_of
from client_sdk.contract.reading import contract_from_document
from client_sdk.contract.values import JsonObject
from client_sdk.exchange import ToolMapping
from client_sdk.exchange.mapping import endpoint_of
from client_sdk.verify import (
    CommandStates,
    ContractUnderTest,
    McpTarget,
    Mode,
    Producer,
    ProviderStates,
    PublishValues,
    Target,
    ToolOutcome,
    VerificationRun,
    VerifyOptions,
    verify_contracts,
)
from client_sdk.verify.states import PATIENCE

_EXITS = {
    ToolOutcome.PASSED: Exit.OK,
    ToolOutcome.FAILED: Exit.FAILED,
    ToolOutcome.NOT_TESTED: Exit.INCONCLUSIVE,
}


@click.command("verify")
@click.option("--producer", "-p", type=TEXT, required=True, help="Who is verified.")
@click.option("--base-url", help="Where it runs.")
@click.option("--mcp-command", help="Starts it as an MCP server over stdio instead (no shell).")
@click.option("--mcp-url", help="Where it listens as an MCP server over streamable HTTP instead.")
@click.option(
    "--version", "-v", type=TEXT, envvar=VERSION_VARIABLES, help="The version that runs there."
)
@click.option("--branch", type=TEXT, envvar=BRANCH_VARIABLES, help="The branch of this build.")
@click.option("--build-url", envvar=BUILD_VARIABLES, help="Where this build can be seen.")
@click.option("--consumer", type=TEXT, help="Only this consumer's contracts.")
@click.option(
    "--consumer-version", type=TEXT, help="What this version of the consumer published, only."
)
@click.option("--environment", "-e", type=TEXT, help="Only what stands in this environment.")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Contract files instead.",
)
@click.option(
    "--mapping",
    type=click.Choice([each.value for each in ToolMapping]),
    default=ToolMapping.BODY.value,
    show_default=True,
    help="Where the tool's name stands: POST /v1 with it in the body, or POST /v1/TOOL.",
)
@click.option("--only", type=click.Choice(["examples"]), help="Send the written examples only.")
@click.option("--seed", type=int, default=0, show_default=True, help="Repeats the same samples.")
@click.option(
    "--samples", type=click.IntRange(1, 1000), default=20, show_default=True, help="A tool."
)
@click.option("--strict", is_flag=True, help="An undeclared 4xx on a sample fails too.")
@click.option(
    "--header", "headers", multiple=True, metavar="NAME: VALUE", help="Sent with every call."
)
@click.option("--state-url", help="Where provider states are set up.")
@click.option(
    "--state-command", help="Command that sets provider states up (JSON on stdin, no shell)."
)
@click.option(
    "--deadline",
    type=SECONDS_ABOVE_0,
    default=600,
    show_default=True,
    help="Seconds for everything.",
)
@click.option("--publish", is_flag=True, help="Record the result in the broker.")
@click.option(
    "--publish-values",
    type=click.Choice([each.value for each in PublishValues]),
    default=PublishValues.CUT.value,
    show_default=True,
    help="What is published of the values the producer answered.",
)
@broker_options
@output_options
def verify(**given: Any) -> int:  # noqa: ANN401 - click hands over one value per option
    """Fetch what this build must verify, call the producer, and judge every answer.

    Every written example is sent, then inputs sampled around the examples. Exits 0 when every
    contract that counts passed, 1 when one failed, 3 when nothing was tested. A failing contract
    that is pending does not fail the build.
    """
    if given["publish"] and not given["version"]:
        raise click.UsageError("--publish needs --version: a result belongs to a version")
    _check_consumer_version(given)
    _check_files(given)
    target = _target(given)
    states = _states(given, target)
    local = tuple(given["files"])
    client = None if local and not given["publish"] else _client(given)
    contracts = _local_contracts(local, given) if local else _asked(client, given)
    run = _run(contracts, target, states, given)
    notes: list[str] = []
    try:
        if client is not None and given["publish"]:
            for note in _published(client, run, given):
                notes.append(note)  # noqa: PERF402 - one refused leaves those before it
    finally:  # what was found is shown even when the broker does not take it
        answer = answer_of(run, given["producer"], tuple(notes))
        say(answer, given["output"], given["output_file"])
    return _EXITS[run.outcome]


def _check_consumer_version(given: dict[str, Any]) -> None:
    if not given["consumer_version"]:
        return
    if not given["consumer"]:
        raise click.UsageError("--consumer-version needs --consumer: a version is somebody's")
    if given["environment"] or given["files"]:
        raise click.UsageError(
            "--consumer-version names the contract: give neither --environment nor --file"
        )


def _check_files(given: dict[str, Any]) -> None:
    if given["files"] and given["environment"]:
        raise click.UsageError("--file names the contracts: --environment says nothing of files")


def _client(given: dict[str, Any]) -> BrokerClient:
    return broker_client(given["broker_url"], given["token"], given["token_file"])


def _local_contracts(files: tuple[Path, ...], given: dict[str, Any]) -> list[ContractUnderTest]:
    found = [read_contract(file) for file in contract_files(files)]
    producer, consumer = given["producer"], given["consumer"]
    fitting = [
        each for each in found if each.producer == producer and consumer in {None, each.consumer}
    ]
    if not fitting:
        whose = f"{consumer} with {producer}" if consumer else f"somebody with {producer}"
        raise click.UsageError(f"none of these files is a contract of {whose}")
    return [ContractUnderTest(each) for each in fitting]


def _asked(client: BrokerClient | None, given: dict[str, Any]) -> list[ContractUnderTest]:
    if client is None:
        return []
    if given["consumer_version"]:
        return [_published_by(client, given)]
    names = ("branch", "environment", "consumer")
    query = [(name, given[name]) for name in names if given[name]]
    answer: Any = client.contracts_to_verify(given["producer"], query)
    return [
        ContractUnderTest(contract_from_document(each["contract"]), each["pending"])
        for each in answer["contracts"]
    ]


def _published_by(client: BrokerClient, given: dict[str, Any]) -> ContractUnderTest:
    """The contract of a version, wherever it stands; asked for by name, it is never pending."""
    sides = (given["consumer"], given["producer"])
    answer: Any = client.contract(*sides, given["consumer_version"])
    return ContractUnderTest(contract_from_document(answer["contract"]))


def _run(
    contracts: list[ContractUnderTest],
    target: Producer,
    states: ProviderStates | None,
    given: dict[str, Any],
) -> VerificationRun:
    if not contracts:
        return VerificationRun(())
    options = VerifyOptions(
        mode=Mode.EXAMPLES if given["only"] else Mode.SAMPLED,
        seed=given["seed"],
        samples_per_tool=given["samples"],
        strict=given["strict"],
        deadline=given["deadline"],
    )
    with progress_bar("verifying") as advance:
        return verify_contracts(
            contracts,
            target,
            options=options,
            states=states,
            on_progress=lambda step: advance(step.done, step.total, step.tool_name),
        )


def _target(given: dict[str, Any]) -> Producer:
    places = [name for name in ("base_url", "mcp_command", "mcp_url") if given[name]]
    if len(places) != 1:
        raise click.UsageError("give one of --base-url, --mcp-command and --mcp-url")
    headers = headers_of(given["headers"])
    if given["base_url"]:
        endpoint_of(given["base_url"])
        return Target(given["base_url"], ToolMapping(given["mapping"]), headers)
    if given["mcp_url"]:
        return McpTarget(url=given["mcp_url"], headers=headers)
    if given["headers"]:
        raise click.UsageError("--header goes with an address: a command over stdio takes none")
    return McpTarget(command=_words("--mcp-command", given["mcp_command"]))


def _words(option: str, command: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise click.UsageError(f"{option} cannot be read: {error}") from error
    if not words:
        raise click.UsageError(f"{option} names no command")
    return words


def _states(given: dict[str, Any], target: Producer) -> ProviderStates | None:
    address, command = given["state_url"], given["state_command"]
    patience = min(PATIENCE, given["deadline"])
    if address is not None and command is not None:
        raise click.UsageError("--state-url and --state-command exclude each other")
    if address is not None:
        return target.state_hook(address, patience=patience)
    if command is not None:
        return CommandStates(_words("--state-command", command), patience=patience)
    return None


def _published(client: BrokerClient, run: VerificationRun, given: dict[str, Any]) -> Iterator[str]:
    values = PublishValues(given["publish_values"])
    for each in run.contracts:
        request: JsonObject = {
            "producer": given["producer"],
            "version": given["version"],
            "contract_digest": each.contract.digest,
            "verifier": {"name": "tally", "version": __version__},
            "tools": list(run.tools_for(each.contract, publish_values=values)),
        }
        for name in ("branch", "build_url"):
            if given[name]:
                request[name] = given[name]
        stored: Any = client.record_verification(request)
        number = stored["verification"]["number"]
        yield f"recorded as verification {number} of {each.contract.consumer}"
