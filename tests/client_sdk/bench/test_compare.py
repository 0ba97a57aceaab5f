"""Two results compared: false alarms, power, and what must not be compared."""

import random
import time
from dataclasses import replace
from math import inf

import pytest

from client_sdk.bench import AgentBenchmark, Verdict, compare_results
from client_sdk.bench.verdicts import gravest

SEED_METRICS = ("mean_ms", "median_ms", "p95_ms", "p99_ms")


def lognormal(chance, count, sigma, factor=1.0):
    return [factor * chance.lognormvariate(3, sigma) for _ in range(count)]


def test_the_guides_keys_are_all_there(clock, target, result_of):
    """B5"""
    benchmark = AgentBenchmark(target(), clock=clock)

    compared = benchmark.compare(result_of([10.0] * 100), result_of([12.0] * 100))

    assert compared["baseline_name"] == compared["current_name"] == "balance"
    assert (compared["threshold_pct"], compared["has_regression"]) == (10.0, True)
    assert compared["throughput_change_pct"] == pytest.approx(-16.67, abs=0.01)
    for name in SEED_METRICS:
        metric = compared["metrics"][name]
        assert (metric["baseline"], metric["current"]) == (10, 12)
        assert (metric["change_pct"], metric["regression"]) == (pytest.approx(20), name != "p99_ms")
    assert compared["verdict"] == "fail"


@pytest.mark.parametrize("sigma", [0.1, 0.3, 0.6])
@pytest.mark.parametrize(("count", "runs"), [(50, 150), (100, 100), (300, 40), (1000, 15)])
def test_equal_code_is_seldom_blamed_and_half_as_slow_again_is_found(result_of, sigma, count, runs):
    """b5, F2: false alarms below 5 %, +50 % found in at least 90 %; the seed makes it repeatable."""
    chance = random.Random(f"{sigma} {count}")
    blamed = found = 0

    for _ in range(runs):
        before = result_of(lognormal(chance, count, sigma))
        same = result_of(lognormal(chance, count, sigma))
        slower = result_of(lognormal(chance, count, sigma, 1.5))
        blamed += compare_results(before, same).has_regression
        found += compare_results(before, slower).has_regression

    assert blamed / runs < 0.05
    assert found / runs >= 0.9


def test_the_bare_rule_blames_equal_code(result_of):
    """b5, F2: what `method="threshold"` restores, and why it is not the default."""
    chance = random.Random(3)
    blamed = 0

    for _ in range(100):
        before, after = (result_of(lognormal(chance, 100, 0.3)) for _ in range(2))
        blamed += compare_results(before, after, method="threshold").has_regression

    assert 25 <= blamed <= 55


def test_ten_thousand_samples_are_compared_within_a_second(result_of):
    """The bound is a hundred times what it takes, so that a busy machine does not fail it."""
    chance = random.Random(1)
    before, after = (result_of(lognormal(chance, 10_000, 0.4)) for _ in range(2))
    began = time.process_time()

    compared = compare_results(before, after)

    assert time.process_time() - began < 1
    assert compared.verdict is Verdict.PASS


def test_few_samples_decide_nothing(result_of):
    """b5: inconclusive is an answer, and none that passes."""
    chance = random.Random(4)
    compared = compare_results(*(result_of(lognormal(chance, 12, 0.6)) for _ in range(2)))

    assert compared.verdict is Verdict.INCONCLUSIVE
    assert not compared.has_regression
    assert "mean_ms" in compared.undecided


def test_metrics_that_are_asked_for_decide(result_of):
    """b5: by default a tail can fail a comparison but not hold it up."""
    chance = random.Random(9)
    before, after = (result_of(lognormal(chance, 200, 0.1)) for _ in range(2))

    assert compare_results(before, after).verdict is Verdict.PASS
    assert compare_results(before, after, metrics=["p99_ms"]).verdict is Verdict.INCONCLUSIVE
    slow_tail = result_of([*[10.0] * 900, *[40.0] * 100])
    compared = compare_results(result_of([*[10.0] * 900, *[11.0] * 100]), slow_tail)
    assert compared.verdict is Verdict.FAIL
    assert compared.to_json()["metrics"]["p95_ms"]["regression"]


def test_a_few_outliers_hold_no_comparison_up(result_of):
    """b5: the mean is then uncertain, what is typical is not."""
    chance = random.Random(6)
    before, after = (
        result_of([*lognormal(chance, 390, 0.1), *lognormal(chance, 10, 0.8, 8.0)])
        for _ in range(2)
    )

    compared = compare_results(before, after)

    assert compared.verdict is Verdict.PASS
    assert "mean_ms" in compared.undecided
    assert "mean_ms" in compared.to_json()["undecided"]


def test_a_percentile_of_too_few_samples_is_not_judged(result_of):
    """b3"""
    compared = compare_results(result_of([10.0] * 50), result_of([10.0] * 50)).to_json()

    p99 = compared["metrics"]["p99_ms"]
    assert (p99["verdict"], p99["regression"]) == (None, False)
    assert p99["reason"] == "too few samples for this percentile"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "release"}, "different ones"),
        ({"tool": "release_escrow"}, "different tools"),
        ({"rate": 50.0}, "different rates"),
        ({"concurrency": 4}, "side by side"),
        ({"fingerprint": {"cpus": "64"}}, "cpus 2 and 64"),
        ({"fingerprint": {}}, "cpus 2 and unknown"),
    ],
)
def test_what_is_not_alike_is_not_compared(result_of, changes, said):
    """b8: and a thing three times as slow is then no regression of anything."""
    before = result_of([10.0] * 50, fingerprint={"cpus": "2"})
    after = replace(result_of([30.0] * 50, fingerprint={"cpus": "2"}), **changes)

    compared = compare_results(before, after)

    assert compared.verdict is Verdict.NOT_COMPARABLE
    assert said in compared.reasons[0]
    written = compared.to_json()
    assert not written["has_regression"]
    assert not any(metric["regression"] for metric in written["metrics"].values())


def test_other_environments_may_be_compared_on_demand(result_of):
    before = result_of([10.0] * 50, fingerprint={"cpus": "2"})
    after = result_of([10.0] * 50, fingerprint={"cpus": "4"})

    assert compare_results(before, after, same_environment=False).verdict is Verdict.PASS


def test_more_errors_are_a_regression(result_of):
    """b8"""
    before, after = result_of([10.0] * 100), result_of([10.0] * 90, errors=10)

    compared = compare_results(before, after)

    assert compared.has_regression
    assert compared.to_json()["metrics"]["error_rate"]["regression"]
    one = compare_results(before, result_of([10.0] * 99, errors=1))
    assert one.verdict is Verdict.PASS
    few = compare_results(before, result_of([10.0] * 95, errors=5))
    assert few.verdict is Verdict.INCONCLUSIVE


def test_nothing_but_errors_is_a_regression(result_of):
    """b2, b8"""
    before, after = result_of([10.0] * 50), result_of([], errors=50)

    assert compare_results(before, after).verdict is Verdict.FAIL
    assert compare_results(after, after).verdict is not Verdict.PASS


def test_less_throughput_is_a_regression(result_of):
    """b8"""
    before = result_of([10.0] * 50)
    after = replace(before, throughput_ops_sec=before.throughput_ops_sec / 2)

    compared = compare_results(before, after).to_json()

    assert compared["has_regression"]
    assert compared["metrics"]["throughput_ops_sec"]["regression"]
    assert compared["throughput_change_pct"] == pytest.approx(-50)


@pytest.mark.parametrize("threshold", [-1, float("nan"), float("inf"), "10", None, True])
def test_a_threshold_that_cannot_be_meant_is_refused(result_of, threshold):
    """b5, issue 4 "bad input"."""
    result = result_of([10.0] * 50)

    with pytest.raises(ValueError, match="threshold_pct"):
        compare_results(result, result, threshold)


@pytest.mark.parametrize("method", ["interval", "threshold"])
def test_a_baseline_of_nan_is_no_pass(result_of, method):
    """b8: NaN is greater than nothing, so every limit on it held."""
    broken = replace(result_of([10.0] * 50), mean_ms=float("nan"), latencies=[])

    assert compare_results(broken, broken, method=method).verdict == "inconclusive"


def test_the_guides_rule_is_one_word_away(result_of):
    """Decision 1, b5: `compat="guide"`."""
    before = result_of([5.0, 20.0] * 15)
    after = result_of([5.6, 22.4] * 15)

    assert AgentBenchmark(None).compare(before, after)["verdict"] == "inconclusive"
    guided = AgentBenchmark(None, compat="guide")
    assert guided.compare(before, after)["verdict"] == "fail"
    assert guided.compare(before, after, method="interval")["verdict"] == "inconclusive"
    with pytest.raises(ValueError, match="compat: 'guid' is none of strict, guide"):
        AgentBenchmark(None, compat="guid")


def test_what_is_no_result_is_refused_by_name(result_of):
    """b8."""
    with pytest.raises(ValueError, match="current"):
        compare_results(result_of([10.0] * 50), None)


@pytest.mark.parametrize(
    ("before", "after", "fails"),
    [(10.0, 20.0, True), (10.0, 10.5, False), (0.5, 1.2, False), (0.0, 50.0, False)],
)
def test_more_memory_is_a_regression(result_of, before, after, fails):
    """b8: by more than the threshold, and by more than one MiB."""
    first = result_of([10.0] * 50, peak_memory_mb=before, memory="tracemalloc-pass")
    second = result_of([10.0] * 50, peak_memory_mb=after, memory="tracemalloc-pass")

    assert compare_results(first, second).has_regression is fails


def test_the_peak_of_a_process_blames_nobody(result_of):
    """b4: it includes what ran before."""
    first = result_of([10.0] * 50, peak_memory_mb=40.0, memory="rss")
    second = result_of([10.0] * 50, peak_memory_mb=90.0, memory="rss")

    compared = compare_results(first, second)

    assert compared.verdict is Verdict.PASS
    assert compared.to_json()["metrics"]["peak_memory_mb"]["reason"].startswith("the peak of")


def test_memory_that_was_measured_in_another_way_is_not_judged(result_of):
    first = result_of([10.0] * 50, peak_memory_mb=10.0, memory="rss")
    second = result_of([10.0] * 50, peak_memory_mb=90.0, memory="tracemalloc-pass")

    assert compare_results(first, second).verdict is Verdict.PASS


def test_a_baseline_of_zero_is_no_excuse(result_of):
    """b8"""
    nothing, something = result_of([0.0] * 50), result_of([5.0] * 50)

    compared = compare_results(nothing, something).to_json()

    assert compared["metrics"]["mean_ms"]["regression"]
    assert compared["metrics"]["mean_ms"]["change_pct"] is None
    assert compare_results(nothing, nothing).verdict is Verdict.PASS


def test_faster_is_never_a_regression(result_of):
    compared = compare_results(result_of([20.0] * 50), result_of([10.0] * 50))

    assert compared.verdict is Verdict.PASS


def test_without_samples_the_summary_still_counts(result_of):
    before = replace(result_of([10.0, 11.0] * 50), latencies=[])
    after = replace(result_of([20.0, 21.0] * 50), latencies=[])

    assert compare_results(before, after).has_regression
    assert compare_results(before, before).verdict is Verdict.PASS


def test_the_noise_floor_hides_what_is_below_it(result_of):
    before, after = result_of([10.0] * 50), result_of([12.0] * 50)

    assert compare_results(before, after).verdict is Verdict.FAIL
    assert compare_results(before, after, noise_floor_pct=30).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"method": "t-test"}, "method"),
        ({"threshold_pct": -1}, "threshold_pct"),
        ({"threshold_pct": float("nan")}, "threshold_pct"),
        ({"alpha": 0}, "alpha"),
        ({"alpha": 0.5}, "alpha"),
        ({"noise_floor_pct": -1}, "noise_floor_pct"),
        ({"metrics": ["p98"]}, "metrics"),
        ({"metrics": []}, "metrics"),
    ],
)
def test_a_bad_option_is_refused(result_of, options, named):
    result = result_of([10.0] * 50)

    with pytest.raises(ValueError, match=named):
        compare_results(result, result, **options)


def test_an_interval_is_told_with_each_metric(result_of):
    """B5, E5"""
    chance = random.Random(2)
    before, after = (result_of(lognormal(chance, 400, 0.2)) for _ in range(2))

    metric = compare_results(before, after).to_json()["metrics"]["mean_ms"]

    low, high = metric["interval_pct"]
    assert low < metric["change_pct"] < high
    assert metric["verdict"] == "pass"
    assert inf not in (low, high)


def test_no_throughput_at_all_is_a_regression(result_of):
    """b8"""
    before = result_of([10.0] * 50)

    compared = compare_results(before, replace(before, throughput_ops_sec=0.0)).to_json()

    assert compared["metrics"]["throughput_ops_sec"]["reason"] == "nothing succeeded"
    assert compared["has_regression"]


def test_three_samples_are_no_interval(result_of):
    """b5: however far apart they are."""
    compared = compare_results(result_of([10.0, 10.1, 10.2]), result_of([30.0, 30.1, 30.2]))

    metrics = compared.to_json()["metrics"]
    assert metrics["typical_ms"]["verdict"] is None
    assert compared.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["pass", "inconclusive", "fail"], "fail"),
        (["pass", "fail", "not_comparable"], "not_comparable"),
        (["inconclusive", "pass"], "inconclusive"),
        (["pass"], "pass"),
        ([], "inconclusive"),
    ],
)
def test_the_gravest_verdict_counts_and_none_is_no_pass(verdicts, expected):
    assert gravest(map(Verdict, verdicts)) == expected
