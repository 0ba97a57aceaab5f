"""The judge: no witness leaves the engine unless the validator agrees on both sides."""

from __future__ import annotations

from dataclasses import dataclass

from client_sdk.contract.compat.verdicts import Refuted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.shape import Shape
from client_sdk.contract.validation import is_valid, violations
from client_sdk.contract.values import JsonValue


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the validator says of a candidate; `able` is False when it could not say."""

    separates: bool
    able: bool


def judged(a: Shape, b: Shape, value: JsonValue) -> Judgement:
    """Say whether the value fits `a` and not `b`, as the validator sees it."""
    try:
        return Judgement(is_valid(a, value) and not is_valid(b, value), able=True)
    except ContractError:
        return Judgement(separates=False, able=False)


def refuted_by(b: Shape, witness: JsonValue) -> Refuted:
    """Make the verdict of a witness, naming the first thing that `b` holds against it."""
    found = violations(b, witness)
    path, keyword = (found[0].path, found[0].rule) if found else ("", "")
    return Refuted(witness, path, keyword)
