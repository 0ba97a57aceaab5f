"""Decides containment: is every value of one shape a value of another?

The question is whether "fits A and not B" is empty. The solver either shows that it is, or offers
candidates; the judge turns a candidate into a witness or throws it away.
"""

from __future__ import annotations

from typing import Final

from client_sdk.contract.compat.judging import Judgement, judged, refuted_by
from client_sdk.contract.compat.meter import GivenUp, Meter, Reason
from client_sdk.contract.compat.reading.keywords import KEYWORDS
from client_sdk.contract.compat.reading.reader import term_from_resource
from client_sdk.contract.compat.solving.solver import Solver
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.compat.verdicts import (
    DEFAULT_BUDGET,
    Budget,
    Proved,
    Undecided,
    Verdict,
)
from client_sdk.contract.dialect import DEFAULT_DIALECT, Dialect, dialect_from_uri
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.values import JsonValue

CANDIDATES: Final = (1, 8)  # asked of the solver, one round after the other


def is_contained(
    a: JsonValue,
    b: JsonValue,
    *,
    dialect: str | None = None,
    budget: Budget = DEFAULT_BUDGET,
) -> Verdict:
    """Decide whether every JSON value valid under schema `a` is also valid under schema `b`.

    Each schema is read in the dialect of its own `$schema`, else in `dialect` (a name such as
    "draft7" or the URI of a meta-schema), else in 2020-12.

    Raises:
        ValueError: `dialect` names none that is known.
    """
    fallback = DEFAULT_DIALECT if dialect is None else dialect_from_uri(dialect)
    if fallback is None:
        raise ValueError(f"No dialect is called {dialect!r}.")
    left, right = (Shape((SchemaResource(each, _dialect(each, fallback)),)) for each in (a, b))
    return shape_contained(left, right, budget=budget)


def shape_contained(a: Shape, b: Shape, *, budget: Budget = DEFAULT_BUDGET) -> Verdict:
    """Decide whether every JSON value that fits shape `a` also fits shape `b`."""
    if all(part in a.parts for part in b.parts):
        return Proved()
    meter = Meter(budget)
    try:
        return _decided(a, b, meter)
    except GivenUp as cause:
        return Undecided(cause.reason, cause.path)
    except RecursionError:
        return Undecided(Reason.NESTING, "")


def _decided(a: Shape, b: Shape, meter: Meter) -> Verdict:
    arena = Arena(meter)
    left = term_from_shape(arena, a, "a")
    right = term_from_shape(arena, b, "b")
    question = arena.both(left, arena.negate(right))
    solver = Solver(arena)
    failed: Judgement | None = None
    for want in CANDIDATES:
        models = solver.models(question, want)
        if models.empty:
            return Proved()
        for candidate in models.values:
            failed = judged(a, b, candidate)
            if failed is Judgement.SEPARATES:
                return refuted_by(b, candidate)
        if len(models.values) < want:
            break
    return meter.first_doubt or Undecided(_REASONS[failed], "")


def term_from_shape(arena: Arena, shape: Shape, name: str) -> Node:
    """Read every part of a shape; a value must fit all of them."""
    return arena.all_of(
        term_from_resource(arena, part, KEYWORDS, f"{name}{index}")
        for index, part in enumerate(shape.parts)
    )


def _dialect(schema: JsonValue, fallback: Dialect) -> Dialect:
    uri = schema.get("$schema") if isinstance(schema, dict) else None
    return (dialect_from_uri(uri) if isinstance(uri, str) else None) or fallback


_REASONS: Final = {
    None: Reason.SEARCH_TOO_WIDE,
    Judgement.FAILS: Reason.JUDGE_DISAGREES,
    Judgement.UNABLE: Reason.JUDGE_UNABLE,
}
