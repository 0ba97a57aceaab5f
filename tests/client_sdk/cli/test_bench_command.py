"""`tally bench`: run against the sandbox on a real socket, compare, gate, publish."""

import json
import socket
import sys

import pytest

from client_sdk.bench import BenchmarkResult, load_baselines, load_results, save_results
from client_sdk.bench.result import summary_of
from client_sdk.mock import serve

BALANCE = ("--tool", "get_balance", "--input", '{"agent_id": "test-a"}')


@pytest.fixture
def url():
    with serve() as running:
        yield running.url


@pytest.fixture
def saved(tmp_path):
    """Writes a file of one result with these latencies."""

    def write(file, latencies, name="get_balance", **members):
        total = sum(latencies)
        result = BenchmarkResult(
            name=name,
            iterations=len(latencies),
            total_time_ms=total,
            throughput_ops_sec=len(latencies) / total * 1000,
            errors=0,
            peak_memory_mb=0.0,
            latencies=latencies,
            tool=name,
            **summary_of(sorted(latencies)),
            **members,
        )
        save_results(tmp_path / file, [result])
        return tmp_path / file

    return write


@pytest.fixture
def contract(tmp_path):
    tool = {
        "tool_name": "get_balance",
        "version": "1.0",
        "input_schema": {"properties": {"agent_id": {"type": "string"}}, "required": ["agent_id"]},
        "output_schema": {"balance": {"type": "string"}},
        "examples": [
            {"name": "one", "input": {"agent_id": "test-a"}},
            {"name": "bad", "input": {"agent_id": ""}, "response": {"status_code": 422}},
        ],
        "status_codes": [200, 422],
        "expectations": {"latency_ms": {"p50": 60_000}, "max_bytes": 1_000},
    }
    file = tmp_path / "buyer.contract.json"
    document = {"consumer": "buyer", "producer": "gateway", "tools": [tool]}
    file.write_text(json.dumps(document))
    return file


def test_a_tool_is_measured_and_kept(tally, url, tmp_path):
    """B3, B8"""
    said = tally(
        "bench", "run", "--base-url", url, *BALANCE, "--iterations", 20,
        "--out", tmp_path / "latest.json", "--report", tmp_path / "r.html", "-o", "json",
    )  # fmt: skip

    assert said.code == 0
    assert said.json["verdict"] == "pass"
    (result,) = load_results(tmp_path / "latest.json")
    assert (result.tool, result.iterations, result.errors) == ("get_balance", 20, 0)
    assert result.connections == 0  # the warm-up opened the one that is kept
    assert "<svg" in (tmp_path / "r.html").read_text()


def test_an_input_may_stand_in_a_file(tally, url, tmp_path):
    (tmp_path / "input.json").write_text('{"agent_id": "test-a"}')

    said = tally(
        "bench", "run", "--base-url", url, "--tool", "get_balance", "--input", "@input.json",
        "--iterations", 5,
    )  # fmt: skip

    assert said.code == 0


def test_a_contract_without_an_example_measures_nothing(tally, url, contract):
    document = json.loads(contract.read_text())
    document["tools"][0]["examples"] = []
    contract.write_text(json.dumps(document))

    said = tally("bench", "run", "--base-url", url, "--contract", contract)

    assert said.code == 2
    assert "give --tool and --input" in said.err


def test_a_limit_that_does_not_hold_fails(tally, url):
    """B8"""
    said = tally(
        "bench", "run", "--base-url", url, *BALANCE, "--iterations", 20, "--gate", "p50<1us"
    )

    assert said.code == 1
    assert "✗ fail  p50<1us" in said.out


def test_a_limit_of_too_few_calls_is_inconclusive(tally, url):
    """b3"""
    said = tally(
        "bench", "run", "--base-url", url, *BALANCE, "--iterations", 10, "--gate", "p99<60s"
    )

    assert said.code == 3
    assert "needs 100 samples" in said.out


def test_errors_fail_without_any_gate(tally, url):
    """b1, b2"""
    said = tally("bench", "run", "--base-url", url, "--tool", "get_balance", "--iterations", 5)

    assert said.code == 1
    assert "error_rate<=0%" in said.out


def test_a_contract_says_what_to_measure_and_what_to_expect(tally, url, contract):
    """E5"""
    said = tally(
        "bench", "run", "--base-url", url, "--contract", contract, "--iterations", 10, "-o", "json"
    )

    assert said.code == 0
    assert [gate["gate"] for gate in said.json["gates"]] == [
        "error_rate<=0%",
        "get_balance:p50<=60000ms",
        "get_balance:max_bytes<=1000 bytes",
    ]


def test_the_examples_of_a_contract_take_turns(tally, url, contract):
    longer = {"agent_id": "test-" + "a" * 40}
    document = json.loads(contract.read_text())
    document["tools"][0]["examples"].append({"name": "long", "input": longer})
    contract.write_text(json.dumps(document))

    said = tally(
        "bench", "run", "--base-url", url, "--contract", contract, "--iterations", 4, "-o", "json"
    )

    (result,) = said.json["results"]
    assert result["max_bytes"] > 90


def test_calls_may_be_paced_and_run_side_by_side(tally, url):
    """b7"""
    said = tally(
        "bench", "run", "--base-url", url, *BALANCE, "--iterations", 30,
        "--rate", 500, "--concurrency", 3, "--mapping", "path", "-o", "json",
    )  # fmt: skip

    (result,) = said.json["results"]
    assert (said.code, result["rate"], result["concurrency"]) == (0, 500, 3)


def test_a_baseline_is_made_and_moved_only_on_demand(tally, url, tmp_path):
    """B9, b6"""
    line = ("bench", "run", "--base-url", url, *BALANCE, "--iterations", 20, "--threshold", 100_000)
    file = tmp_path / "baseline.json"

    assert tally(*line, "--baseline", file).code == 2
    assert tally(*line, "--baseline", file, "--update-baseline").code == 0
    assert tally(*line, "--baseline", file).code == 0
    assert len(load_baselines(file)["get_balance"].window) == 1
    assert tally(*line, "--baseline", file, "--update-baseline").code == 0
    assert len(load_baselines(file)["get_balance"].window) == 2


def test_evidence_is_published(team, url, contract):
    """E5, decision 8"""
    assert team("publish", contract, "--version", "1").code == 0
    said = team(
        "bench", "run", "--base-url", url, "--contract", contract, "--iterations", 20,
        "--publish", "--participant", "gateway", "--version", "2.0",
    )  # fmt: skip

    assert said.code == 0, said.err
    assert "published as evidence about gateway 2.0" in said.out
    (item,) = team("evidence", "list", "-p", "gateway", "-o", "json").json["items"]
    assert (item["kind"], item["verdict"]) == ("benchmark", "pass")


def test_an_mcp_server_is_measured(tally):
    """E5, decision 9"""
    server = f"{sys.executable} -m client_sdk.cli mock serve --mcp stdio"

    said = tally("bench", "run", "--mcp-command", server, *BALANCE, "--iterations", 5, "-o", "json")

    assert said.code == 0, said.err
    assert said.json["results"][0]["errors"] == 0


@pytest.mark.parametrize(
    "places",
    [(), ("--base-url", "http://127.0.0.1:9", "--mcp-command", "true"), ("--mcp-command", "'")],
)
def test_one_target_is_measured(tally, places):
    assert tally("bench", "run", *places, "--tool", "get_a").code == 2


def test_a_service_that_is_not_there_is_unreachable(tally):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    said = tally("bench", "run", "--base-url", f"http://127.0.0.1:{port}", *BALANCE)

    assert said.code == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--iterations", 0, "--tool", "a"), "iterations: 0"),
        (("--rate", 0, "--tool", "a"), "rate"),
        ((), "give --tool or --contract"),
        (("--input", "{}"), "give --tool or --contract"),
        (("--tool", "a", "--input", "{}", "--input", "{}"), "more inputs than tools"),
        (("--tool", "a", "--input", "{"), "line 1"),
        (("--tool", "a", "--publish"), "--publish needs"),
        (("--tool", "a", "--update-baseline"), "--update-baseline needs"),
        (("--tool", "a", "--gate", "p99<fast"), "is not like"),
        (("--tool", "a", "--header", "nonsense"), "NAME: VALUE"),
        (("--tool", "a", "--report", "report.pdf"), "ends in none of .md, .json"),
        (("--tool", "a", "--baseline", "nothing.json"), "nothing.json: No such file"),
    ],
)
def test_a_call_that_measures_nothing_is_refused(tally, url, arguments, said):
    """b11"""
    answer = tally("bench", "run", "--base-url", url, *arguments)

    assert answer.code == 2
    assert said in answer.err


@pytest.mark.parametrize("wrong", [("--gate", "p99<fast"), ("--baseline", "nothing.json")])
def test_what_is_wrong_is_said_before_the_first_call(tally, wrong):
    """b11: or a service that is not there would be what is said."""
    said = tally("bench", "run", "--base-url", "http://127.0.0.1:9", "--tool", "get_a", *wrong)

    assert said.code == 2


def test_a_live_service_needs_a_budget(tally):
    """b9"""
    said = tally("bench", "run", "--base-url", "http://192.0.2.1", "--tool", "create_escrow")

    assert said.code == 2
    assert "budget" in said.err


@pytest.mark.parametrize(
    ("before", "after", "code", "verdict"),
    [
        ([10.0] * 50, [10.0] * 50, 0, "pass"),
        ([10.0] * 50, [20.0] * 50, 1, "fail"),
        ([10.0, 40.0] * 4, [12.0, 44.0] * 4, 3, "inconclusive"),
    ],
)
def test_two_files_are_compared(tally, saved, before, after, code, verdict):
    """B9"""
    said = tally("bench", "compare", saved("a.json", before), saved("b.json", after), "-o", "json")

    assert (said.code, said.json["verdict"]) == (code, verdict)


def test_what_is_not_in_the_baseline_is_inconclusive(tally, saved):
    """b6, b8"""
    other = saved("b.json", [10.0] * 50, name="deposit")

    said = tally("bench", "compare", saved("a.json", [10.0] * 50), other)

    assert said.code == 3
    assert "there is no baseline for it" in said.out


def test_another_environment_is_not_comparable(tally, saved):
    """b8"""
    here = saved("a.json", [10.0] * 50, fingerprint={"cpus": "2"})
    there = saved("b.json", [10.0] * 50, fingerprint={"cpus": "8"})

    said = tally("bench", "compare", here, there)

    assert said.code == 3
    assert "cpus 2 and 8" in said.out


def test_the_reports_for_machines_show_what_failed(tally, saved):
    files = saved("a.json", [10.0] * 50), saved("b.json", [20.0] * 50)

    assert 'failures="1"' in tally("bench", "compare", *files, "-o", "junit").out
    assert tally("bench", "compare", *files, "-o", "github").out.startswith("::error")
    assert 'failures="1"' in tally("bench", "gate", files[0], "p50<1ms", "-o", "junit").out
    assert 'failures="1"' in tally("bench", "gate", files[0], "p99<1s", "-o", "junit").out


@pytest.mark.parametrize(
    ("gates", "code"),
    [
        (["p50<500ms", "error_rate<1%"], 0),
        (["p50<5ms"], 1),
        (["p99<500ms"], 3),
        (["get_balance:p50<500ms"], 0),
        (["deposit:p50<500ms"], 2),
        (["p50<fast"], 2),
        ([], 2),
    ],
)
def test_limits_are_held_against_a_file(tally, saved, gates, code):
    """E5"""
    assert tally("bench", "gate", saved("a.json", [10.0] * 50), *gates).code == code


def test_a_contract_is_held_against_a_file(tally, saved, contract):
    """E5"""
    result = saved("a.json", [10.0] * 50, max_bytes=20_000)

    said = tally("bench", "gate", result, "--contract", contract)

    assert said.code == 1
    assert "max_bytes<=1000" in said.out


@pytest.mark.parametrize("content", ["", "[]", '{"results": []}'])
def test_a_file_that_is_none_of_ours_is_refused(tally, tmp_path, content):
    file = tmp_path / "latest.json"
    file.write_text(content)

    assert tally("bench", "gate", file, "p50<1s").code == 2
    assert tally("bench", "compare", file, file).code == 2
    assert tally("bench", "gate", tmp_path / "nothing.json", "p50<1s").code == 2


def test_a_report_of_nothing_does_not_look_green(tally, tmp_path):
    """Decision 3: JUnit had no case at all, and so none that failed."""
    file = tmp_path / "latest.json"
    save_results(file, [])
    gated = tally("bench", "gate", str(file), "p99<1s", "-o", "junit")
    compared = tally("bench", "compare", str(file), str(file), "-o", "junit")

    assert (gated.code, compared.code) == (3, 3)
    assert 'tests="1" failures="1"' in gated.out
    assert 'tests="1" failures="1"' in compared.out


def test_a_benchmark_that_was_left_out_is_named(tally, saved):
    """b6: what has a baseline and is no longer measured went unnoticed."""
    baseline, both = saved("a.json", [10.0] * 50), saved("b.json", [10.0] * 50, name="deposit")
    results = [*load_results(baseline), *load_results(both)]
    save_results(baseline, results)
    said = tally("bench", "compare", baseline, both)
    told = tally("bench", "compare", baseline, both, "-o", "json").json

    assert "get_balance has a baseline and was not measured" in said.out
    assert told["not_measured"] == ["get_balance"]


def test_a_damaged_file_is_named(tally, saved, tmp_path):
    """B9: a comparison reads two files, and the fault stood in one of them."""
    damaged = tmp_path / "damaged.json"
    kept = saved("a.json", [10.0] * 50)
    document = json.loads(kept.read_text("utf-8"))
    document["results"][0]["iterations"] = -50
    damaged.write_text(json.dumps(document), "utf-8")
    said = tally("bench", "compare", kept, str(damaged))

    assert said.code == 2
    assert f"{damaged}: result: iterations has another form" in said.err
