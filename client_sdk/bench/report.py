"""A report on results: Markdown, JSON, a plot, or one HTML page with all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import isfinite
from typing import Final

from client_sdk.bench.plot import plot_svg, printable
from client_sdk.bench.result import BenchmarkResult, summary_of
from client_sdk.bench.verdicts import finite
from client_sdk.contract.canonical import dumps
from client_sdk.contract.values import JsonValue

COLUMNS: Final = (
    "Benchmark",
    "Iterations",
    "Mean (ms)",
    "Median (ms)",
    "P95 (ms)",
    "P99 (ms)",
    "Throughput (ops/s)",
    "Errors",
    "Memory (MB)",
)
MARK: Final = " †"
FOOTNOTE: Final = "† too few successful calls for this percentile: it is only the maximum."
STYLE: Final = (
    "body{font:15px/1.5 sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1a1a1a}"
    "table{border-collapse:collapse;margin:1rem 0}th,td{border:1px solid #ccc;padding:.3rem .6rem;"
    "text-align:right}th:first-child,td:first-child{text-align:left}svg{max-width:100%;height:auto}"
)


def report_of(results: Sequence[BenchmarkResult], form: str, moment: str) -> str:
    """Write the report in a form; `moment` is the time in UTC that it bears.

    Raises:
        ValueError: there is no such form.
    """
    if form not in FORMS:
        raise ValueError(f"format: {form!r} is none of {', '.join(FORMS)}")
    return FORMS[form](results, moment)


def _markdown(results: Sequence[BenchmarkResult], moment: str) -> str:
    lines = ["# Benchmark report", "", f"Generated: {moment} (UTC)", ""]
    lines += [_piped(COLUMNS), _piped(["---", *["---:"] * (len(COLUMNS) - 1)])]
    lines += [_piped([_cell(cell) for cell in _row(result)]) for result in results]
    if not results:
        lines += ["", "_Nothing was measured._"]
    if any(result.unsupported for result in results):
        lines += ["", FOOTNOTE]
    lines += [f"\n{_cell(note)}" for result in results for note in _notes(result)]
    return "\n".join(lines) + "\n"


def _json(results: Sequence[BenchmarkResult], moment: str) -> str:
    listed: list[JsonValue] = [result.to_json() for result in results]
    return dumps({"generated_at": moment, "results": listed}, indent=2)


def _svg(results: Sequence[BenchmarkResult], moment: str) -> str:
    del moment
    return plot_svg(results)


def _html(results: Sequence[BenchmarkResult], moment: str) -> str:
    notes = [note for result in results for note in _notes(result)]
    notes += [FOOTNOTE] if any(result.unsupported for result in results) else []
    steps = [(result, name, times) for result in results for name, times in result.steps.items()]
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            "<title>Benchmark report</title>",
            f"<style>{STYLE}</style>\n</head>\n<body>",
            f"<h1>Benchmark report</h1>\n<p>Generated: {escape(moment)} (UTC)</p>",
            _html_table(COLUMNS, [_row(result) for result in results]),
            plot_svg(results),
            *(f"<p>{escape(printable(note))}</p>" for note in notes),
            *_html_steps(steps),
            "</body>\n</html>\n",
        ]
    )


def _html_steps(steps: Sequence[tuple[BenchmarkResult, str, list[float]]]) -> list[str]:
    if not steps:
        return []
    rows = []
    for result, name, times in steps:
        numbers = summary_of(sorted(times))
        shown = [_number(numbers[each]) for each in ("mean_ms", "median_ms", "p95_ms")]
        rows.append([result.name, name, str(len(times)), *shown])
    columns = ("Benchmark", "Step", "Times", "Mean (ms)", "Median (ms)", "P95 (ms)")
    return ["<h2>Steps</h2>", _html_table(columns, rows)]


def _html_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    lines = ["".join(f"<td>{escape(printable(cell))}</td>" for cell in row) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(result: BenchmarkResult) -> list[str]:
    def latency(name: str) -> str:
        mark = MARK if name in result.unsupported and result.successes else ""
        return _number(getattr(result, name)) + mark

    return [
        result.name,
        str(result.iterations),
        latency("mean_ms"),
        latency("median_ms"),
        latency("p95_ms"),
        latency("p99_ms"),
        _number(result.throughput_ops_sec),
        str(result.errors),
        "–" if result.memory == "off" else _number(result.peak_memory_mb),
    ]


def _notes(result: BenchmarkResult) -> list[str]:
    notes = []
    if result.dropped:
        notes.append(f"{result.dropped} calls were due and never sent")
    if result.service_ms:
        service = summary_of(sorted(result.service_ms))
        notes.append(
            f"latency counts from the moment a call was due; from when it was sent, the median is "
            f"{_number(service['median_ms'])} ms and p95 {_number(service['p95_ms'])} ms"
        )
    if result.warmup_errors:
        notes.append(f"{result.warmup_errors} warm-up calls failed")
    if result.error_kinds:
        listed = (f"{count} × {kind}" for kind, count in sorted(result.error_kinds.items()))
        notes.append(f"errors: {', '.join(listed)}")
    return [f"{result.name}: {note}." for note in notes]


def _number(value: float) -> str:
    shown = finite(value) if isfinite(value) else None
    return "–" if shown is None else f"{shown:.2f}"


def _piped(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    flat = " ".join(printable(text).split())
    return "".join(f"\\{letter}" if letter in "\\`*_|<>[]" else letter for letter in flat)


FORMS: Final[dict[str, Callable[[Sequence[BenchmarkResult], str], str]]] = {
    "markdown": _markdown,
    "json": _json,
    "svg": _svg,
    "html": _html,
}
