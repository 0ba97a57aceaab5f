"""What contracts expect, what benchmarks measured, and the names of kinds."""

from decimal import Decimal

import pytest
from builders import a_contract, a_tool

from broker.domain.evidence import check_evidence_kind, checked_kinds, measured_in
from broker.domain.expectation import Expectation, expectations_of
from client_sdk.contract.errors import NameRefused

QUOTE = {"latency_ms": {"p95": 300, "p99": 900}, "max_bytes": 100_000}


def test_every_bound_of_every_tool_is_an_expectation():
    contract = a_contract(
        tools=[a_tool("quote", expectations=QUOTE), a_tool("list"), a_tool("buy", expectations={})]
    )

    assert expectations_of(contract) == (
        Expectation("quote", "latency_ms.p95", 300),
        Expectation("quote", "latency_ms.p99", 900),
        Expectation("quote", "max_bytes", 100_000),
    )


def test_a_benchmark_is_read_tool_by_tool():
    payload = {"numbers": {"tools": {"quote": {"latency_ms": {"p95": Decimal("1.5")}, "n": 3}}}}

    assert measured_in("benchmark", payload) == {"quote": {"latency_ms.p95": Decimal("1.5")}}


def test_no_other_kind_measures_anything():
    payload = {"numbers": {"tools": {"quote": {"max_bytes": 1}}}}

    assert measured_in("chaos", payload) == {}


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"numbers": 1},
        {"numbers": {"tools": []}},
        {"numbers": {"tools": {"quote": None}}},
        {"numbers": {"tools": {"quote": {"latency_ms": 5}}}},
        {"numbers": {"tools": {"quote": {"latency_ms": {"p95": "5"}, "max_bytes": True}}}},
    ],
)
def test_a_payload_of_another_shape_measures_nothing(payload):
    assert measured_in("benchmark", payload) == {}


@pytest.mark.parametrize("kind", ["chaos", "mock-fidelity", "a", "load2", "a" * 63])
def test_kinds_are_kebab_case(kind):
    assert check_evidence_kind(kind) == kind


@pytest.mark.parametrize(
    "kind", ["", "Chaos", "a_b", "-a", "a-", "a--b", "2a", "a b", "a" * 64, "chaos\n"]
)
def test_any_other_name_is_no_kind(kind):
    with pytest.raises(NameRefused, match="kind of evidence"):
        check_evidence_kind(kind)


def test_required_kinds_are_kept_once_and_by_name():
    assert checked_kinds(["chaos", "benchmark", "chaos"]) == ("benchmark", "chaos")
