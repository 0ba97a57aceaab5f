"""Performance as a clause: a contract's expectations, and the evidence they are held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, Protocol, runtime_checkable

from client_sdk.bench.gates import Gate, GateOutcome, check_gates, verdict_of
from client_sdk.bench.result import SHARES, BenchmarkResult
from client_sdk.bench.verdicts import Verdict
from client_sdk.contract.model import Contract, ToolContract
from client_sdk.contract.reading import contract_from_document
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import Evidence, EvidenceKind, Outcome

PUBLISHED: Final = {"median_ms": "p50", "p95_ms": "p95", "p99_ms": "p99"}
OUTCOMES: Final = {
    Verdict.PASS: Outcome.PASS,
    Verdict.FAIL: Outcome.FAIL,
    Verdict.INCONCLUSIVE: Outcome.INCONCLUSIVE,
    Verdict.NOT_COMPARABLE: Outcome.INCONCLUSIVE,
}
THOUSANDTHS: Final = Decimal("0.001")


@runtime_checkable
class PublishesEvidence(Protocol):
    """A broker, as far as a benchmark needs one."""

    def publish_evidence(self, record: JsonObject) -> object:
        """Store a piece of evidence."""
        ...


def gate_contract(
    results: BenchmarkResult | Iterable[BenchmarkResult], contract: object
) -> tuple[GateOutcome, ...]:
    """Hold every expectation of a contract against what was measured of its tools.

    `contract` is a kernel contract, a contract document, or anything with `to_document()`. A
    clause about a tool that was not measured is inconclusive.

    Raises:
        DocumentInvalid: it is no valid contract.
        ValueError: it has no expectation at all: nothing would be shown.
    """
    measured = (results,) if isinstance(results, BenchmarkResult) else tuple(results)
    found = tuple(outcome for tool in _read(contract).tools for outcome in _clauses(tool, measured))
    if not found:
        raise ValueError("contract: it has no expectations; add latency_ms or max_bytes to a tool")
    return found


def evidence_of(
    results: Iterable[BenchmarkResult],
    participant: str,
    version: str,
    *,
    verdict: Verdict | None = None,
    commit: str | None = None,
) -> Evidence:
    """Give the numbers of each tool as evidence of kind `benchmark`.

    Only supported percentiles are published, and of several results of a tool the worst value.
    Without a `verdict`, it passes when nothing failed.
    """
    measured = tuple(results)
    tools: dict[str, JsonObject] = {}
    for result in measured:
        if result.tool is not None:
            tools[result.tool] = _worst(tools.get(result.tool, {}), _numbers(result))
    gated = verdict or verdict_of(check_gates(measured, ()))
    return Evidence(
        EvidenceKind.BENCHMARK,
        OUTCOMES[gated],
        participant,
        version,
        numbers={"tools": {**tools}},
        commit=commit,
    )


def _read(contract: object) -> Contract:
    if isinstance(contract, Contract):
        return contract
    if isinstance(contract, Mapping):
        return contract_from_document(dict(contract))
    to_document: Any = getattr(contract, "to_document", None)
    if to_document is None:
        raise TypeError("contract: give a contract document or an AgentContract")
    return contract_from_document(to_document())


def _clauses(tool: ToolContract, results: tuple[BenchmarkResult, ...]) -> Iterator[GateOutcome]:
    mine = [result for result in results if result.tool == tool.tool_name]
    for gate in _gates(tool):
        if not mine:
            reason = f"{tool.tool_name} was not measured"
            yield GateOutcome(gate, tool.tool_name, None, Verdict.INCONCLUSIVE, reason)
        yield from (_checked(gate, result) for result in mine)


def _gates(tool: ToolContract) -> Iterator[Gate]:
    latency = tool.expectations.get("latency_ms")
    for metric, limit in latency.items() if isinstance(latency, dict) else ():
        yield _gate(tool, metric, limit, "ms")
    if "max_bytes" in tool.expectations:
        yield _gate(tool, "max_bytes", tool.expectations["max_bytes"], " bytes")


def _gate(tool: ToolContract, metric: str, limit: JsonValue, unit: str) -> Gate:
    number = float(limit) if isinstance(limit, int | float | Decimal) else 0.0
    return Gate(f"{tool.tool_name}:{metric}<={number:g}{unit}", metric, "<=", number)


def _checked(gate: Gate, result: BenchmarkResult) -> GateOutcome:
    if not result.successes:
        reason = "nothing succeeded"
        return GateOutcome(gate, result.name, None, Verdict.FAIL, reason)
    try:
        return gate.check(result)
    except KeyError:
        reason = f"{gate.metric} is no metric that is measured"
        return GateOutcome(gate, result.name, None, Verdict.INCONCLUSIVE, reason)


def _numbers(result: BenchmarkResult) -> JsonObject:
    latency: JsonObject = {
        PUBLISHED[name]: _exact(getattr(result, name))
        for name in SHARES
        if result.successes and name not in result.unsupported
    }
    numbers: JsonObject = {
        "error_rate": _exact(result.error_rate),
        "iterations": result.iterations,
    }
    if latency:
        numbers["latency_ms"] = latency
    if result.max_bytes is not None:
        numbers["max_bytes"] = result.max_bytes
    return numbers


def _exact(number: float) -> Decimal:
    return Decimal(str(number)).quantize(THOUSANDTHS).normalize() + 0


def _worst(one: JsonObject, other: JsonObject) -> JsonObject:
    """Join the numbers of a tool that was measured twice: of each the greater, of calls the sum."""
    joined = {**one}
    for name, value in other.items():
        known = joined.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            joined[name] = _worst(known, value)
        elif isinstance(known, int | Decimal) and isinstance(value, int | Decimal):
            joined[name] = known + value if name == "iterations" else max(known, value)
        else:
            joined[name] = value
    return joined
