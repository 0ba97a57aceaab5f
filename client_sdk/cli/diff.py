"""`tally diff`: what changed between two contract files, and who is hurt."""

from pathlib import Path

import click

from client_sdk.cli.answer import Answer, Case
from client_sdk.cli.exits import Exit
from client_sdk.cli.files import read_contract
from client_sdk.cli.options import output_options, say
from client_sdk.cli.reports import findings_notes, findings_table, headline
from client_sdk.contract.delta import delta_lines
from client_sdk.contract.errors import Severity
from client_sdk.contract.evolve import Finding, Mode, evolve


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.GUIDE.value,
    show_default=True,
    help="Which changes count as errors.",
)
@click.option("--literal", is_flag=True, help="Ask about members that nobody declared, too.")
@click.option("--raw", is_flag=True, help="Show the raw structural delta too.")
@output_options
def diff(
    old: Path,
    new: Path,
    mode: str,
    *,
    literal: bool,
    raw: bool,
    output: str,
    output_file: Path | None,
) -> int:
    """Compare two versions of a contract file without a broker.

    Exits 0 when no finding is an error, 1 when one is, 3 when something could not be decided.
    """
    before, after = read_contract(old), read_contract(new)
    found = evolve(before, after, Mode(mode), literal=literal)
    report = {**found.to_json(), "suggested_step": found.suggested_step}
    delta = delta_lines(before.document, after.document) if raw else ()
    if raw:
        report["delta"] = list(delta)
    answer = Answer(
        data=report,
        headline=f"{headline(report)}; suggested step: {found.suggested_step}",
        tables=(findings_table(report),),
        notes=findings_notes(report, str(new)),
        cases=tuple(map(_case, found.findings)) or (Case("no difference", str(new)),),
        tail=delta,
    )
    say(answer, output, output_file)
    return exit_code(report)


def _case(finding: Finding) -> Case:
    """One check of a test report: an error fails it, what is undecided skips it."""
    failure = finding.message if finding.severity is Severity.ERROR else None
    open_ = finding.message if failure is None and finding.verdict == "undecided" else None
    return Case(f"{finding.id} {finding.path}", finding.tool, failure, open_)


def exit_code(report: object) -> Exit:
    """1 for an error, 3 for something undecided, else 0."""
    findings = report["findings"] if isinstance(report, dict) else []
    if any(finding["severity"] == "error" for finding in findings):
        return Exit.FAILED
    if any(finding["verdict"] == "undecided" for finding in findings):
        return Exit.INCONCLUSIVE
    return Exit.OK
