"""Baselines on disk: a rolling window, a pinned run, explicit updates."""

import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from client_sdk.bench import (
    AgentBenchmark,
    Baseline,
    BenchmarkResult,
    FileRefused,
    Verdict,
    check_baseline,
    load_baselines,
    load_results,
    save_results,
)
from client_sdk.bench.baselines import WINDOW, pooled
from client_sdk.contract.errors import DocumentMalformed


@pytest.fixture
def sampled(result_of):
    def make(mean, seed=0, count=200, name="balance"):
        chance = random.Random(f"{seed} {mean}")
        return result_of([mean * chance.lognormvariate(0, 0.02) for _ in range(count)], name=name)

    return make


@pytest.fixture
def measured(clock, target):
    """A benchmark that has measured one tool, at so many milliseconds a call."""

    def make(milliseconds=10.0):
        benchmark = AgentBenchmark(target(times=(milliseconds,)), 0, clock=clock)
        benchmark.benchmark_tool("balance", "get_balance", {}, iterations=30)
        return benchmark

    return make


def test_results_are_saved_with_all_that_a_comparison_needs(tmp_path, measured):
    """B8, b6"""
    file = tmp_path / "benchmarks" / "latest.json"
    results = measured().results

    save_results(file, results)
    (again,) = load_results(file)

    assert again.latencies == pytest.approx(results[0].latencies)
    assert (again.name, again.iterations, again.fingerprint) == (
        "balance",
        30,
        results[0].fingerprint,
    )
    assert [each.name for each in file.parent.iterdir()] == ["latest.json"]


def test_what_is_infinite_stays_so_in_the_file(tmp_path, result_of):
    """b2"""
    save_results(tmp_path / "r.json", [result_of([], errors=5)])

    assert json.loads((tmp_path / "r.json").read_text())["results"][0]["mean_ms"] is None
    assert not load_results(tmp_path / "r.json")[0].mean_ms < 1e9


def test_a_long_run_is_thinned_in_the_file(tmp_path, result_of):
    """b10: what is kept has a bound; the numbers are those of the whole run."""
    save_results(tmp_path / "r.json", [result_of([float(n) for n in range(1, 20_001)])])

    (again,) = load_results(tmp_path / "r.json")

    assert len(again.latencies) == 5_000
    assert (again.iterations, again.p95_ms) == (20_000, 19_000)


def test_the_first_run_is_pinned_and_stays_so(tmp_path, measured):
    """B9, b6: updating is explicit, and moves the window only."""
    file = tmp_path / "baseline.json"
    measured(10).save_baseline(file)
    measured(10.5).save_baseline(file)

    baseline = measured().load_baseline(file)["balance"]

    assert baseline.pinned.mean_ms == pytest.approx(10)
    assert [run.mean_ms for run in baseline.window] == pytest.approx([10, 10.5])
    measured(10.5).save_baseline(file, repin=True)
    assert load_baselines(file)["balance"].pinned.mean_ms == pytest.approx(10.5)


def test_a_run_is_held_against_its_baseline(tmp_path, measured):
    """B9"""
    file = tmp_path / "baseline.json"
    measured(10).save_baseline(file)

    assert [each.verdict for each in measured(10).check_baseline(file)] == [Verdict.PASS]
    assert [each.verdict for each in measured(15).check_baseline(file)] == [Verdict.FAIL]
    assert load_baselines(file)["balance"].window[0].mean_ms == pytest.approx(10)


def test_a_benchmark_without_a_baseline_is_inconclusive(result_of):
    """b6: never a pass."""
    assert check_baseline(None, result_of([10.0] * 50)).verdict is Verdict.INCONCLUSIVE
    assert check_baseline(None, result_of([10.0] * 50)).to_json()["window"] is None


def test_creep_is_seen_against_the_pinned_run(sampled):
    """b6: eight per cent a run passes against the last run, and not for ever."""
    baseline = Baseline(sampled(10), (sampled(10),))
    seen = []
    for number in range(1, 4):
        current = sampled(10 * 1.08**number, seed=number)
        against_last = Baseline(baseline.pinned, baseline.window[-1:])
        check = check_baseline(against_last, current)
        seen.append((check.window.verdict.value, check.pinned.verdict.value))
        baseline = baseline.updated(current)

    assert seen[0] == ("pass", "pass")
    assert [window for window, _ in seen] == ["pass", "pass", "pass"]
    assert [pinned for _, pinned in seen[1:]] == ["fail", "fail"]


def test_the_window_rolls(sampled):
    """b6"""
    baseline = Baseline(sampled(10), (sampled(10),))
    for number in range(10):
        baseline = baseline.updated(sampled(10, seed=number))

    assert len(baseline.window) == WINDOW


def test_the_spread_from_run_to_run_is_noise(sampled):
    """b5, b6: on a machine that varies by itself, more is needed."""
    steady = Baseline(sampled(10), tuple(sampled(10, seed=n) for n in range(3)))
    shaky = Baseline(sampled(10), tuple(sampled(mean) for mean in (8, 10, 13)))
    current = sampled(12, seed=7)

    assert steady.noise_pct < 5
    assert shaky.noise_pct > 30
    assert Baseline(sampled(10), (sampled(10), sampled(20))).noise_pct == 0
    assert check_baseline(steady, current).verdict is Verdict.FAIL
    assert check_baseline(shaky, current).verdict is not Verdict.FAIL


def test_runs_of_one_environment_are_pooled(sampled, result_of):
    here, there = {"cpus": "2"}, {"cpus": "64"}
    runs = [
        result_of([1.0] * 10, fingerprint=there),
        result_of([10.0] * 10, fingerprint=here, errors=1),
        result_of([20.0] * 10, fingerprint=here),
    ]

    together = pooled(runs)

    assert (together.mean_ms, together.iterations, together.errors) == (15, 21, 1)
    assert pooled(runs[:1]) is runs[0]


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        ("{", DocumentMalformed, "line 1"),
        ("[]", FileRefused, "no file of benchmarks"),
        ('{"format": "other"}', FileRefused, "no file of benchmarks"),
        ('{"format": "tallystick-benchmarks", "format_version": 2}', FileRefused, "newer"),
        ('{"format": "tallystick-benchmarks", "format_version": 1}', FileRefused, "neither"),
        (
            '{"format": "tallystick-benchmarks", "format_version": 1, "results": [{}]}',
            FileRefused,
            "name is missing",
        ),
        (
            '{"format": "tallystick-benchmarks", "format_version": 1, "benchmarks": {"a": 1}}',
            FileRefused,
            "no window",
        ),
        (
            '{"format": "tallystick-benchmarks", "format_version": 1, "benchmarks": {"a": {"window": []}}}',
            FileRefused,
            "empty",
        ),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused(tmp_path, content, error, said):
    """b6"""
    file = tmp_path / "baseline.json"
    file.write_text(content)

    with pytest.raises(error, match=said):
        load_baselines(file)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("iterations", "many"),
        ("errors", True),
        ("name", 3),
        ("latencies", "1,2"),
        ("steps", []),
        ("mean_ms", "fast"),
        ("fingerprint", {"cpus": 2}),
    ],
)
def test_a_member_of_another_form_is_named(result_of, member, value):
    written = result_of([1.0]).to_json() | {member: value}

    with pytest.raises(FileRefused, match=member):
        BenchmarkResult.from_json(written)


def test_a_missing_file_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_baselines(tmp_path / "nothing.json")


def test_plain_results_are_a_baseline_too(tmp_path, measured):
    save_results(tmp_path / "latest.json", measured(10).results)

    checks = measured(10).check_baseline(tmp_path / "latest.json")

    assert [each.verdict for each in checks] == [Verdict.PASS]


def test_several_workers_may_save_one_file(sampled, tmp_path):
    """b6: they shared the half-written file, and one of them lost it."""
    file = tmp_path / "latest.json"
    result = sampled(10.0)

    def save(_):
        for _ in range(20):
            save_results(file, [result])
            load_results(file)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(save, range(4))) == [None] * 4
    assert [each.name for each in tmp_path.iterdir()] == ["latest.json"]
