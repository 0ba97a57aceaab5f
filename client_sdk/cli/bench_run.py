"""`tally bench run`: measure the tools of a running service."""

from __future__ import annotations

import shlex
from contextlib import closing
from pathlib import Path
from typing import Any, Final, TypeAlias

import click

from client_sdk.bench import (
    AgentBenchmark,
    BaselineCheck,
    BenchmarkResult,
    Verdict,
    evidence_of,
    load_baselines,
    parse_gate,
    save_results,
)
from client_sdk.bench.machine import Memory
from client_sdk.cli.bench_answer import gated_answer, overall
from client_sdk.cli.bench_limits import exit_of, outcomes_of, usage_faults
from client_sdk.cli.files import read_contract, read_document
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
from client_sdk.contract.values import JsonValue
from client_sdk.exchange import ToolClient, ToolMapping
from client_sdk.exchange.mcp import McpClient
from client_sdk.transport import Timeout, Transport

_REPORTS: Final = {".md": "markdown", ".json": "json", ".svg": "svg", ".html": "html"}
_FILE: Final = click.Path(path_type=Path, dir_okay=False)
_Target: TypeAlias = ToolClient | McpClient


@click.command("run")
@click.option("--base-url", help="Where the service runs.")
@click.option("--mcp-command", help="Starts it as an MCP server over stdio instead (no shell).")
@click.option("--mcp-url", help="Where it listens as an MCP server over streamable HTTP instead.")
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
    contract = None if given["contract_file"] is None else read_contract(given["contract_file"])
    with closing(_client(given)) as client, usage_faults():
        benchmark = AgentBenchmark(
            client, given["warmup"], memory=given["memory"], budget=given["budget"]
        )
        for tool, inputs in _measured_tools(given, contract).items():
            _measure(benchmark, tool, inputs, given)
        outcomes = outcomes_of(benchmark.results, given["gates"], contract)
        checks = _checks(benchmark, given)
        _keep(benchmark, given)
    verdict = overall(outcomes, checks)
    note = _published(benchmark.results, verdict, given) if given["publish"] else ()
    answer = gated_answer(benchmark.results, outcomes, checks, tail=note)
    say(answer, given["output"], given["output_file"])
    return exit_of(verdict)


def _client(given: dict[str, Any]) -> _Target:
    places = [name for name in ("base_url", "mcp_command", "mcp_url") if given[name]]
    if len(places) != 1:
        raise click.UsageError("give one of --base-url, --mcp-command and --mcp-url")
    headers, patience = headers_of(given["headers"]), given["timeout"]
    if given["mcp_url"]:
        return McpClient.over_http(given["mcp_url"], headers=headers, timeout=patience)
    if given["mcp_command"]:
        try:
            words = shlex.split(given["mcp_command"])
        except ValueError as error:
            raise click.UsageError(f"--mcp-command cannot be read: {error}") from error
        return McpClient.over_stdio(words, timeout=patience)
    transport = Transport(Timeout(read=patience, total=patience))
    mapping = ToolMapping(given["mapping"])
    return ToolClient(given["base_url"], mapping=mapping, headers=headers, transport=transport)


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
    with usage_faults():  # before the first call, which may be one of many
        for text in given["gates"]:
            parse_gate(text)
        if given["baseline"] is not None and not given["update_baseline"]:
            load_baselines(given["baseline"])


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
