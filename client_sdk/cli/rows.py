"""How matrix rows and decisions are shown: marks, words and columns."""

from typing import Any

from client_sdk.cli.answer import Table
from client_sdk.cli.text import short_digest, short_time

_MARKS = {
    "verified": "✓",
    "inferred": "✓",
    "fits": "✓",
    "failed": "✗",
    "unknown": "○",
    "missing": "○",
}
_NOWHERE = "nothing there"
_WITHOUT = {"unknown": "no version verified it"}


def rows_table(rows: Any, *, title: str = "", empty: str = "no rows") -> Table:  # noqa: ANN401
    """One line a row: who against whom, what is known, since when."""
    return Table(
        columns=("", "consumer", "producer", "content", "verified", "note"),
        rows=tuple(_row(row) for row in rows),
        title=title,
        empty=empty,
    )


def side(value: Any, *, without: str = _NOWHERE) -> str:  # noqa: ANN401 - {"name", "version"}
    """`name@version`; for want of a version the name and, in brackets, why there is none."""
    number = value["version"]
    return f"{value['name']}@{number}" if number else f"{value['name']} ({without})"


def _row(row: Any) -> tuple[str, ...]:  # noqa: ANN401
    verification = row.get("verification") or {}
    return (
        f"{_MARKS.get(row['outcome'], '?')} {row['outcome']}",
        side(row["consumer"]),
        side(row["producer"], without=_WITHOUT.get(row["outcome"], _NOWHERE)),
        short_digest(row["contract_digest"]),
        short_time(verification.get("verified_at")),
        "ignored" if row.get("ignored") else "",
    )
