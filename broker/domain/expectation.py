"""Non-functional clauses: what a consumer expects of a tool, and what a benchmark measured."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeGuard

from client_sdk.contract.model import Contract
from client_sdk.contract.values import JsonObject, JsonValue

LATENCY = "latency_ms"
MAX_BYTES = "max_bytes"

Number = int | Decimal
Measured = Mapping[str, Mapping[str, Number]]  # tool -> metric -> value


@dataclass(frozen=True, slots=True)
class Expectation:
    """A bound that a tool must keep; `metric` is `latency_ms.p95`, for one, or `max_bytes`."""

    tool: str
    metric: str
    bound: Number


def expectations_of(contract: Contract) -> tuple[Expectation, ...]:
    """Every bound a contract holds, tool by tool."""
    return tuple(
        Expectation(tool.tool_name, metric, bound)
        for tool in contract.tools
        for metric, bound in _numbers(tool.expectations)
    )


def measured_by(payload: JsonObject) -> Measured:
    """What a benchmark measured: the metrics of each tool in `numbers.tools` of its payload."""
    tools = _object(_object(payload.get("numbers")).get("tools"))
    found = {name: dict(_numbers(_object(value))) for name, value in tools.items()}
    return {name: metrics for name, metrics in found.items() if metrics}


def _numbers(members: JsonObject) -> Iterator[tuple[str, Number]]:
    for name, value in _object(members.get(LATENCY)).items():
        if _is_number(value):
            yield f"{LATENCY}.{name}", value
    largest = members.get(MAX_BYTES)
    if _is_number(largest):
        yield MAX_BYTES, largest


def _is_number(value: JsonValue) -> TypeGuard[Number]:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
