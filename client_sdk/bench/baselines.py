"""Baselines: a rolling window of runs against noise, a pinned run against creep.

A benchmark that gets nine per cent slower with every run passes each comparison with the run
before. It does not pass the one with the pinned run, which only an explicit order replaces.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import fsum, log, sqrt
from pathlib import Path
from threading import get_ident
from typing import Any, Final

from client_sdk.bench.compare import Comparison, compare_results
from client_sdk.bench.refusal import FileRefused
from client_sdk.bench.result import BenchmarkResult, summary_of
from client_sdk.bench.verdicts import Verdict, gravest
from client_sdk.contract.canonical import dumps
from client_sdk.contract.document import parse_untrusted
from client_sdk.contract.values import JsonObject, JsonValue, Limits

FORMAT: Final = "tallystick-benchmarks"
FORMAT_VERSION: Final = 1
WINDOW: Final = 5
FEWEST_RUNS: Final = 3  # with fewer, the spread from run to run is a guess
FILE_LIMITS: Final = Limits(max_bytes=64 * 1024 * 1024, max_values=2_000_000)
PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """The runs of one benchmark: the pinned one, and the last few, newest last."""

    pinned: BenchmarkResult
    window: tuple[BenchmarkResult, ...]

    def updated(self, current: BenchmarkResult, *, repin: bool = False) -> Baseline:
        """Give the baseline with one more run; the pinned one stays unless `repin`."""
        window = (*self.window, current)[-WINDOW:]
        return Baseline(current if repin else self.pinned, window)

    @property
    def noise_pct(self) -> float:
        """Twice the spread of the medians from run to run, in per cent; 0 when it is not known."""
        medians = [run.median_ms for run in self.window if run.successes and run.median_ms > 0]
        if len(medians) < FEWEST_RUNS:
            return 0.0
        logs = [log(median) for median in medians]
        mean = fsum(logs) / len(logs)
        return 2 * sqrt(fsum((each - mean) ** 2 for each in logs) / (len(logs) - 1)) * PERCENT


@dataclass(frozen=True, slots=True)
class BaselineCheck:
    """A run against the window, and against the pinned run; None without a baseline."""

    name: str
    window: Comparison | None = None
    pinned: Comparison | None = None

    @property
    def verdict(self) -> Verdict:
        """The gravest of both; inconclusive when there is nothing to compare with."""
        return gravest(each.verdict for each in (self.window, self.pinned) if each is not None)

    def to_json(self) -> JsonObject:
        """Give both comparisons and the verdict."""
        return {
            "name": self.name,
            "verdict": self.verdict.value,
            "window": None if self.window is None else self.window.to_json(),
            "pinned": None if self.pinned is None else self.pinned.to_json(),
        }


def check_baseline(
    baseline: Baseline | None, current: BenchmarkResult, threshold_pct: float = 10.0
) -> BaselineCheck:
    """Hold a run against the pooled window, above its own noise, and against the pinned run."""
    if baseline is None:
        return BaselineCheck(current.name)
    noise = baseline.noise_pct
    return BaselineCheck(
        current.name,
        compare_results(pooled(baseline.window), current, threshold_pct, noise_floor_pct=noise),
        compare_results(baseline.pinned, current, threshold_pct, noise_floor_pct=noise),
    )


def pooled(runs: Sequence[BenchmarkResult]) -> BenchmarkResult:
    """Give several runs of one environment as one; those of another one are left out."""
    newest = runs[-1]
    like = [run for run in runs if run.fingerprint == newest.fingerprint and run.latencies]
    if len(like) < 2:  # noqa: PLR2004 - one run is itself
        return newest
    latencies = [latency for run in like for latency in run.latencies]
    total = fsum(run.total_time_ms for run in like)
    errors = sum(run.errors for run in like)
    successes = sum(run.successes for run in like)
    numbers: dict[str, Any] = summary_of(sorted(latencies))
    return replace(
        newest,
        iterations=len(latencies) + errors,
        total_time_ms=total,
        throughput_ops_sec=successes / total * 1000 if total > 0 else 0.0,
        errors=errors,
        peak_memory_mb=max(run.peak_memory_mb for run in like),
        latencies=latencies,
        **numbers,
    )


def load_baselines(path: str | os.PathLike[str]) -> dict[str, Baseline]:
    """Read the baselines of a file by the names of their benchmarks.

    A file of plain results is a baseline too: each result is pinned and the window.

    Raises:
        OSError: the file cannot be read.
        ContractError: it is no strict JSON.
        FileRefused: it is none of ours, or of a later version; the message says which.
    """
    document = _document(path)
    benchmarks = document.get("benchmarks")
    if isinstance(benchmarks, dict):
        with _naming(path):
            return {name: _baseline(name, value) for name, value in benchmarks.items()}
    return {run.name: Baseline(run, (run,)) for run in load_results(path)}


def save_baselines(path: str | os.PathLike[str], baselines: Mapping[str, Baseline]) -> None:
    """Write baselines whole, or not at all; folders are made."""
    listed: JsonObject = {
        name: {
            "pinned": each.pinned.to_json(),
            "window": [run.to_json() for run in each.window],
        }
        for name, each in baselines.items()
    }
    _write(path, {"benchmarks": listed})


def load_results(path: str | os.PathLike[str]) -> tuple[BenchmarkResult, ...]:
    """Read the results of a file; of a file of baselines, the newest of each.

    Raises:
        OSError: the file cannot be read.
        ContractError: it is no strict JSON.
        FileRefused: it is none of ours, or of a later version; the message says which.
    """
    document = _document(path)
    if isinstance(document.get("benchmarks"), dict):
        return tuple(each.window[-1] for each in load_baselines(path).values())
    results = document.get("results")
    if not isinstance(results, list):
        raise FileRefused(f"{path}: it holds neither results nor benchmarks")
    with _naming(path):
        return tuple(BenchmarkResult.from_json(each) for each in results)


def save_results(path: str | os.PathLike[str], results: Iterable[BenchmarkResult]) -> None:
    """Write results whole, or not at all; folders are made."""
    listed: list[JsonValue] = [result.to_json() for result in results]
    _write(path, {"results": listed})


def _baseline(name: str, value: JsonValue) -> Baseline:
    if not isinstance(value, dict) or not isinstance(value.get("window"), list):
        raise FileRefused(f"benchmarks: {name} has no window of runs")
    window = value["window"]
    if not isinstance(window, list) or not window:
        raise FileRefused(f"benchmarks: the window of {name} is empty")
    runs = tuple(BenchmarkResult.from_json(each) for each in window)
    return Baseline(BenchmarkResult.from_json(value.get("pinned")), runs)


@contextmanager
def _naming(path: str | os.PathLike[str]) -> Iterator[None]:
    """Say which file it is, for a comparison reads two."""
    try:
        yield
    except FileRefused as error:
        raise FileRefused(f"{path}: {error}") from error


def _document(path: str | os.PathLike[str]) -> JsonObject:
    document = parse_untrusted(Path(path).read_bytes(), limits=FILE_LIMITS)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise FileRefused(f"{path}: it is no file of benchmarks (format {FORMAT})")
    version = document.get("format_version")
    if version != FORMAT_VERSION:
        raise FileRefused(
            f"{path}: format_version {version} is not {FORMAT_VERSION}; a newer tally wrote it"
        )
    return document


def _write(path: str | os.PathLike[str], content: JsonObject) -> None:
    document: JsonObject = {"format": FORMAT, "format_version": FORMAT_VERSION, **content}
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    # Several workers of one test run may write the same file.
    partial = file.with_name(f"{file.name}.{os.getpid()}-{get_ident()}.partial")
    partial.write_text(dumps(document) + "\n", encoding="utf-8")
    partial.replace(file)
