"""Judging one value under one JSON Schema resource: exact, offline and bounded.

Five drafts, one meaning. The keyword functions are our own because the ready-made validators
cannot be bounded from outside: they print the whole value into each error, match patterns with
a backtracking engine and change class wherever a subschema says `$schema`. References are
resolved by `referencing`, against the resource itself and the standard meta-schemas only.
"""

from client_sdk.contract.evaluation.failures import (
    EvaluationTooComplex,
    Failure,
    SchemaUnusable,
    ValueUnusable,
)
from client_sdk.contract.evaluation.judge import Steps, accepts, check_json, failures_of

__all__ = [
    "EvaluationTooComplex",
    "Failure",
    "SchemaUnusable",
    "Steps",
    "ValueUnusable",
    "accepts",
    "check_json",
    "failures_of",
]
