"""The judge: no witness leaves the engine unless the validator agrees on both sides."""

from __future__ import annotations

from enum import Enum

from client_sdk.contract.compat.verdicts import Refuted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.evaluation import failures_of
from client_sdk.contract.evaluation.second_opinion import is_trusted, second_opinion
from client_sdk.contract.shape import Shape
from client_sdk.contract.validation import is_valid
from client_sdk.contract.values import JsonValue


class Judgement(Enum):
    """What the validator says of a candidate."""

    SEPARATES = "fits A and not B"
    FAILS = "does not fit A, or fits B"
    UNABLE = "cannot be judged"


def judged(a: Shape, b: Shape, value: JsonValue) -> Judgement:
    """Say whether the value fits `a` and not `b`, as the validator sees it.

    The `jsonschema` library must not contradict it.
    """
    try:
        separates = is_valid(a, value) and not is_valid(b, value)
    except ContractError:
        return Judgement.UNABLE
    agreed = separates and not _is_contradicted(a, b, value)
    return Judgement.SEPARATES if agreed else Judgement.FAILS


def _is_contradicted(a: Shape, b: Shape, value: JsonValue) -> bool:
    if any(second_opinion(part, value) is False for part in a.parts):
        return True
    return all(second_opinion(part, value) is True for part in b.parts)


def is_undisputed(a: Shape, b: Shape, value: JsonValue) -> bool:
    """Say whether the library agrees on a judged witness even where it reads otherwise.

    It reads `unevaluated…` of 2019-09 by later rules; a witness that does not hang on that is
    better, where there is one.
    """
    if all(is_trusted(part) for part in (*a.parts, *b.parts)):
        return True
    accepted = [second_opinion(part, value, trusting=True) is not False for part in a.parts]
    refused = [second_opinion(part, value, trusting=True) is not True for part in b.parts]
    return all(accepted) and any(refused)


def refuted_by(b: Shape, witness: JsonValue) -> Refuted:
    """Make the verdict of a witness, naming the first thing that `b` holds against it."""
    against = (failure for part in b.parts for failure in failures_of(part, witness))
    first = next(against, None)
    return Refuted(witness, first.pointer, first.rule) if first else Refuted(witness, "", "")
