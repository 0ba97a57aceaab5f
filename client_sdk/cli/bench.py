"""`tally bench`: measure tools, compare results, hold limits against them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from client_sdk.bench import (
    AgentBenchmark,
    BaselineCheck,
    BenchmarkResult,
    GateOutcome,
    Verdict,
    check_baseline,
    check_gates,
    evidence_of,
    gate_contract,
    load_baselines,
    load_results,
    parse_gate,
    save_results,
)
from client_sdk.bench.machine import Memory
from client_sdk.bench.verdicts import gravest
from client_sdk.cli.bench_answer import compared_answer, gated_answer, overall
from client_sdk.cli.exits import Exit
from client_sdk.cli.files import read_document
from client_sdk.cli.headers import headers_of
from client_sdk.cli.options import (
    VERSION_VARIABLES,
    broker_client,
    broker_options,
    output_options,
    say,
)
from client_sdk.contract.document import parse_untrusted
from client_sdk.contract.model import Contract, ToolContract, is_success
from client_sdk.contract.reading import parse_contract
from client_sdk.contract.values import JsonValue
from client_sdk.exchange import ToolClient, ToolMapping
from client_sdk.transport import Timeout, Transport

_EXITS = {Verdict.PASS: Exit.OK, Verdict.FAIL: Exit.FAILED}
_REPORTS = {".md": "markdown", ".json": "json", ".svg": "svg", ".html": "html"}
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("bench")
def bench() -> None:
    """How fast tools are, whether they got slower, and whether that is within the limits."""


@bench.command("run")
@click.option("--base-url", required=True, help="Where the service runs.")
@click.option("--tool", "tools", multiple=True, help="A tool to measure; repeatable.")
@click.option("--input", "inputs", multiple=True, help="Its input: JSON, or @FILE. Default: {}.")
@click.option("--contract", "contract_file", type=_FILE, help="Measure its tools, hold its limits.")
@click.option("--gate", "gates", multiple=True, help="p99<500ms, error_rate<1%; repeatable.")
@click.option("--iterations", type=int, default=100, show_default=True, help="Calls of a tool.")
@click.option(
    "--warmup", type=int, default=5, show_default=True, help="Calls before the measuring."
)
@click.option("--duration", type=float, help="Seconds to go on for, instead of a number of calls.")
@click.option("--rate", type=float, help="Calls due in a second, whatever the target does.")
@click.option("--timeout", type=float, default=10, show_default=True, help="Seconds for a call.")
@click.option("--concurrency", type=int, default=1, show_default=True, help="Calls side by side.")
@click.option(
    "--budget", type=int, help="The most calls that may change something, on a live target."
)
@click.option(
    "--memory",
    type=click.Choice([Memory.OFF.value, Memory.RSS.value]),
    default=Memory.OFF.value,
    show_default=True,
    help="Memory of this process.",
)
@click.option(
    "--mapping",
    type=click.Choice([each.value for each in ToolMapping]),
    default=ToolMapping.BODY.value,
    show_default=True,
    help="Where the tool's name stands.",
)
@click.option("--header", "headers", multiple=True, metavar="NAME: VALUE", help="With every call.")
@click.option("--baseline", type=_FILE, help="Compare with what this file holds.")
@click.option("--update-baseline", is_flag=True, help="Add the runs to it afterwards.")
@click.option("--repin", is_flag=True, help="With --update-baseline: pin these runs.")
@click.option("--threshold", type=float, default=10.0, show_default=True, help="Per cent.")
@click.option("--out", type=_FILE, help="Keep the results there.")
@click.option("--report", type=_FILE, help="Write a report: .md, .json, .svg or .html.")
@click.option("--publish", is_flag=True, help="Publish the result to the broker as evidence.")
@click.option("--participant", "-p", help="Whose tools these are; for --publish.")
@click.option("--version", "-v", envvar=VERSION_VARIABLES, help="The version that runs there.")
@broker_options
@output_options
def run(**given: Any) -> int:  # noqa: ANN401 - click hands over one value per option
    """Call tools of a running service and measure them.

    Without --gate, no call may fail. Exits 0 when every limit holds, 1 when one does not or the
    baseline was better, 3 when too little was measured to tell, 4 when nothing answered.
    """
    _check_options(given)
    contract = None if given["contract_file"] is None else _contract(given["contract_file"])
    client = ToolClient(
        given["base_url"],
        mapping=ToolMapping(given["mapping"]),
        headers=headers_of(given["headers"]),
        transport=Transport(Timeout(read=given["timeout"], total=given["timeout"])),
    )
    with _usage_faults():
        benchmark = AgentBenchmark(
            client, given["warmup"], memory=given["memory"], budget=given["budget"]
        )
        for tool, inputs in _measured_tools(given, contract).items():
            _measure(benchmark, tool, inputs, given)
        client.close()
        outcomes = _outcomes(benchmark.results, given["gates"], contract)
        checks = _checks(benchmark, given)
        _keep(benchmark, given)
    verdict = overall(outcomes, checks)
    note = _published(benchmark.results, verdict, given) if given["publish"] else ()
    answer = gated_answer(benchmark.results, outcomes, checks, tail=note)
    say(answer, given["output"], given["output_file"])
    return _EXITS.get(verdict, Exit.INCONCLUSIVE)


@bench.command("compare")
@click.argument("base", type=_FILE)
@click.argument("current", type=_FILE)
@click.option("--threshold", type=float, default=10.0, show_default=True, help="Per cent.")
@output_options
def compare(
    base: Path, current: Path, threshold: float, output: str, output_file: Path | None
) -> int:
    """Compare the results in CURRENT with those in BASE, results or baselines.

    Exits 0 when nothing got worse, 1 when something did, 3 when too little was measured to tell or
    the two must not be compared.
    """
    with _usage_faults():
        baselines, results = load_baselines(base), load_results(current)
        checks = [check_baseline(baselines.get(each.name), each, threshold) for each in results]
    say(compared_answer(checks), output, output_file)
    return _EXITS.get(gravest(each.verdict for each in checks), Exit.INCONCLUSIVE)


@bench.command("gate")
@click.argument("result", type=_FILE)
@click.argument("expressions", nargs=-1)
@click.option("--contract", "contract_file", type=_FILE, help="Hold its expectations too.")
@output_options
def gate(
    result: Path,
    expressions: tuple[str, ...],
    contract_file: Path | None,
    output: str,
    output_file: Path | None,
) -> int:
    """Hold limits against the results in a file: 'p99<500ms' 'error_rate<1%' 'NAME:p95<2s'.

    Exits 0 when every limit holds, 1 when one does not, 3 when too little was measured to tell.
    """
    if not expressions and contract_file is None:
        raise click.UsageError("no limit is given: nothing would be shown (try 'p95<300ms')")
    contract = None if contract_file is None else _contract(contract_file)
    with _usage_faults():
        results = load_results(result)
        outcomes = _outcomes(results, expressions, contract)
    say(gated_answer(results, outcomes, []), output, output_file)
    return _EXITS.get(gravest(each.verdict for each in outcomes), Exit.INCONCLUSIVE)


def _check_options(given: dict[str, Any]) -> None:
    if not given["tools"] and given["contract_file"] is None:
        raise click.UsageError("give --tool or --contract: nothing would be measured")
    if len(given["inputs"]) > len(given["tools"]):
        raise click.UsageError("each --input belongs to a --tool: there are more inputs than tools")
    if given["publish"] and not (given["participant"] and given["version"]):
        raise click.UsageError("--publish needs --participant and --version")
    if given["update_baseline"] and given["baseline"] is None:
        raise click.UsageError("--update-baseline needs --baseline")
    if given["report"] is not None and given["report"].suffix not in _REPORTS:
        raise click.UsageError(f"--report: the name ends in none of {', '.join(_REPORTS)}")
    with _usage_faults():  # before the first call, which may be one of many
        for text in given["gates"]:
            parse_gate(text)
        if given["baseline"] is not None and not given["update_baseline"]:
            load_baselines(given["baseline"])


def _contract(file: Path) -> Contract:
    return parse_contract(read_document(file))


def _measured_tools(given: dict[str, Any], contract: Contract | None) -> dict[str, list[JsonValue]]:
    """Each tool with the inputs that its calls take in turns."""
    inputs = [_input(text) for text in given["inputs"]]
    chosen: dict[str, list[JsonValue]] = {}
    for index, tool in enumerate(given["tools"]):
        chosen[tool] = [inputs[index] if index < len(inputs) else {}]
    for each in contract.tools if contract is not None and not chosen else ():
        examples = _good_inputs(each)
        if examples:
            chosen[each.tool_name] = examples
    if not chosen:
        raise click.UsageError(
            "no tool of the contract has an example that succeeds: give --tool and --input"
        )
    return chosen


def _good_inputs(tool: ToolContract) -> list[JsonValue]:
    return [
        example.input
        for example in tool.examples
        if example.response is None or is_success(example.response.status_code)
    ]


def _input(text: str) -> JsonValue:
    raw = read_document(Path(text[1:])) if text.startswith("@") else text.encode()
    return parse_untrusted(raw)


def _measure(
    benchmark: AgentBenchmark, tool: str, inputs: list[JsonValue], given: dict[str, Any]
) -> None:
    benchmark.benchmark_tool(
        tool,
        tool,
        lambda number: inputs[number % len(inputs)],
        given["iterations"],
        rate=given["rate"],
        concurrency=given["concurrency"],
        duration=given["duration"],
    )


def _outcomes(
    results: list[BenchmarkResult] | tuple[BenchmarkResult, ...],
    expressions: tuple[str, ...],
    contract: Contract | None,
) -> list[GateOutcome]:
    outcomes = list(check_gates(results, expressions))
    if contract is not None:
        outcomes += gate_contract(results, contract)
    return outcomes


def _checks(benchmark: AgentBenchmark, given: dict[str, Any]) -> list[BaselineCheck]:
    file = given["baseline"]
    if file is None or (given["update_baseline"] and not file.exists()):
        return []  # the first run makes the baseline
    return benchmark.check_baseline(file, given["threshold"])


def _keep(benchmark: AgentBenchmark, given: dict[str, Any]) -> None:
    if given["out"] is not None:
        save_results(given["out"], benchmark.results)
    if given["update_baseline"]:
        benchmark.save_baseline(given["baseline"], repin=given["repin"])
    report: Path | None = given["report"]
    if report is not None:
        text = benchmark.generate_report(_REPORTS[report.suffix])
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(text, encoding="utf-8")


def _published(
    results: list[BenchmarkResult], verdict: Verdict, given: dict[str, Any]
) -> tuple[str, ...]:
    client = broker_client(given["broker_url"], given["token"], given["token_file"])
    record = evidence_of(results, given["participant"], given["version"], verdict=verdict)
    client.publish_evidence(record.to_json())
    return (f"published as evidence about {given['participant']} {given['version']}",)


@contextmanager
def _usage_faults() -> Iterator[None]:
    """A number, gate or file that cannot be used is a fault of the call."""
    try:
        yield
    except OSError as error:
        raise click.UsageError(f"{error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise click.UsageError(str(error)) from error
