"""Reports: nine columns, UTC, escaped names, and a plot that any viewer draws."""

import json
from xml.etree import ElementTree as ET

import pytest

from client_sdk.bench import AgentBenchmark
from client_sdk.bench.plot import plot_svg

NASTY = "a|b <script>alert(1)</script>\n`c`"


@pytest.fixture
def benchmark(clock, target):
    benchmark = AgentBenchmark(target(times=(10.0, 20.0)), 0, clock=clock)
    benchmark.benchmark_tool(NASTY, "get_balance", {}, iterations=100)
    return benchmark


def test_the_table_has_the_guides_nine_columns(benchmark):
    """B6"""
    lines = benchmark.generate_report().splitlines()

    header = next(line for line in lines if line.startswith("| Benchmark"))
    assert header.count("|") == 10
    row = next(line for line in lines if "script" in line)
    assert row.replace("\\|", "").count("|") == 10
    assert "| 100 | 15.00 | 10.00 | 20.00 | 20.00 |" in row
    assert "Generated: 2023-11-14T22:13:" in benchmark.generate_report()
    assert "(UTC)" in benchmark.generate_report()


def test_a_name_cannot_break_the_table(benchmark):
    """b10"""
    assert "a\\|b \\<script\\>" in benchmark.generate_report()


def test_a_report_of_nothing_says_so(clock, target):
    text = AgentBenchmark(target(), clock=clock).generate_report()

    assert "Nothing was measured" in text


def test_what_a_reader_must_know_stands_below(clock, target):
    """b3, b7, b9"""
    client = target(times=(50.0,), statuses=(500, *[200] * 49))
    benchmark = AgentBenchmark(client, 1, clock=clock)
    benchmark.benchmark_tool("paced", "get_a", {}, iterations=100, rate=100)

    text = benchmark.generate_report()

    assert next(line for line in text.splitlines() if "| paced" in line).count("†") == 1
    assert "† too few successful calls" in text
    assert "60 calls were due and never sent" in text
    assert "from when it was sent, the median is 50.00 ms" in text
    assert "1 warm-up calls failed" in text


def test_a_benchmark_without_a_success_has_no_numbers(clock, target):
    benchmark = AgentBenchmark(target(statuses=(500,)), 0, clock=clock, memory="off")
    benchmark.benchmark_tool("broken", "get_a", {}, iterations=3)

    assert "| broken | 3 | – | – | – | – | 0.00 | 3 | – |" in benchmark.generate_report()
    assert "no call succeeded" in benchmark.generate_report("svg")
    assert "3 × status 500" in benchmark.generate_report()


def test_the_json_report_is_complete(benchmark):
    report = json.loads(benchmark.generate_report("json"))

    assert report["results"][0]["name"] == NASTY
    assert len(report["results"][0]["latencies"]) == 100
    assert report["generated_at"].endswith("Z")


def test_the_plot_is_well_formed_and_draws_each_result(benchmark):
    """The latency plot."""
    benchmark.benchmark_tool("second", "get_balance", {}, iterations=2)

    svg = ET.fromstring(benchmark.generate_report("svg"))

    names = [each.text for each in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert any(name.startswith("a|b <script>") for name in names)
    assert any(name.startswith("second (2 calls") for name in names)
    assert len(list(svg.iter("{http://www.w3.org/2000/svg}polyline"))) == 2


@pytest.mark.parametrize("latencies", [[0.0] * 5, [1e-6], [1e9] * 200, [3.0]])
def test_any_latency_fits_into_the_plot(result_of, latencies):
    svg = ET.fromstring(plot_svg([result_of(latencies)]))

    height = float(svg.get("height"))
    for circle in svg.iter("{http://www.w3.org/2000/svg}circle"):
        assert 0 <= float(circle.get("cy")) <= height


def test_the_page_stands_alone(benchmark, clock):
    """No script, nothing that is loaded, every name escaped."""

    def workflow(step):
        step("pay <b>")
        clock.sleep(0.004)

    benchmark.benchmark_workflow("flow", workflow, iterations=2)

    page = benchmark.generate_report("html")

    assert "<script" not in page
    assert "<b>" not in page
    assert "pay &lt;b&gt;" in page
    assert "<svg" in page
    assert page.count("http") == page.count("http://www.w3.org/2000/svg")


def test_an_unknown_format_is_refused(benchmark):
    with pytest.raises(ValueError, match="'pdf' is none of markdown, json, svg, html"):
        benchmark.generate_report("pdf")
