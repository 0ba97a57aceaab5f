"""How a report of `evolve` is shown: the same for `diff`, `publish` and every format."""

from typing import Any

from client_sdk.cli.answer import Note, Table
from client_sdk.cli.text import counted, shortened
from client_sdk.contract.document import dumps

_LEVEL = {"error": "error", "warning": "warning", "info": "note"}
_MARK = {"error": "✗", "warning": "!", "info": "·"}


def findings_table(report: Any, title: str = "") -> Table:  # noqa: ANN401 - the report's JSON
    """One row a finding, gravest first, with its witness."""
    return Table(
        columns=("", "rule", "tool", "path", "finding", "witness"),
        rows=tuple(_row(finding) for finding in report["findings"]),
        title=title,
        empty="no difference that matters",
        below=("finding", "witness"),
    )


def findings_notes(report: Any, file: str | None) -> tuple[Note, ...]:  # noqa: ANN401
    """The findings as annotations."""
    return tuple(
        Note(
            _LEVEL[finding["severity"]],
            finding["id"],
            finding["message"],
            file,
            f"/{finding['tool']}{finding['path']}",
        )
        for finding in report["findings"]
    )


def headline(report: Any) -> str:  # noqa: ANN401
    """How many findings of each severity, and the mode they were judged in."""
    counts = dict.fromkeys(_LEVEL, 0)
    for finding in report["findings"]:
        counts[finding["severity"]] += 1
    said = ", ".join(counted(count, severity) for severity, count in counts.items() if count)
    return f"{said or 'no findings'} (mode {report['mode']})"


def _row(finding: Any) -> tuple[str, ...]:  # noqa: ANN401
    witness = shortened(dumps(finding["witness"]), 400) if "witness" in finding else ""
    mark = f"{_MARK[finding['severity']]} {finding['severity']}"
    return mark, finding["id"], finding["tool"], finding["path"] or "/", finding["message"], witness
