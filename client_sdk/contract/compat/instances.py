"""Instances of a shape: whether there is one, and a few to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from client_sdk.contract.canonical import equality_key
from client_sdk.contract.compat.deciding import shape_contained, term_from_shape
from client_sdk.contract.compat.meter import GivenUp, Meter
from client_sdk.contract.compat.solving.solver import Solver
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.verdicts import (
    DEFAULT_BUDGET,
    Budget,
    Proved,
    Refuted,
    Undecided,
)
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import ContractError
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.validation import is_valid
from client_sdk.contract.values import JsonValue


@dataclass(frozen=True, slots=True)
class Inhabited:
    """Some value fits, and here is one; the validator agreed."""

    witness: JsonValue


@dataclass(frozen=True, slots=True)
class Empty:
    """No value fits: there is a derivation."""


def shape_satisfiable(
    shape: Shape, *, budget: Budget = DEFAULT_BUDGET
) -> Inhabited | Empty | Undecided:
    """Find a JSON value that fits the shape, or show that there is none."""
    nothing = Shape((SchemaResource(schema=False, dialect=Dialect.D2020),))
    match shape_contained(shape, nothing, budget=budget):
        case Proved():
            return Empty()
        case Refuted(witness=witness):
            return Inhabited(witness)
        case Undecided() as undecided:
            return undecided
        case never:
            assert_never(never)


def shape_models(
    shape: Shape, want: int = 1, *, budget: Budget = DEFAULT_BUDGET
) -> tuple[JsonValue, ...]:
    """Give up to `want` different values that fit the shape, the same ones every time.

    Every one is checked by the validator; fewer are given when no more were found. A search for
    many may end where one for a single value does not, so that is tried last.
    """
    return _models(shape, want, budget) or _models(shape, min(want, 1), budget)


def _models(shape: Shape, want: int, budget: Budget) -> tuple[JsonValue, ...]:
    arena = Arena(Meter(budget))
    try:
        values = Solver(arena).models(term_from_shape(arena, shape, "a"), want).values
        return tuple(value for value in values if is_valid(shape, value))
    except (GivenUp, ContractError, RecursionError):
        return ()


def shape_samples(shape: Shape, seed: int, want: int) -> tuple[JsonValue, ...]:
    """Give up to `want` different values that fit: telling ones first, then any."""
    # Sampling falls back on this module where its own means end, so it is loaded when needed.
    from client_sdk.contract.sampling import sample_inputs  # noqa: PLC0415

    found = {
        equality_key(each.value): each.value for each in sample_inputs(shape, seed=seed, limit=want)
    }
    if len(found) < want:
        for value in shape_models(shape, want):
            found.setdefault(equality_key(value), value)
    return tuple(found.values())[:want]
