"""A comparison as Markdown, for a review comment."""

from broker.domain.publication import Comparison
from client_sdk.contract.document import dumps
from client_sdk.contract.evolve import NO_WITNESS, Finding

LONGEST_WITNESS = 2_000


def markdown_from_comparison(comparison: Comparison) -> str:
    """The report in words: verdict first, then one item for each finding."""
    old, new = comparison.old, comparison.new
    report = comparison.report
    title = f"## {_text(new.consumer)} → {_text(new.producer)}: {old.version} → {new.version}"
    if not report.findings:
        return f"{title}\n\nNothing changed that anybody relies on (mode `{report.mode.value}`).\n"
    summary = f"**{report.severity}** in mode `{report.mode.value}`"
    count = len(report.findings)
    noun = "finding" if count == 1 else "findings"
    items = "\n".join(_item(finding) for finding in report.findings)
    return f"{title}\n\n{summary}: {count} {noun}.\n\n{items}\n"


def _item(finding: Finding) -> str:
    place = f"{finding.tool or ''} {finding.side} {finding.path}".strip()
    line = f"- **{finding.severity.value}** {_code(place)} ({finding.id}): {_text(finding.message)}"
    if finding.hurts:
        line += f" Hurts: {', '.join(sorted(finding.hurts))}."
    if finding.witness is not NO_WITNESS:
        line += f"\n  Example: {_code(dumps(finding.witness)[:LONGEST_WITNESS])}"
    return line


def _text(words: str) -> str:
    """Words of strangers, so that they stay words."""
    flat = " ".join(words.split())
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>|#!&" else sign for sign in flat)


def _code(words: str) -> str:
    """A code span that no run of backticks inside can end."""
    flat = " ".join(words.split())
    longest = max((len(run) for run in _backtick_runs(flat)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {flat} {fence}"


def _backtick_runs(text: str) -> list[str]:
    return ["`" * len(run) for run in "".join(c if c == "`" else " " for c in text).split()]
