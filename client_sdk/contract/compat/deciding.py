"""Decides containment: is every value of one shape a value of another?

The question is whether "fits A and not B" is empty. The solver either shows that it is, or offers
candidates; the judge turns a candidate into a witness or throws it away.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from client_sdk.contract.compat.descent import left_open
from client_sdk.contract.compat.judging import Judgement, is_undisputed, judged, refuted_by
from client_sdk.contract.compat.meter import GivenUp, Meter, Reason
from client_sdk.contract.compat.reading.keywords import KEYWORDS, KEYWORDS_AND_FORMAT
from client_sdk.contract.compat.reading.reader import Keyword, term_from_resource
from client_sdk.contract.compat.solving.solver import Solver
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.evaluating import fits
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.compat.verdicts import (
    DEFAULT_BUDGET,
    Budget,
    Proved,
    Undecided,
    Verdict,
)
from client_sdk.contract.shape import Shape
from client_sdk.contract.values import JsonValue

_log: Final = logging.getLogger(__name__)

CANDIDATES: Final = (1, 8)  # asked of the solver, one round after the other


def shape_contained(
    a: Shape, b: Shape, *, budget: Budget = DEFAULT_BUDGET, formats: bool = False
) -> Verdict:
    """Decide whether every JSON value that fits shape `a` also fits shape `b`."""
    return _asked(a, b, _unequal(a, b) if formats else left_open(a, b), budget, formats=formats)


def readably_contained(a: Shape, b: Shape, *, budget: Budget, formats: bool = False) -> Verdict:
    """Decide the same, but read everything, also what need not be asked about."""
    return _asked(a, b, b, budget, formats=formats)


def _unequal(a: Shape, b: Shape) -> Shape:
    return Shape(tuple(part for part in b.parts if part not in a.parts))


def _asked(a: Shape, b: Shape, rest: Shape, budget: Budget, *, formats: bool) -> Verdict:
    """Decide by `rest`, which is what is left to ask about `b`."""
    if not rest.parts:
        return Proved()
    keywords = KEYWORDS_AND_FORMAT if formats else KEYWORDS
    try:
        return _decided(a, b, rest, Arena(Meter(budget)), keywords)
    except GivenUp as cause:
        return Undecided(cause.reason, cause.path)
    except RecursionError:
        return Undecided(Reason.NESTING, "")


def term_from_shape(
    arena: Arena, shape: Shape, name: str, keywords: Mapping[str, Keyword] = KEYWORDS
) -> Node:
    """Read every part of a shape; a value must fit all of them."""
    return arena.all_of(
        term_from_resource(arena, part, keywords, f"{name}{index}")
        for index, part in enumerate(shape.parts)
    )


def _decided(
    a: Shape, b: Shape, rest: Shape, arena: Arena, keywords: Mapping[str, Keyword]
) -> Verdict:
    left = term_from_shape(arena, a, "a", keywords)
    question = arena.both(left, arena.negate(term_from_shape(arena, rest, "b", keywords)))
    solver = Solver(arena)
    failed: Judgement | None = None
    disputed: list[JsonValue] = []
    for want in CANDIDATES:
        models = solver.models(question, want)
        if models.empty:
            return Proved()
        for candidate in models.values:
            failed = judged(a, b, candidate)
            if failed is not Judgement.SEPARATES or not _is_sure(arena, left, candidate, keywords):
                continue
            if is_undisputed(a, b, candidate):
                return refuted_by(b, candidate)
            disputed.append(candidate)
        if len(models.values) < want:
            break
    if disputed:
        return refuted_by(b, disputed[0])
    return arena.meter.first_doubt or _unexplained(failed, keywords)


def _is_sure(
    arena: Arena, left: Node, candidate: JsonValue, keywords: Mapping[str, Keyword]
) -> bool:
    """Say whether a candidate surely fits A, also where formats assert, which no judge knows."""
    return "format" not in keywords or fits(arena, left, candidate) is True


def _unexplained(failed: Judgement | None, keywords: Mapping[str, Keyword]) -> Undecided:
    """Name what became of the last candidate; one that merely fails shows a defect in here."""
    if failed is not None and failed is not Judgement.UNABLE and "format" in keywords:
        return Undecided(Reason.FORMAT_ASSERTED, "")
    if failed is Judgement.FAILS:
        _log.error("A candidate witness was refused by the validator; the question stays open.")
        return Undecided(Reason.JUDGE_DISAGREES, "")
    return Undecided(Reason.SEARCH_TOO_WIDE if failed is None else Reason.JUDGE_UNABLE, "")
