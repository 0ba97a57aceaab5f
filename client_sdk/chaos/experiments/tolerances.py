"""Tolerances of Chaos Toolkit: whether what a probe gave is still the steady state."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from client_sdk.chaos.experiments.refusal import ExperimentRefused
from client_sdk.contract.document import dumps, json_equal
from client_sdk.contract.errors import ContractError
from client_sdk.contract.patterns import Pattern, compile_pattern
from client_sdk.contract.values import JsonValue

KINDS: Final = ("range", "regex")


def check_tolerance(name: str, tolerance: JsonValue) -> None:
    """Make sure that a tolerance can be judged here.

    Raises:
        ExperimentRefused: it is of another kind, or its pattern or range cannot be read.
    """
    if not isinstance(tolerance, dict):
        return
    kind = tolerance.get("type")
    if kind not in KINDS:
        raise ExperimentRefused(
            f"probe {name!r}: a tolerance of type {kind!r} cannot be judged here; use a value, a "
            "list of values, a range or a regex"
        )
    if kind == "regex":
        _pattern_of(name, tolerance)
    else:
        _bounds_of(name, tolerance)


def is_tolerated(tolerance: JsonValue, output: Any) -> bool:  # noqa: ANN401 - whatever a probe gives
    """Say whether an output is within the tolerance.

    A number or a list beside an HTTP answer is about its status; `target` of a range or a regex
    is `status` or `body`.
    """
    if isinstance(tolerance, dict):
        seen = _target_of(tolerance, output)
        if tolerance["type"] == "regex":
            text = seen if isinstance(seen, str) else dumps(seen)
            return _pattern_of("", tolerance).search(text)
        low, high = _bounds_of("", tolerance)
        return _is_number(seen) and low <= Decimal(str(seen)) <= high
    seen = output["status"] if isinstance(output, Mapping) and "status" in output else output
    if isinstance(tolerance, list):
        return any(json_equal(each, seen) for each in tolerance)
    return json_equal(tolerance, seen)


def _target_of(tolerance: Mapping[str, Any], output: Any) -> Any:  # noqa: ANN401 - as above
    target = tolerance.get("target")
    if isinstance(output, Mapping):
        return output.get(target or "status")
    return output


def _pattern_of(name: str, tolerance: Mapping[str, Any]) -> Pattern:
    try:
        return compile_pattern(str(tolerance.get("pattern", "")))
    except ContractError as error:
        raise ExperimentRefused(f"probe {name!r}: its pattern cannot be used: {error}") from error


def _bounds_of(name: str, tolerance: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    bounds = tolerance.get("range")
    if isinstance(bounds, list) and len(bounds) == 2 and all(map(_is_number, bounds)):  # noqa: PLR2004 - low and high
        return Decimal(str(bounds[0])), Decimal(str(bounds[1]))
    raise ExperimentRefused(f"probe {name!r}: its range is no list of two numbers")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
