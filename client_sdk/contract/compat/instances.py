"""Instances of a shape: whether there is one, and a few to look at."""

from __future__ import annotations

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


def satisfiable(shape: Shape, *, budget: Budget = DEFAULT_BUDGET) -> bool | None:
    """Say whether some JSON value fits the shape; None when that stays undecided."""
    nothing = Shape((SchemaResource(schema=False, dialect=Dialect.D2020),))
    match shape_contained(shape, nothing, budget=budget):
        case Proved():
            return False
        case Refuted():
            return True
        case Undecided():
            return None


def sample(
    shape: Shape, want: int = 1, *, budget: Budget = DEFAULT_BUDGET
) -> tuple[JsonValue, ...]:
    """Give up to `want` different values that fit the shape, the same ones every time.

    Every one is checked by the validator; fewer are given when no more were found.
    """
    arena = Arena(Meter(budget))
    try:
        values = Solver(arena).models(term_from_shape(arena, shape, "a"), want).values
        return tuple(value for value in values if is_valid(shape, value))
    except (GivenUp, ContractError, RecursionError):
        return ()
