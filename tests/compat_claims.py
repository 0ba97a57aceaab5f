"""Claims about containment, each checked against the plain `jsonschema` library too."""

from __future__ import annotations

import json
from decimal import Decimal

import jsonschema
import pytest

from client_sdk.contract.compat import Budget, Proved, Refuted, Undecided, is_contained
from client_sdk.contract.errors import DocumentInvalid

# Steps decide; a busy machine only takes longer.
PATIENT = Budget(wall_seconds=120)
VALIDATORS = {
    "draft4": jsonschema.Draft4Validator,
    "draft6": jsonschema.Draft6Validator,
    "draft7": jsonschema.Draft7Validator,
    "2019-09": jsonschema.Draft201909Validator,
    "2020-12": jsonschema.Draft202012Validator,
}


def plain(value):
    """Give a witness as the standard library reads it."""
    return json.loads(json.dumps(value, default=_number))


def _number(value):
    assert isinstance(value, Decimal)
    return float(value)


def assert_contained(a, b, dialect="2020-12"):
    """Claim that every value of `a` is one of `b`."""
    assert is_contained(a, b, dialect=dialect, budget=PATIENT) == Proved()


def assert_escapes(a, b, dialect="2020-12"):
    """Claim that a value of `a` is none of `b`; gives the witness."""
    verdict = is_contained(a, b, dialect=dialect, budget=PATIENT)
    assert isinstance(verdict, Refuted), verdict
    witness = plain(verdict.witness)
    assert VALIDATORS[dialect](a).is_valid(witness)
    assert not VALIDATORS[dialect](b).is_valid(witness)
    return witness


def assert_open(a, b, reason, path=None, budget=None, dialect="2020-12"):
    """Claim that the question stays open for this reason."""
    verdict = is_contained(a, b, dialect=dialect, budget=budget or PATIENT)
    assert isinstance(verdict, Undecided), verdict
    assert verdict.reason == reason
    assert path is None or verdict.path == path


def assert_refused(a, b, pointer, dialect="2020-12"):
    """Claim that one of the two is no schema, and that the refusal says where."""
    with pytest.raises(DocumentInvalid) as refusal:
        is_contained(a, b, dialect=dialect)
    assert refusal.value.faults[0].pointer == pointer


def assert_same(a, b, dialect="2020-12"):
    """Claim that two schemas accept the same values."""
    assert_contained(a, b, dialect)
    assert_contained(b, a, dialect)
