"""The door of the evaluation: a schema resource and a value in, failures or a refusal out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Final

from client_sdk.contract.errors import ContractError
from client_sdk.contract.evaluation.failures import (
    EvaluationTooComplex,
    Failure,
    SchemaUnusable,
    ValueUnusable,
)
from client_sdk.contract.evaluation.place import MAX_STEPS, Place, Run, apply
from client_sdk.contract.evaluation.resources import load_resource
from client_sdk.contract.evaluation.vocabularies import VOCABULARIES
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.values import JsonValue

REMEMBERED_RESOURCES: Final = 256

_SCALARS: Final = (str, int, float, Decimal, type(None))
# What a keyword function meets when a schema has a shape its dialect does not know.
_SHAPE_TROUBLE: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


def accepts(resource: SchemaResource, value: JsonValue) -> bool:
    """Say whether the value is valid under the resource; stops at the first failure.

    Raises:
        EvaluationTooComplex: over the budget of steps or nesting; never a silent yes.
        SchemaUnusable: the schema has a shape or a reference that means nothing.
        ValueUnusable: the value is not JSON.
    """
    return _judged(resource, value, brief=True).valid


@dataclass(slots=True)
class Steps:
    """A budget that several judgements share; each takes what it needs off `left`."""

    left: int = MAX_STEPS


def failures_of(
    resource: SchemaResource, value: JsonValue, *, steps: Steps | None = None
) -> tuple[Failure, ...]:
    """Give what keeps the value from being valid, at most 200 failures.

    Raises:
        EvaluationTooComplex: over the budget of steps or nesting; never a silent yes.
        SchemaUnusable: the schema has a shape or a reference that means nothing.
        ValueUnusable: the value is not JSON.
    """
    return tuple(_judged(resource, value, brief=False, steps=steps).failures)


def check_json(value: JsonValue) -> None:
    """Make sure that the value is JSON, at every depth.

    Raises:
        ValueUnusable: it holds NaN, an infinity, a member name that is no string, or an object
            of another kind.
    """
    waiting: list[object] = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(each.values())
            if not all(isinstance(name, str) for name in each):
                raise ValueUnusable("A member name in the value is no string.")
        elif isinstance(each, list):
            waiting.extend(each)
        elif (isinstance(each, Decimal) and not each.is_finite()) or (
            isinstance(each, float) and not isfinite(each)
        ):
            raise ValueUnusable("The value holds a number that JSON does not have.")
        elif not isinstance(each, _SCALARS):
            raise ValueUnusable(f"The value holds a {type(each).__name__}, which is not JSON.")


def _judged(
    resource: SchemaResource, value: JsonValue, *, brief: bool, steps: Steps | None = None
) -> Place:
    check_json(value)
    shared = Steps() if steps is None else steps
    try:
        loaded = loaded_resource(resource)
        run = Run(loaded, VOCABULARIES, shared.left)
        root = Place(run, loaded.base, {}, value, pointer="", brief=brief)
        try:
            return apply(root, loaded.schema, base=loaded.base)
        finally:
            shared.left = run.steps_left
    except ContractError:
        raise
    except RecursionError as cause:
        raise EvaluationTooComplex("Schemas nest too deep here.") from cause
    except _SHAPE_TROUBLE as cause:
        raise SchemaUnusable(f"The schema cannot be applied: {cause}") from cause


loaded_resource: Final = lru_cache(maxsize=REMEMBERED_RESOURCES)(load_resource)
