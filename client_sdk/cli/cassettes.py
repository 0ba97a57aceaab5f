"""`tally cassettes`: look at recordings, compare them, hold them against contracts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from client_sdk.broker_client import BrokerClient
from client_sdk.cli.answer import Answer, Format
from client_sdk.cli.cassette_answers import checks_answer, diff_answer, list_answer
from client_sdk.cli.cassette_changes import prune, refresh, scrub
from client_sdk.cli.cassette_files import load_tapes
from client_sdk.cli.exits import Exit
from client_sdk.cli.files import contract_files, read_document
from client_sdk.cli.options import (
    VERSION_VARIABLES,
    broker_client,
    broker_options,
    output_options,
    say,
)
from client_sdk.cli.output import write
from client_sdk.contract.document import dumps
from client_sdk.contract.model import Contract
from client_sdk.contract.reading import contract_from_document, parse_contract
from client_sdk.exchange import Outcome
from client_sdk.harness import Cassette, CassetteCheck, evidence_from_checks
from client_sdk.harness.checking import worst_outcome
from client_sdk.harness.inference import contract_document

FOLDER = Path("tests/cassettes")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_EXITS = {Outcome.PASS: Exit.OK, Outcome.FAIL: Exit.FAILED}


def age(text: str) -> float:
    """Read an age such as `36h`, `7d` or `2w`, in seconds."""
    number, unit = text[:-1], text[-1:]
    if unit not in SECONDS or not number.isascii() or not number.isdigit():
        raise click.BadParameter(f"{text!r} is no age: a whole number and s, m, h, d or w")
    return int(number) * SECONDS[unit]


@click.group("cassettes")
def cassettes() -> None:
    """Recorded calls: list, compare, check against contracts, clean and renew."""


@cassettes.command("list")
@click.argument("places", nargs=-1, type=click.Path(path_type=Path))
@click.option("--max-age", type=age, help="Fail when one is older, e.g. 7d.")
@output_options
def list_cassettes(
    places: tuple[Path, ...], max_age: float | None, output: str, output_file: Path | None
) -> int:
    """Say what is recorded, where and when; PLACES are files or folders [tests/cassettes].

    Exits 1 when one is older than --max-age.
    """
    answer, expired = list_answer(load_tapes(places or (FOLDER,)), time.time(), max_age)
    say(answer, output, output_file)
    return Exit.FAILED if expired else Exit.OK


@cassettes.command("diff")
@click.argument("old", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("new", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@output_options
def diff(old: Path, new: Path, output: str, output_file: Path | None) -> int:
    """Say call by call what changed from OLD to NEW; times and request ids are no change.

    Exits 0 when nothing did, 1 when something did.
    """
    found = Cassette.load(old).diff(Cassette.load(new))
    say(diff_answer(str(new), found), output, output_file)
    return Exit.OK if found.is_empty else Exit.FAILED


@cassettes.command("verify")
@click.argument("places", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--contract",
    "contracts",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Contract file or folder; repeat for several.",
)
@click.option("--producer", "-p", help="Or: what the broker wants this producer to keep.")
@click.option("--consumer", help="Of these, only this consumer's.")
@click.option("--publish", is_flag=True, help="Record the result as evidence in the broker.")
@click.option("--participant", help="Whom the evidence is about.")
@click.option("--version", "-v", envvar=VERSION_VARIABLES, help="Its version.")
@broker_options
@output_options
def verify(**given: Any) -> int:  # noqa: ANN401 - click hands over one value per option
    """Check every recorded exchange against the contracts of today.

    Exits 0 when all of them hold, 1 when one is broken, 3 when an exchange is covered by none.
    """
    if given["publish"] and not (given["participant"] and given["version"]):
        raise click.UsageError("--publish needs --participant and --version")
    contracts = _contracts(given)
    tapes = load_tapes(given["places"] or (FOLDER,))
    checks = [tape.cassette.verify(contracts) for tape in tapes]
    outcome = worst_outcome(checks)
    tail = _published(checks, given) if given["publish"] else ()
    answer = checks_answer(tapes, checks, outcome, tail)
    say(answer, given["output"], given["output_file"])
    return _EXITS.get(outcome, Exit.INCONCLUSIVE)


@cassettes.command("infer")
@click.argument("places", nargs=-1, type=click.Path(path_type=Path))
@click.option("--consumer", "-c", required=True, help="Who calls.")
@click.option("--producer", "-p", required=True, help="Who answers.")
@click.option("--tool-version", default="1.0", show_default=True, help="Of each tool's interface.")
@click.option(
    "--output-file", type=click.Path(path_type=Path, dir_okay=False), help="Write it there."
)
def infer(
    places: tuple[Path, ...],
    consumer: str,
    producer: str,
    tool_version: str,
    output_file: Path | None,
) -> None:
    """Write the smallest contract that all recorded calls keep.

    Every recorded field counts as read; `AgentTestHarness(track_reads=True)` and `ablate` leave
    out those that a test does not need.
    """
    document = contract_document(
        [tape.cassette for tape in load_tapes(places or (FOLDER,))],
        consumer=consumer,
        producer=producer,
        version=tool_version,
    )
    contract_from_document(document)
    if output_file is None:
        click.echo(dumps(document, indent=2))
    else:
        write(Answer(document), Format.JSON, output_file)


def _contracts(given: dict[str, Any]) -> list[Contract]:
    if bool(given["contracts"]) == bool(given["producer"]):
        raise click.UsageError("give --contract FILE, or --producer NAME to ask the broker")
    if given["contracts"]:
        found = [parse_contract(read_document(file)) for file in contract_files(given["contracts"])]
    else:
        query = [("consumer", given["consumer"])] if given["consumer"] else []
        answer: Any = _client(given).contracts_to_verify(given["producer"], query)
        found = [contract_from_document(each["contract"]) for each in answer["contracts"]]
    wanted = [each for each in found if given["consumer"] in {None, each.consumer}]
    if not wanted:
        raise click.UsageError("there is no such contract: nothing to check against")
    return wanted


def _published(checks: list[CassetteCheck], given: dict[str, Any]) -> tuple[str, ...]:
    evidence = evidence_from_checks(checks, given["participant"], given["version"])
    _client(given).publish_evidence(evidence.to_json())
    return (f"recorded as evidence about {given['participant']} {given['version']}",)


def _client(given: dict[str, Any]) -> BrokerClient:
    return broker_client(given["broker_url"], given["token"], given["token_file"])


for _command in (prune, refresh, scrub):
    cassettes.add_command(_command)
