"""`tally bench`: measure tools, compare results, hold limits against them."""

from __future__ import annotations

from pathlib import Path

import click

from client_sdk.bench import check_baseline, load_baselines, load_results
from client_sdk.bench.verdicts import gravest
from client_sdk.cli.bench_answer import compared_answer, gated_answer
from client_sdk.cli.bench_limits import exit_of, outcomes_of, usage_faults
from client_sdk.cli.bench_run import run
from client_sdk.cli.files import read_contract
from client_sdk.cli.options import output_options, say

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("bench")
def bench() -> None:
    """How fast tools are, whether they got slower, and whether that is within the limits."""


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
    with usage_faults():
        baselines, results = load_baselines(base), load_results(current)
        checks = [check_baseline(baselines.get(each.name), each, threshold) for each in results]
    measured = {each.name for each in results}
    missing = [name for name in baselines if name not in measured]
    say(compared_answer(checks, missing), output, output_file)
    return exit_of(gravest(each.verdict for each in checks))


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
    contract = None if contract_file is None else read_contract(contract_file)
    with usage_faults():
        results = load_results(result)
        outcomes = outcomes_of(results, expressions, contract)
    say(gated_answer(results, outcomes, []), output, output_file)
    return exit_of(gravest(each.verdict for each in outcomes))


bench.add_command(run)
