"""`tally verify`: replay what consumers rely on against a running producer."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from client_sdk import __version__
from client_sdk.broker_client import BrokerClient
from client_sdk.cli.exits import Exit
from client_sdk.cli.files import contract_files, read_contract
from client_sdk.cli.headers import headers_of
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

_EXITS = {
    ToolOutcome.PASSED: Exit.OK,
    ToolOutcome.FAILED: Exit.FAILED,
    ToolOutcome.NOT_TESTED: Exit.INCONCLUSIVE,
}


@click.command("verify")
@click.option("--producer", "-p", required=True, help="Who is verified.")
@click.option("--base-url", help="Where it runs.")
@click.option("--mcp-command", help="Starts it as an MCP server over stdio instead (no shell).")
@click.option("--mcp-url", help="Where it listens as an MCP server over streamable HTTP instead.")
@click.option("--version", "-v", envvar=VERSION_VARIABLES, help="The version that runs there.")
@click.option("--branch", envvar=BRANCH_VARIABLES, help="The branch of this build.")
@click.option("--build-url", envvar=BUILD_VARIABLES, help="Where this build can be seen.")
@click.option("--consumer", help="Only this consumer's contracts.")
@click.option("--consumer-version", help="What this version of the consumer published, only.")
@click.option("--environment", "-e", help="Only what stands in this environment.")
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
    "--deadline", type=float, default=600, show_default=True, help="Seconds for everything."
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
    target = _target(given)
    local = tuple(given["files"])
    client = None if local and not given["publish"] else _client(given)
    contracts = _local_contracts(local, given) if local else _asked(client, given)
    run = _run(contracts, target, given)
    notes = _published(client, run, given) if client is not None and given["publish"] else ()
    say(answer_of(run, given["producer"], notes), given["output"], given["output_file"])
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


def _client(given: dict[str, Any]) -> BrokerClient:
    return broker_client(given["broker_url"], given["token"], given["token_file"])


def _local_contracts(files: tuple[Path, ...], given: dict[str, Any]) -> list[ContractUnderTest]:
    found = [read_contract(file) for file in contract_files(files)]
    fitting = [each for each in found if each.producer == given["producer"]]
    if not fitting:
        raise click.UsageError(f"none of these files is a contract with {given['producer']}")
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
    contracts: list[ContractUnderTest], target: Producer, given: dict[str, Any]
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
            states=_states(given, target),
            on_progress=lambda step: advance(step.done, step.total, step.tool_name),
        )


def _target(given: dict[str, Any]) -> Producer:
    places = [name for name in ("base_url", "mcp_command", "mcp_url") if given[name]]
    if len(places) != 1:
        raise click.UsageError("give one of --base-url, --mcp-command and --mcp-url")
    headers = headers_of(given["headers"])
    if given["base_url"]:
        return Target(given["base_url"], ToolMapping(given["mapping"]), headers)
    if given["mcp_url"]:
        return McpTarget(url=given["mcp_url"], headers=headers)
    return McpTarget(command=_words("--mcp-command", given["mcp_command"]))


def _words(option: str, command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        raise click.UsageError(f"{option} cannot be read: {error}") from error


def _states(given: dict[str, Any], target: Producer) -> ProviderStates | None:
    if given["state_url"] and given["state_command"]:
        raise click.UsageError("--state-url and --state-command exclude each other")
    if given["state_url"]:
        return target.state_hook(given["state_url"])
    if given["state_command"]:
        return CommandStates(_words("--state-command", given["state_command"]))
    return None


def _published(
    client: BrokerClient, run: VerificationRun, given: dict[str, Any]
) -> tuple[str, ...]:
    values = PublishValues(given["publish_values"])
    notes = []
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
        notes.append(f"recorded as verification {number} of {each.contract.consumer}")
    return tuple(notes)
