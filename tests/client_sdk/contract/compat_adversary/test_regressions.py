"""Mistakes the engine once made, minimised: each stays a claim of its own."""

from __future__ import annotations

import json
from itertools import permutations

import jsonschema
import pytest

from client_sdk.contract.compat import Refuted, is_contained


def holding(**members):
    return {
        "type": "object",
        "required": list(members),
        "properties": members,
        "additionalProperties": False,
    }


def of(name):
    return {"$ref": f"#/$defs/{name}"}


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("wanted", [("L", "G"), ("G", "L"), ("L", "C"), ("F", "G")])
def test_an_emptiness_assumed_inside_two_circles_is_not_kept(order, wanted):
    ways = [holding(f=of("F")), holding(g=of("G")), holding(h={"type": "string"})]
    definitions = {
        "L": {"anyOf": [ways[index] for index in order]},
        "F": {"anyOf": [holding(c=of("C")), holding(l=of("L"))]},
        "C": holding(f=of("F")),
        "G": holding(c=of("C")),
    }
    schema = {"$defs": definitions, **holding(x=of(wanted[0]), y=of(wanted[1]))}

    verdict = is_contained(schema, False)

    assert isinstance(verdict, Refuted), verdict
    witness = json.loads(json.dumps(verdict.witness))
    assert jsonschema.Draft202012Validator(schema).is_valid(witness)
