"""The door for bare schemas: reads the dialect, passes the gate, asks, and answers plainly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from client_sdk.contract.compat.deciding import readably_contained, shape_contained
from client_sdk.contract.compat.instances import (
    Empty,
    Inhabited,
    shape_samples,
    shape_satisfiable,
)
from client_sdk.contract.compat.meter import Reason
from client_sdk.contract.compat.verdicts import (
    DEFAULT_BUDGET,
    Budget,
    Refuted,
    Undecided,
    Verdict,
)
from client_sdk.contract.dialect import DEFAULT_DIALECT, Dialect, dialect_from_uri
from client_sdk.contract.errors import DocumentInvalid, Fault
from client_sdk.contract.pattern_gate import PatternGate
from client_sdk.contract.schema_gate import pass_gate
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.values import DEFAULT_LIMITS, JsonValue

# Faults of what may be no schema at all; it is refused when the reader cannot make sense of it
# either. Whatever else the gate finds (a pattern, a reference, a size) leaves the question open.
_NO_SCHEMA: Final = frozenset({"not-a-schema", "keyword-shape", "unknown-type"})
_LEADS_NOWHERE: Final = frozenset({"endless-reference", "reference-unresolved", "remote-reference"})
MAX_DEPTH: Final = 2_000  # values inside values; deeper ones may even hold themselves
_LIMITS: Final = replace(DEFAULT_LIMITS, max_depth=256)
_TOO_DEEP: Final = Undecided(Reason.NESTING, "")


@dataclass(frozen=True, slots=True)
class _Taken:
    """A schema as a shape, and what makes it none.

    `is_exact` when it holds a Decimal; `is_lost` when a reference in it leads nowhere, so that
    no branch of it is taken for true without reading the others.
    """

    shape: Shape
    faults: tuple[Fault, ...]
    is_exact: bool
    is_lost: bool


def is_contained(
    a: JsonValue,
    b: JsonValue,
    *,
    dialect: str | None = None,
    budget: Budget = DEFAULT_BUDGET,
    formats: bool = False,
) -> Verdict:
    """Decide whether every JSON value valid under schema `a` is also valid under schema `b`.

    Each schema is read in the dialect of its own `$schema`, else in `dialect` (a name such as
    "draft7" or the URI of a meta-schema), else in 2020-12. `format` is an annotation; with
    `formats` it asserts, and then equal formats cancel while others leave the question open.

    Args:
        a: The schema whose values are asked about; numbers are int, float or Decimal.
        b: The schema that they may fit.
        dialect: For schemas that do not say theirs.
        budget: How much work the question may cost.
        formats: Whether `format` asserts.

    Returns:
        `Proved`, `Refuted` with a value valid under `a` and not under `b`, or `Undecided`.

    Raises:
        DocumentInvalid: `a` or `b` is no schema, and has no meaning to compare; `faults` says
            where. What passes `check_user_schema` raises nothing, however large or hostile.
        ValueError: `dialect` names none that is known.

    Example:
        >>> is_contained({"const": 7}, {"type": "integer", "minimum": 1})
        Proved()
        >>> is_contained({"type": "integer"}, {"minimum": 1})
        Refuted(witness=0, path='', keyword='minimum')
    """
    fallback = _named(dialect)
    left, right = _taken(a, fallback, "a"), _taken(b, fallback, "b")
    if left is None or right is None:
        return _TOO_DEEP
    return _decided(left, right, budget, formats=formats)


def _decided(left: _Taken, right: _Taken, budget: Budget, *, formats: bool) -> Verdict:
    """Decide about two that were read; with faults only if their meaning is plain."""
    faults = left.faults or right.faults
    is_doubtful = (left.is_lost or right.is_lost) and left.shape != right.shape
    decide = readably_contained if faults or is_doubtful else shape_contained
    verdict = decide(left.shape, right.shape, budget=budget, formats=formats)
    if faults and _is_unreadable(verdict):
        raise _no_schema(faults)
    if isinstance(verdict, Refuted) and not (left.is_exact or right.is_exact):
        return replace(verdict, witness=_with_floats(verdict.witness))
    return verdict


def satisfiable(
    a: JsonValue, *, dialect: str | None = None, budget: Budget = DEFAULT_BUDGET
) -> Inhabited | Empty | Undecided:
    """Find a JSON value that is valid under schema `a`, or show that there is none.

    Raises:
        DocumentInvalid: `a` is no schema.
        ValueError: `dialect` names none that is known.

    Example:
        >>> satisfiable({"type": "string", "minLength": 1, "pattern": "^[b-d]"})
        Inhabited(witness='b')
        >>> satisfiable({"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2})
        Empty()
    """
    taken = _taken(a, _named(dialect), "a")
    if taken is None:
        return _TOO_DEEP
    found = shape_satisfiable(taken.shape, budget=budget)
    if taken.faults and _is_unreadable(found):
        raise _no_schema(taken.faults)
    return found


def sample(
    a: JsonValue, seed: int = 0, n: int = 10, *, dialect: str | None = None
) -> tuple[JsonValue, ...]:
    """Give up to `n` different values valid under schema `a`, the same ones for a seed.

    A minimal and a full value come first; then each listed value, each bound, each optional
    member there and left out. Fewer are given when no more were found.

    Raises:
        DocumentInvalid: `a` is no schema.
        ValueError: `dialect` names none that is known.

    Example:
        >>> sample({"enum": ["EUR", "USD"]}, seed=1, n=5)
        ('EUR', 'USD')
    """
    taken = _taken(a, _named(dialect), "a")
    if taken is None:
        return ()
    found = shape_samples(taken.shape, seed, n)
    if taken.faults and not found:
        raise _no_schema(taken.faults)
    return found


def _named(dialect: str | None) -> Dialect:
    found = DEFAULT_DIALECT if dialect is None else dialect_from_uri(dialect)
    if found is None:
        known = ", ".join(Dialect)
        raise ValueError(f"No dialect is called {dialect!r}; known: {known}.")
    return found


def _taken(schema: JsonValue, fallback: Dialect, name: str) -> _Taken | None:
    """Look at a schema before anything is asked about it; None when it is too deep to be read.

    Raises:
        DocumentInvalid: it holds what JSON has not.
    """
    is_exact = _holds_decimals(schema)
    if is_exact is None:
        return None
    resource = SchemaResource(schema, _dialect(schema, fallback))
    try:
        _ = resource.key
    except TypeError as cause:
        message = f"`{name}` holds what JSON has not: {cause}."
        raise DocumentInvalid(message, (Fault("not-json", "", message),)) from cause
    found = pass_gate(schema, resource.dialect, PatternGate(_LIMITS)).faults
    wrong = (
        replace(fault, message=f"`{name}` at {fault.pointer or '/'}: {fault.message}")
        for fault in found
        if fault.code in _NO_SCHEMA
    )
    is_lost = any(fault.code in _LEADS_NOWHERE for fault in found)
    return _Taken(Shape((resource,)), tuple(wrong), is_exact, is_lost)


def _holds_decimals(schema: JsonValue) -> bool | None:
    """Say whether a number was read exactly; None for what is too deep, on an own stack."""
    found = False
    waiting: list[tuple[JsonValue, int]] = [(schema, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            return None
        found = found or isinstance(value, Decimal)
        if isinstance(value, dict):
            waiting.extend((each, depth + 1) for each in value.values())
        elif isinstance(value, list):
            waiting.extend((each, depth + 1) for each in value)
    return found


def _is_unreadable(answer: object) -> bool:
    return isinstance(answer, Undecided) and answer.reason == Reason.KEYWORD_UNREADABLE


def _no_schema(faults: tuple[Fault, ...]) -> DocumentInvalid:
    return DocumentInvalid(f"Not a schema that can be compared: {faults[0].message}", faults)


def _dialect(schema: JsonValue, fallback: Dialect) -> Dialect:
    if isinstance(schema, bool):  # draft 4 has no such schemas, but what they mean is plain
        return DEFAULT_DIALECT
    uri = schema.get("$schema") if isinstance(schema, dict) else None
    return (dialect_from_uri(uri) if isinstance(uri, str) else None) or fallback


def _with_floats(value: JsonValue) -> JsonValue:
    """Write decimals as floats where a float says the same digits."""
    if isinstance(value, dict):
        return {name: _with_floats(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_floats(each) for each in value]
    if isinstance(value, Decimal) and Decimal(repr(float(value))) == value:
        return float(value)
    return value
