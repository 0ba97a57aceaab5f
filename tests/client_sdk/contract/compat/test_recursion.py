"""Recursive schemas: coinduction for proofs, least depth for witnesses."""

from __future__ import annotations

from compat_claims import assert_contained, assert_escapes, assert_open, assert_same


def defined(start, **definitions):
    return {"$ref": f"#/$defs/{start}", "$defs": definitions}


def linked(**last):
    """A linked list: null, or a head and a tail."""
    node = {"type": "object", "properties": {"t": {"$ref": "#/$defs/l"}}, "required": ["t"]}
    return defined("l", l={"anyOf": [{"type": "null"}, {**node, **last}]})


def tree(value):
    return defined("t", t={"properties": {"v": value, "kids": {"items": {"$ref": "#/$defs/t"}}}})


def test_a_recursive_schema_is_compared_with_another_of_the_same_form():
    assert_contained(linked(additionalProperties=False), linked())
    assert_contained(tree({"type": "integer"}), tree({"type": "number"}))


def test_a_difference_deep_inside_is_found_at_the_least_depth():
    witness = assert_escapes(tree({"type": "number"}), tree({"type": "integer"}))

    assert witness == {"v": 0.5}


def test_mutual_recursion_is_contained_in_plain_recursion_and_not_back():
    step = {"type": "object", "additionalProperties": False}
    even = {**step, "properties": {"n": {"$ref": "#/$defs/odd"}}}
    odd = {**step, "properties": {"n": {"$ref": "#/$defs/even"}}, "required": ["n"]}
    plain = {**step, "properties": {"n": {"$ref": "#/$defs/plain"}}}
    alternating, any_depth = defined("even", even=even, odd=odd), defined("plain", plain=plain)

    assert_contained(alternating, any_depth)
    assert assert_escapes(any_depth, alternating) == {"n": {}}


def test_endless_required_nesting_is_empty():
    endless = {"type": "object", "properties": {"n": {"$ref": "#/$defs/e"}}, "required": ["n"]}

    assert_contained(defined("e", e=endless), False)
    assert_contained(
        {"properties": {"x": {"$ref": "#/$defs/e"}}, "$defs": {"e": endless}, "type": "object"},
        {"properties": {"x": False}},
    )


def test_an_assumption_that_fails_takes_its_consequences_with_it():
    pair = {
        "type": "object",
        "properties": {"l": {"$ref": "#/$defs/p"}, "r": {"$ref": "#/$defs/q"}},
        "required": ["l"],
    }
    p = {"anyOf": [pair, {"type": "array", "prefixItems": [{"$ref": "#/$defs/q"}], "minItems": 1}]}
    q = {
        "anyOf": [
            {"type": "object", "properties": {"l": {"$ref": "#/$defs/p"}}, "required": ["l"]},
            {"const": "leaf"},
        ]
    }

    assert_escapes(defined("p", p=p, q=q), {"not": {"type": "object", "required": ["l"]}})
    assert_contained(defined("p", p=p, q={"$ref": "#/$defs/p"}), True)


def test_two_empty_definitions_that_need_each_other_are_empty():
    p = {"type": "array", "items": {"$ref": "#/$defs/q"}, "minItems": 1}
    q = {"type": "object", "properties": {"a": {"$ref": "#/$defs/p"}}, "required": ["a"]}

    assert_contained(defined("p", p=p, q=q), False)
    assert_contained(
        {"type": "array", "items": {"$ref": "#/$defs/q"}, "$defs": {"p": p, "q": q}},
        {"maxItems": 0},
    )


def test_distinct_items_of_a_recursive_kind_do_not_run_out():
    nested = defined("n", n={"type": "array", "items": {"$ref": "#/$defs/n"}, "uniqueItems": True})

    assert_escapes(nested, {"maxItems": 3})


def test_negation_through_recursion_keeps_its_meaning():
    """Nim: a position is won when some move leads to one that is not."""
    won = defined(
        "w", w={"type": "array", "contains": {"type": "array", "not": {"$ref": "#/$defs/w"}}}
    )

    assert assert_escapes(won, False) == [[]]
    assert_contained(won, {"minItems": 1})
    assert_same(won, {"not": {"not": {"$ref": "#/$defs/w"}}, "$defs": won["$defs"]})


def test_a_reference_to_itself_without_a_step_inside_stays_open():
    assert_open(defined("a", a={"$ref": "#/$defs/a"}), {"type": "string"}, "reference-unproductive")
    circle = {"$ref": "#/$defs/x", "unevaluatedProperties": False}
    inside = {"properties": {"k": {**circle}}, "dependentSchemas": {"k": {"$ref": "#/$defs/x"}}}
    assert_open(defined("x", x=inside), {"type": "string"}, "reference-unproductive")


def test_a_dynamic_reference_finds_the_outermost_anchor():
    open_tree = {
        "$id": "https://example.com/tree",
        "$dynamicAnchor": "node",
        "properties": {"kids": {"items": {"$dynamicRef": "#node"}}},
    }
    strict = {
        "$id": "https://example.com/strict",
        "$dynamicAnchor": "node",
        "$ref": "tree",
        "unevaluatedProperties": False,
        "$defs": {"tree": open_tree},
    }

    assert_escapes(open_tree, strict)
    assert_contained(strict, open_tree)
    assert_contained(
        {"type": "object", **strict},
        {"properties": {"kids": {"items": {"propertyNames": {"const": "kids"}}}}},
    )


def test_a_recursive_reference_finds_the_outermost_anchor():
    inner = {
        "$id": "https://example.com/inner",
        "$recursiveAnchor": True,
        "properties": {"n": {"$recursiveRef": "#"}},
    }
    outer = {
        "$id": "https://example.com/outer",
        "$recursiveAnchor": True,
        "$ref": "inner",
        "required": ["n"],
        "$defs": {"inner": inner},
    }

    assert_contained({"type": "object", **outer}, False, "2019-09")
    assert_escapes({"type": "object", **inner}, outer, "2019-09")


def test_what_was_found_empty_under_an_assumption_is_asked_again():
    x = {
        "anyOf": [
            {"type": "array", "items": {"$ref": "#/$defs/y"}, "minItems": 1},
            {"type": "object"},
        ]
    }
    y = {"type": "array", "items": {"$ref": "#/$defs/x"}, "minItems": 1}
    pair = [{"$ref": "#/$defs/x"}, {"$ref": "#/$defs/y"}]

    assert_escapes(
        {"type": "array", "prefixItems": pair, "minItems": 2, "$defs": {"x": x, "y": y}}, False
    )


def test_two_recursive_definitions_of_one_document_are_kept_apart():
    def of(kind, name):
        return {"anyOf": [{"type": kind}, {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}]}

    both = {"$defs": {"i": of("integer", "i"), "s": of("string", "s")}}
    members = {"a": {"$ref": "#/$defs/i"}, "b": {"$ref": "#/$defs/s"}}
    swapped = {"a": {"$ref": "#/$defs/s"}, "b": {"$ref": "#/$defs/i"}}

    assert_escapes({"properties": members, **both}, {"properties": swapped, **both})
    assert_contained(
        {"properties": {"b": members["b"]}, "type": "object", **both},
        {"properties": {"b": {"type": ["string", "array"]}}},
    )
