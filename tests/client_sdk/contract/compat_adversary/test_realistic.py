"""Pairs as API authors write them, of every kind that rules get wrong; each decided, none open."""

from __future__ import annotations

import pytest
from compat_claims import assert_contained, assert_escapes

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}


def thing(properties, *required, **more):
    return {"type": "object", "properties": properties, "required": list(required), **more}


def text(pattern, **more):
    return {"type": "string", "pattern": pattern, **more}


def events(count, extra=TEXT):
    return [
        thing(
            {"kind": {"const": f"k{i}"}, f"f{i}": extra, "id": TEXT},
            "kind",
            "id",
            additionalProperties=False,
        )
        for i in range(count)
    ]


def conditions(count):
    return {
        **thing({"kind": {"enum": [f"k{i}" for i in range(count)]}}, "kind"),
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": f"k{i}"}}, "required": ["kind"]},
                "then": {"required": [f"f{i}"], "properties": {f"f{i}": TEXT}},
            }
            for i in range(count)
        ],
    }


def tagged(count):
    return [
        thing({"kind": {"const": f"k{i}"}, f"f{i}": TEXT}, "kind", f"f{i}") for i in range(count)
    ]


UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
VERSION = r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$"
ADDRESS = r"^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$"


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (text(UUID), text("^[0-9a-fA-F-]+$", minLength=36, maxLength=36)),
        (text(VERSION), text(r"^\d+\.\d+\.\d+$")),
        (text(ADDRESS), text(r"^(\d{1,3}\.){3}\d{1,3}$")),
        (text("^[a-z0-9]+(?:-[a-z0-9]+)*$"), text("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")),
        (text(r"^\d+\.\d{2}$"), text(r"^-?\d+(\.\d{1,4})?$")),
        (text(r"^(?=.*[A-Z])(?=.*\d).{8,}$"), text(r"\d", minLength=8)),
        (text("^(?!admin$)[a-z]+$"), {"not": {"const": "admin"}}),
        (text("^([A-Z]{3}-){1,10}[0-9]{4}$"), text("^[A-Z0-9-]{8,44}$")),
        (text("^(foo|bar)$"), {"enum": ["foo", "bar"]}),
        (text("^[a-zA-Z_][a-zA-Z0-9_]{0,254}$"), {"maxLength": 255}),
        (text(r"^\+[1-9]\d{1,14}$"), text(r"^\+?\d{2,15}$")),
        (text(r"^\d{5}(-\d{4})?$"), {"oneOf": [{"maxLength": 5}, {"minLength": 10}]}),
    ],
)
def test_a_pattern_is_tightened(narrow, wide):
    assert_contained(narrow, {"type": "string", **wide})


@pytest.mark.parametrize("count", [30, 60])
def test_one_of_many_tagged_branches_is_found(count):
    one_narrower = events(count)
    one_narrower[count // 2] = events(count, {"type": "string", "maxLength": 9})[count // 2]

    assert_contained({"oneOf": one_narrower}, {"oneOf": events(count)})
    assert_contained({"anyOf": events(count)}, {"oneOf": events(count + 1)})
    witness = assert_escapes({"oneOf": events(count)}, {"oneOf": one_narrower})
    assert witness["kind"] == f"k{count // 2}"


@pytest.mark.parametrize("count", [12, 40])
def test_conditions_and_branches_by_tag_are_one_thing(count):
    assert_contained({"oneOf": tagged(count)}, conditions(count))
    assert_contained(conditions(count), {"oneOf": tagged(count)})
    assert (
        assert_escapes(conditions(count), {"anyOf": tagged(count)[:-1]})["kind"] == f"k{count - 1}"
    )


@pytest.mark.parametrize("count", [5, 30])
def test_definitions_that_refer_to_one_another_are_followed(count):
    def nodes(value):
        return {
            "$ref": "#/$defs/d0",
            "$defs": {
                f"d{i}": thing(
                    {
                        "x": {"$ref": f"#/$defs/d{(i + 1) % count}"},
                        "y": {"$ref": f"#/$defs/d{(i * 7 + 3) % count}"},
                        "v": value,
                    },
                    "v",
                )
                for i in range(count)
            },
        }

    assert_contained(nodes(WHOLE), nodes({"type": "number"}))
    assert_escapes(nodes({"type": "number"}), nodes(WHOLE))


def test_groups_of_which_one_is_required_need_so_many_members():
    groups = [{"anyOf": [{"required": [f"a{i}"]}, {"required": [f"b{i}"]}]} for i in range(10)]

    assert_contained({"type": "object", "allOf": groups}, {"minProperties": 10})
    assert_escapes({"type": "object", "allOf": groups}, {"minProperties": 11})


def test_an_extended_definition_is_closed_as_a_whole():
    extended = {
        "allOf": [{"$ref": "#/$defs/base"}],
        "properties": {"note": TEXT},
        "unevaluatedProperties": False,
        "$defs": {"base": thing({"id": WHOLE}, "id")},
    }
    flat = thing({"id": WHOLE, "note": TEXT}, "id", additionalProperties=False)

    assert_contained(extended, flat)
    assert_contained(flat, extended)
