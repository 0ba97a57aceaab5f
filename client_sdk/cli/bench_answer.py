"""How benchmarks are shown: what was measured, every limit, every comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from client_sdk.bench import BaselineCheck, BenchmarkResult, Comparison, GateOutcome, Verdict
from client_sdk.bench.verdicts import Metric, finite, gravest
from client_sdk.cli.answer import Answer, Case, Note, Table

_MARKS = {
    Verdict.PASS: "✓ pass",
    Verdict.FAIL: "✗ fail",
    Verdict.INCONCLUSIVE: "○ inconclusive",
    Verdict.NOT_COMPARABLE: "○ not comparable",
}
_LEVELS = {
    Verdict.FAIL: "error",
    Verdict.INCONCLUSIVE: "warning",
    Verdict.NOT_COMPARABLE: "warning",
}


def gated_answer(
    results: Sequence[BenchmarkResult],
    outcomes: Sequence[GateOutcome],
    checks: Sequence[BaselineCheck],
    *,
    tail: tuple[str, ...] = (),
) -> Answer:
    """Everything a run or a gate has to say."""
    verdict = overall(outcomes, checks)
    return Answer(
        data={
            "verdict": verdict.value,
            "results": [_summary(result) for result in results],
            "gates": [outcome.to_json() for outcome in outcomes],
            "baseline": [check.to_json() for check in checks],
        },
        headline=_MARKS[verdict],
        tables=(_results(results), _gates(outcomes), *_comparisons(checks)),
        notes=(*_gate_notes(outcomes), *_check_notes(checks)),
        cases=(*_gate_cases(outcomes), *_check_cases(checks)) or (_nothing_shown("limits"),),
        tail=tail,
    )


def overall(outcomes: Iterable[GateOutcome], checks: Iterable[BaselineCheck]) -> Verdict:
    """Give the gravest verdict of limits and comparisons."""
    return gravest([*(each.verdict for each in outcomes), *(each.verdict for each in checks)])


def compared_answer(checks: Sequence[BaselineCheck], not_measured: Sequence[str] = ()) -> Answer:
    """Everything a comparison has to say; `not_measured` has a baseline and no result."""
    verdict = gravest(each.verdict for each in checks)
    missed = [f"{name} has a baseline and was not measured" for name in not_measured]
    return Answer(
        data={
            "verdict": verdict.value,
            "comparisons": [check.to_json() for check in checks],
            "not_measured": list(not_measured),
        },
        headline=_MARKS[verdict],
        tables=tuple(_comparisons(checks)),
        notes=(
            *_check_notes(checks),
            *(Note("warning", "benchmark-not-measured", each) for each in missed),
        ),
        cases=tuple(_check_cases(checks)) or (_nothing_shown("no regression"),),
        tail=tuple(missed),
    )


def _summary(result: BenchmarkResult) -> object:
    samples = ("latencies", "failures", "service_ms", "steps")
    return {name: value for name, value in result.to_json().items() if name not in samples}


def _results(results: Sequence[BenchmarkResult]) -> Table:
    return Table(
        columns=("benchmark", "calls", "errors", "median", "p95", "p99", "ops/s"),
        rows=tuple(_result_row(result) for result in results),
    )


def _result_row(result: BenchmarkResult) -> tuple[str, ...]:
    def latency(name: str) -> str:
        if name in result.unsupported:
            return "–"
        return f"{_shown(getattr(result, name))} ms"

    return (
        result.name,
        str(result.iterations),
        str(result.errors),
        latency("median_ms"),
        latency("p95_ms"),
        latency("p99_ms"),
        _shown(result.throughput_ops_sec),
    )


def _gates(outcomes: Sequence[GateOutcome]) -> Table:
    return Table(
        columns=("", "limit", "benchmark", "value", "why"),
        rows=tuple(
            (
                _MARKS[each.verdict],
                each.gate.text,
                each.result_name,
                _shown(each.value),
                each.reason,
            )
            for each in outcomes
        ),
        title="Limits",
    )


def _comparisons(checks: Iterable[BaselineCheck]) -> Iterator[Table]:
    for check in checks:
        sides = (("the last runs", check.window), ("the pinned run", check.pinned))
        first_run = check.window == check.pinned  # then both would say the same
        for noun, comparison in sides[:1] if first_run else sides:
            if comparison is not None:
                yield _comparison(f"{check.name} and {noun}", comparison)
        if check.window is None:
            yield Table((), (), title=check.name, empty="there is no baseline for it")


def _comparison(title: str, comparison: Comparison) -> Table:
    said = f"{title}: {comparison.verdict.value}"
    if comparison.reasons:
        return Table((), (), title=said, empty="; ".join(comparison.reasons))
    return Table(
        columns=("", "metric", "before", "now", "change", "interval", "why"),
        rows=tuple(_metric_row(metric) for metric in comparison.metrics),
        title=said,
    )


def _metric_row(metric: Metric) -> tuple[str, ...]:
    change = metric.change_pct
    return (
        "– not judged" if metric.verdict is None else _MARKS[metric.verdict],
        metric.name,
        _shown(metric.baseline),
        _shown(metric.current),
        "–" if change is None else f"{change:+.1f} %",
        _interval(metric),
        metric.reason,
    )


def _interval(metric: Metric) -> str:
    if metric.change is None:
        return "–"
    ends = (metric.change.low, metric.change.high)
    shown = [finite((end - 1) * 100) for end in ends]
    return " to ".join("?" if end is None else f"{end:+.1f} %" for end in shown)


def _gate_notes(outcomes: Iterable[GateOutcome]) -> Iterator[Note]:
    for each in outcomes:
        if each.verdict in _LEVELS:
            said = f"{each.result_name}: {each.gate.text} is {_shown(each.value)}. {each.reason}"
            yield Note(_LEVELS[each.verdict], "benchmark-gate", said.strip())


def _check_notes(checks: Iterable[BaselineCheck]) -> Iterator[Note]:
    for each in checks:
        if each.verdict in _LEVELS:
            said = f"{each.name}: {each.verdict.value} against its baseline"
            yield Note(_LEVELS[each.verdict], "benchmark-regression", said)


def _gate_cases(outcomes: Iterable[GateOutcome]) -> Iterator[Case]:
    for each in outcomes:
        said = f"{_shown(each.value)} {each.reason}".strip()
        yield _case(each.gate.text, each.result_name, each.verdict, said)


def _check_cases(checks: Iterable[BaselineCheck]) -> Iterator[Case]:
    for each in checks:
        yield _case("no regression", each.name, each.verdict, each.verdict.value)


def _case(name: str, group: str, verdict: Verdict, said: str) -> Case:
    """A limit that was not shown to hold is no green case."""
    return Case(name, group, failure=None if verdict is Verdict.PASS else said or verdict.value)


def _nothing_shown(name: str) -> Case:
    """A report without one case would look green."""
    return _case(name, "benchmarks", Verdict.INCONCLUSIVE, "nothing was measured")


def _shown(value: float | None) -> str:
    number = finite(value)
    return "–" if number is None else f"{number:.4g}"
