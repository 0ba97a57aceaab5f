"""Limits: written ones, those of contracts, and the evidence that is published."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_sdk.bench import (
    AgentBenchmark,
    GateMalformed,
    Verdict,
    check_gates,
    evidence_of,
    gate_contract,
    parse_gate,
    verdict_of,
)
from client_sdk.contract.errors import DocumentInvalid
from client_sdk.contract.reading import contract_from_document


def document(**expectations):
    tool = {
        "tool_name": "get_balance",
        "version": "1.0",
        "input_schema": {},
        "output_schema": {},
        "expectations": expectations,
    }
    return {"consumer": "buyer", "producer": "gateway", "tools": [tool]}


@pytest.mark.parametrize(
    ("text", "metric", "operator", "limit", "name"),
    [
        ("p99<500ms", "p99", "<", 500, None),
        ("p99 <= 0.5s", "p99", "<=", 500, None),
        ("p99.9<900us", "p99.9", "<", 0.9, None),
        ("error_rate<1%", "error_rate", "<", 0.01, None),
        ("error_rate<0.01", "error_rate", "<", 0.01, None),
        ("throughput>=20/s", "throughput", ">=", 20, None),
        ("max_bytes<100kB", "max_bytes", "<", 100_000, None),
        ("memory<64MB", "memory", "<", 64, None),
        ("escrow: pay:p50<3ms", "p50", "<", 3, "escrow: pay"),
        (" mean<5 ", "mean", "<", 5, None),
    ],
)
def test_a_gate_is_read(text, metric, operator, limit, name):
    """E5"""
    gate = parse_gate(text)

    read = (gate.metric, gate.operator, gate.limit, gate.name)
    assert read == (metric, operator, limit, name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not like"),
        ("p99", "is not like"),
        ("p99<fast", "is not like"),
        ("p99<-1ms", "is not like"),
        ("p99<1e3ms", "is not like"),
        ("p99=5ms", "is not like"),
        ("p99<5%", "units: us, ms, s"),
        ("error_rate<1ms", "units: %"),
        ("errors<1ms", "units: none"),
        ("eror_rate<1%", "did you mean error_rate"),
        ("quantile<1ms", "known: p50"),
        ("p100<1ms", "is not like"),
    ],
)
def test_a_gate_that_says_nothing_is_refused(text, said):
    """E5: a misspelt limit is never a pass."""
    with pytest.raises(GateMalformed, match=said):
        parse_gate(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    with contextlib.suppress(GateMalformed):
        parse_gate(text)


@pytest.mark.parametrize(
    ("gate", "verdict"),
    [
        ("p99<500ms", "pass"),
        ("p99<10ms", "fail"),
        ("p99<=10ms", "pass"),
        ("mean<10.1", "pass"),
        ("p90<9ms", "fail"),
        ("throughput>50/s", "pass"),
        ("throughput>5000/s", "fail"),
        ("iterations>=100", "pass"),
        ("max_bytes<10", "fail"),
        ("dropped<1", "pass"),
        ("memory<1MB", "inconclusive"),
    ],
)
def test_a_gate_is_held_against_a_result(result_of, gate, verdict):
    """B8"""
    result = result_of([10.0] * 100, max_bytes=20)

    outcomes = check_gates([result], [gate])

    assert outcomes[-1].verdict == verdict


def test_the_guides_gates(clock, target):
    """B8: create p99 below 500 ms, balance p99 below 200 ms."""
    benchmark = AgentBenchmark(target(times=(120.0,)), clock=clock)
    benchmark.benchmark_tool("create", "create_escrow", {})
    benchmark.benchmark_tool("balance", "get_balance", {})

    outcomes = check_gates(benchmark.results, ["create:p99<500ms", "balance:p99<200ms"])

    assert verdict_of(outcomes) is Verdict.PASS
    assert [each.gate.text for each in outcomes] == [
        "error_rate<=0%",
        "create:p99<500ms",
        "error_rate<=0%",
        "balance:p99<200ms",
    ]


def test_errors_are_gated_first(result_of):
    """h5, b2: fast failures pass no limit on latency by themselves."""
    result = result_of([1.0] * 100, errors=100)

    assert [each.verdict.value for each in check_gates([result], ["p99<500ms"])] == ["fail", "pass"]
    allowed = check_gates([result], ["p99<500ms", "error_rate<=50%"])
    assert [each.verdict.value for each in allowed] == ["pass", "pass"]


def test_nothing_but_errors_passes_nothing(result_of):
    """h5"""
    result = result_of([], errors=50)

    outcomes = check_gates([result], ["p99<500ms", "error_rate<=100%", "mean<1s", "mean>1ms"])

    assert [each.verdict.value for each in outcomes] == ["fail", "pass", "fail", "fail"]


def test_a_percentile_needs_its_samples(result_of):
    """b3"""
    outcome = check_gates([result_of([1.0] * 99)], ["p99<500ms"])[-1]

    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert outcome.reason == "p99 needs 100 samples, there are 99"


def test_dropped_calls_leave_a_limit_open(result_of):
    """b7: they would have been the slowest."""
    result = result_of([10.0] * 100, dropped=5)

    outcomes = check_gates([result], ["p95<20ms", "p95<5ms", "max<20ms"])

    assert [each.verdict.value for each in outcomes[1:]] == ["inconclusive", "fail", "inconclusive"]


def test_a_gate_for_a_benchmark_that_is_not_there_is_refused(result_of):
    with pytest.raises(GateMalformed, match="no benchmark 'create'"):
        check_gates([result_of([1.0])], ["create:p50<1ms"])


def test_no_gate_at_all_shows_nothing():
    assert verdict_of(()) is Verdict.INCONCLUSIVE


def test_the_clauses_of_a_contract_are_limits(result_of):
    """E5: performance is a clause of the contract."""
    contract = document(latency_ms={"p50": 20, "p95": 9.5}, max_bytes=100)
    result = result_of([10.0] * 100, tool="get_balance", max_bytes=100)

    outcomes = gate_contract(result, contract)

    assert [(each.gate.text, each.verdict.value) for each in outcomes] == [
        ("get_balance:p50<=20ms", "pass"),
        ("get_balance:p95<=9.5ms", "fail"),
        ("get_balance:max_bytes<=100 bytes", "pass"),
    ]
    assert gate_contract(result, contract_from_document(contract)) == outcomes


@pytest.mark.parametrize(
    ("expectations", "members", "verdict"),
    [
        ({"latency_ms": {"p95": 20}}, {"tool": "deposit"}, "inconclusive"),
        ({"latency_ms": {"p99": 20}}, {"tool": "get_balance"}, "inconclusive"),
        ({"latency_ms": {"p200": 20}}, {"tool": "get_balance"}, "inconclusive"),
        ({"max_bytes": 20}, {"tool": "get_balance"}, "inconclusive"),
    ],
)
def test_a_clause_that_was_not_measured_is_open(result_of, expectations, members, verdict):
    (outcome,) = gate_contract(result_of([10.0] * 30, **members), document(**expectations))

    assert outcome.verdict == verdict


def test_a_contract_is_broken_by_a_tool_that_only_fails(result_of):
    result = result_of([], errors=9, tool="get_balance")

    (outcome,) = gate_contract(result, document(max_bytes=10))

    assert outcome.verdict is Verdict.FAIL


def test_a_contract_that_expects_nothing_gates_nothing(result_of):
    with pytest.raises(ValueError, match="no expectations"):
        gate_contract(result_of([1.0]), document())
    with pytest.raises(TypeError, match="contract document"):
        gate_contract(result_of([1.0]), "contract.json")
    with pytest.raises(DocumentInvalid):
        gate_contract(result_of([1.0]), {"consumer": "a"})


def test_evidence_has_the_shape_the_broker_reads(result_of):
    """E5, decision 8"""
    result = result_of([10.0] * 120, errors=0, tool="get_balance", max_bytes=60)

    record = evidence_of([result], "gateway", "2.0", commit="abc").to_json()

    assert (record["kind"], record["verdict"]) == ("benchmark", "pass")
    assert record["payload"]["numbers"] == {
        "tools": {
            "get_balance": {
                "latency_ms": {"p50": Decimal(10), "p95": Decimal(10), "p99": Decimal(10)},
                "max_bytes": 60,
                "error_rate": 0,
                "iterations": 120,
            }
        }
    }


def test_evidence_holds_only_what_was_shown(result_of):
    """b3: a percentile of too few samples is not published."""
    few = result_of([10.0] * 30, tool="get_balance")
    none = result_of([], errors=3, tool="deposit")

    record = evidence_of([few, none], "gateway", "2.0").to_json()

    tools = record["payload"]["numbers"]["tools"]
    assert set(tools["get_balance"]["latency_ms"]) == {"p50", "p95"}
    assert "latency_ms" not in tools["deposit"]
    assert record["verdict"] == "fail"


def test_of_two_results_of_a_tool_the_worse_is_published(result_of):
    fast = result_of([10.0] * 120, tool="get_balance", max_bytes=60)
    slow = result_of([30.0] * 120, name="other", tool="get_balance", max_bytes=50)

    for pair in ([fast, slow], [slow, fast]):
        numbers = evidence_of(pair, "gateway", "2.0").to_json()["payload"]["numbers"]
        tool = numbers["tools"]["get_balance"]
        assert (tool["latency_ms"]["p95"], tool["max_bytes"], tool["iterations"]) == (30, 60, 240)


def test_results_are_handed_to_a_broker(clock, target):
    """E5"""
    published = []
    benchmark = AgentBenchmark(target(), clock=clock)
    benchmark.benchmark_tool("balance", "get_balance", {})

    benchmark.publish(published.append, "gateway", "2.0", verdict=Verdict.INCONCLUSIVE)

    assert [each["verdict"] for each in published] == ["inconclusive"]


def test_a_broker_client_is_handed_over_whole_too(result_of):
    """E5: `.publish(broker)`."""

    class Broker:
        def publish_evidence(self, record):
            return record["kind"]

    benchmark = AgentBenchmark(None)
    benchmark.results = [result_of([10.0] * 50)]

    assert benchmark.publish(Broker(), "gateway", "2.0") == "benchmark"
