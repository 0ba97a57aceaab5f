import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import Severity
from client_sdk.contract.keywords import keywords_of
from client_sdk.contract.schema_gate import check_user_schema
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.validation import is_valid
from client_sdk.contract.values import Limits

D4, D6, D7, D19, D20 = Dialect


def errors_of(schema, dialect=D20, **limits: int) -> list[tuple[str, str]]:
    faults = check_user_schema(schema, dialect, limits=Limits(**limits))
    return [(each.code, each.pointer) for each in faults if each.severity is Severity.ERROR]


def warnings_of(schema, dialect=D20) -> list[tuple[str, str]]:
    faults = check_user_schema(schema, dialect)
    return [(each.code, each.pointer) for each in faults if each.severity is Severity.WARNING]


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize("schema", [{}, {"type": "object", "properties": {"a": {"minimum": 1.5}}}])
def test_plain_schemas_pass_in_every_dialect(schema, dialect):
    assert check_user_schema(schema, dialect) == ()


@pytest.mark.parametrize(
    ("schema", "dialect"),
    [
        (True, D20),
        ({"items": [{"type": "string"}, True], "additionalItems": False}, D7),
        ({"items": {"type": "string"}}, D4),
        ({"additionalProperties": False, "id": "http://e/x#"}, D4),
        ({"minimum": 1, "exclusiveMinimum": True}, D4),
        ({"exclusiveMinimum": 1}, D6),
        ({"dependencies": {"a": ["b"], "c": {"type": "object"}}}, D7),
        ({"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"a": {}}}, D19),
        ({"prefixItems": [{}], "items": False, "unevaluatedItems": False}, D20),
        ({"$id": "http://e/x", "$defs": {"a": {"$id": "y", "type": "string"}}, "$ref": "y"}, D20),
        ({"$id": "http://e/x", "$ref": "http://e/x#/$defs/a", "$defs": {"a": {}}}, D20),
        ({"$id": "urn:a:b", "$ref": "#/$defs/a", "$defs": {"a": {}}}, D20),
        ({"$defs": {"a": {"$anchor": "n"}}, "$ref": "#n"}, D19),
        ({"definitions": {"a": {"$id": "#n"}}, "allOf": [{"$ref": "#n"}]}, D7),
        ({"definitions": {"a": {"id": "#n"}}, "allOf": [{"$ref": "#n"}]}, D4),
        ({"$ref": "#/definitions/a~1b%20c", "definitions": {"a/b c": {}}}, D7),
        ({"$ref": "#/x-parts/0/part", "x-parts": [{"part": {"type": "string"}}]}, D20),
        (
            {
                "allOf": [{"$ref": "#/properties/a/items/1"}],
                "properties": {"a": {"items": [{}, {}]}},
            },
            D7,
        ),
        ({"properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}}}, D20),
        ({"items": {"$ref": "#"}}, D20),
        ({"$dynamicRef": "#/$defs/any", "$defs": {"any": True}, "uniqueItems": False}, D20),
        ({"$recursiveAnchor": True, "items": {"$recursiveRef": "#"}}, D19),
        ({"$dynamicAnchor": "n", "items": {"$dynamicRef": "#n"}}, D20),
        ({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string"}, D20),
        ({"x-anything": {"type": 7}, "default": {"type": 7}, "const": {"$ref": "http://x"}}, D20),
    ],
)
def test_what_a_dialect_allows_passes_without_a_fault(schema, dialect):
    assert check_user_schema(schema, dialect) == ()


@pytest.mark.parametrize(
    ("schema", "dialect", "pointer"),
    [
        ({"type": 5}, D20, "/type"),
        ({"type": []}, D20, "/type"),
        ({"type": ["string", "string"]}, D20, "/type"),
        ({"type": [{}] * 2000}, D20, "/type"),
        ({"enum": {}}, D20, "/enum"),
        ({"allOf": []}, D20, "/allOf"),
        ({"anyOf": {}}, D20, "/anyOf"),
        ({"oneOf": [1]}, D20, "/oneOf"),
        ({"not": 1}, D20, "/not"),
        ({"properties": {"a": 1}}, D20, "/properties"),
        ({"properties": []}, D20, "/properties"),
        ({"required": "a"}, D20, "/required"),
        ({"required": ["a", 1]}, D20, "/required"),
        ({"required": ["a", "a"]}, D20, "/required"),
        ({"required": True}, D4, "/required"),
        ({"minLength": -1}, D20, "/minLength"),
        ({"minLength": 1.5}, D20, "/minLength"),
        ({"maxItems": True}, D20, "/maxItems"),
        ({"minimum": "1"}, D20, "/minimum"),
        ({"maximum": True}, D20, "/maximum"),
        ({"multipleOf": 0}, D20, "/multipleOf"),
        ({"multipleOf": -1}, D20, "/multipleOf"),
        ({"exclusiveMinimum": 1}, D4, "/exclusiveMinimum"),
        ({"exclusiveMinimum": True}, D6, "/exclusiveMinimum"),
        ({"items": [{}]}, D20, "/items"),
        ({"items": 1}, D7, "/items"),
        ({"prefixItems": []}, D20, "/prefixItems"),
        ({"dependencies": {"a": "b"}}, D7, "/dependencies"),
        ({"dependencies": {"a": ["b", "b"]}}, D7, "/dependencies/a"),
        ({"dependentRequired": {"a": "b"}}, D20, "/dependentRequired"),
        ({"dependentRequired": {"a": ["b", "b"]}}, D20, "/dependentRequired/a"),
        ({"$ref": 1}, D20, "/$ref"),
        ({"$id": 1}, D20, "/$id"),
        ({"$id": "x#y"}, D20, "/$id"),
        ({"$id": "x#y"}, D7, "/$id"),
        ({"$id": "http://[x"}, D20, "/$id"),
        ({"$id": "x" * 2001}, D20, "/$id"),
        ({"$anchor": ["a"]}, D20, "/$anchor"),
        ({"$anchor": "1"}, D20, "/$anchor"),
        ({"$dynamicAnchor": "a b"}, D20, "/$dynamicAnchor"),
        ({"$recursiveRef": "#/a"}, D19, "/$recursiveRef"),
        ({"$vocabulary": []}, D20, "/$vocabulary"),
        ({"uniqueItems": 1}, D20, "/uniqueItems"),
        ({"description": 1}, D20, "/description"),
        ({"not": True}, D4, "/not"),
        ({"properties": {"a": True}}, D4, "/properties/a"),
        ({"items": {"properties": {"a/b": {"minLength": "1"}}}}, D20, "/items/properties/a~1b/minLength"),
    ],
)  # fmt: skip
def test_a_misshapen_keyword_is_refused_where_it_stands(schema, dialect, pointer):
    assert errors_of(schema, dialect) == [("keyword-shape", pointer)]


@pytest.mark.parametrize("schema", [None, 1, "x", []])
def test_what_is_no_schema_at_all_is_refused(schema):
    assert errors_of(schema) == [("not-a-schema", "")]


def test_draft_4_has_no_boolean_schemas():
    assert errors_of(True, D4) == [("not-a-schema", "")]


def test_an_unknown_type_is_an_error_and_an_unknown_keyword_a_warning():
    schema = {"properties": {"a": {"type": ["strng", "null"]}, "b": {"minlength": 1, "foo": 1}}}

    assert errors_of(schema) == [("unknown-type", "/properties/a/type")]
    assert warnings_of(schema) == [
        ("unknown-keyword", "/properties/b/minlength"),
        ("unknown-keyword", "/properties/b/foo"),
    ]
    messages = [fault.message for fault in check_user_schema(schema, D20)]
    assert "did you mean 'string'?" in messages[0]
    assert "did you mean 'minLength'?" in messages[1]
    assert errors_of({"type": "frob"}) == [("unknown-type", "/type")]


def test_keywords_of_another_dialect_are_unknown():
    assert warnings_of({"const": 1}, D4) == [("unknown-keyword", "/const")]
    assert warnings_of({"dependencies": {}}, D20) == [("unknown-keyword", "/dependencies")]
    assert warnings_of({"prefixItems": [{}]}, D7) == [("unknown-keyword", "/prefixItems")]
    assert warnings_of({"if": {}}, D6) == [("unknown-keyword", "/if")]


def test_siblings_of_a_reference_are_void_up_to_draft_7():
    schema = {"$ref": "#/definitions/a", "minimum": 1, "definitions": {"a": {}}}

    assert warnings_of(schema, D7) == [("void-beside-ref", "/minimum")]
    assert warnings_of(schema, D19) == []


def test_an_empty_enum_is_a_warning():
    assert warnings_of({"enum": []}) == [("empty-enum", "/enum")]


@pytest.mark.parametrize(
    "reference",
    ["http://e/x", "https://e/x#/a", "file:///etc/passwd", "//host/x", "ftp://e/x", "data:,{}",
     "other.json", "../y", "http://json-schema.org/draft-07/schema#", "urn:a:b"],
)  # fmt: skip
def test_a_reference_that_leaves_the_document_is_refused(reference):
    for schema, dialect, keyword in [
        ({"$ref": reference}, D7, "$ref"),
        ({"$ref": reference}, D20, "$ref"),
        ({"$dynamicRef": reference}, D20, "$dynamicRef"),
        ({"$id": "http://base/x", "$ref": reference}, D20, "$ref"),
    ]:
        assert errors_of(schema, dialect) == [("remote-reference", f"/{keyword}")]


@pytest.mark.parametrize(
    "reference",
    ["#/$defs/b", "#b", "#/properties", "#/$defs/a/type", "#/~2", "http://[x", "#/$defs/a/enum/7",
     "#/$defs/a/enum/x", "x" * 2001],
)  # fmt: skip
def test_a_reference_to_no_schema_is_refused(reference):
    schema = {"$ref": reference, "$defs": {"a": {"type": "string", "enum": ["x"]}}, "x-a": 1}

    assert errors_of(schema) == [("reference-unresolved", "/$ref")]


def test_a_base_changes_what_a_fragment_means():
    schema = {"$defs": {"a": {"$id": "inner", "$ref": "#/$defs/b", "$defs": {"b": {}}}, "c": {}}}

    assert errors_of(schema) == []
    assert errors_of({"$defs": {"a": {"$id": "inner", "$ref": "#/$defs/c"}, "c": {}}}) == [
        ("reference-unresolved", "/$defs/a/$ref")
    ]


def test_a_schema_inside_has_the_dialect_of_its_root():
    inside = {"$schema": "http://json-schema.org/draft-07/schema#"}

    assert errors_of({"properties": {"a": inside}}) == [
        ("unknown-dialect", "/properties/a/$schema")
    ]
    assert errors_of({"$schema": "http://example.com/meta"}) == [("unknown-dialect", "/$schema")]


def test_one_name_for_two_places_is_refused():
    assert errors_of({"$defs": {"a": {"$id": "x"}, "b": {"$id": "x"}}}) == [
        ("repeated-name", "/$defs/b/$id")
    ]
    assert errors_of({"$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x"}}}) == [
        ("repeated-name", "/$defs/b/$anchor")
    ]


@pytest.mark.parametrize(
    ("schema", "dialect"),
    [
        ({"$ref": "#"}, D20),
        ({"$ref": "#"}, D4),
        ({"allOf": [{"$ref": "#"}]}, D20),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}, D20),
        ({"not": {"anyOf": [{"oneOf": [{"$ref": "#"}]}]}}, D7),
        ({"if": {}, "then": {"else": {"$ref": "#"}}}, D7),
        ({"dependencies": {"a": {"$ref": "#"}}}, D7),
        ({"dependentSchemas": {"a": {"$ref": "#"}}}, D19),
        ({"$defs": {"a": {"$anchor": "n", "allOf": [{"$ref": "#n"}]}}}, D20),
        ({"properties": {"a": {"$ref": "#/properties/a"}}}, D20),
        ({"$recursiveAnchor": True, "anyOf": [{"$recursiveRef": "#"}]}, D19),
        ({"$dynamicAnchor": "n", "anyOf": [{"$dynamicRef": "#n"}]}, D20),
        ({"$ref": "#/x-a", "x-a": {"$ref": "#"}}, D20),
        (
            {
                "$dynamicAnchor": "n",
                "$ref": "#/$defs/list",
                "$defs": {"list": {"$id": "list", "$dynamicAnchor": "n", "allOf": [{"$dynamicRef": "#n"}]}},
            },
            D20,
        ),
    ],
)  # fmt: skip
def test_a_reference_that_returns_to_the_same_value_is_refused(schema, dialect):
    assert {code for code, _ in errors_of(schema, dialect)} == {"endless-reference"}


def test_siblings_that_are_void_cannot_make_a_circle():
    assert (
        errors_of(
            {"$ref": "#/definitions/a", "allOf": [{"$ref": "#"}], "definitions": {"a": {}}}, D7
        )
        == []
    )


def test_references_that_multiply_are_refused():
    doubling = {
        f"l{level}": {"allOf": [{"$ref": f"#/$defs/l{level + 1}"}] * 2} for level in range(20)
    }
    schema = {"$ref": "#/$defs/l0", "$defs": {**doubling, "l20": {}}}

    assert errors_of(schema, max_expanded_nodes=2**24) == []
    assert {code for code, _ in errors_of(schema)} == {"too-many-expansions"}


@pytest.mark.parametrize(
    ("pattern", "code"),
    [("(", "pattern-invalid"), ("(a)\\1", "pattern-unsupported"), ("(?<=a)b", "pattern-unsupported"),
     ("a" * 1001, "pattern-too-long")],
)  # fmt: skip
def test_a_pattern_that_the_kernel_cannot_match_is_refused(pattern, code):
    assert errors_of({"pattern": pattern}) == [(code, "/pattern")]
    assert errors_of({"patternProperties": {"^fine": {}, pattern: {}}}) == [
        (code, f"/patternProperties/{pattern}")
    ]
    assert errors_of({"propertyNames": {"pattern": pattern}}) == [(code, "/propertyNames/pattern")]


def test_patterns_that_only_backtracking_fears_pass():
    assert errors_of({"pattern": "^(a+)+$", "not": {"pattern": "^(a{1,20}){1,20}b$"}}) == []


def test_all_patterns_of_a_document_share_a_limit():
    schema = {"allOf": [{"pattern": f"a{number}"} for number in range(10)] * 2}

    assert errors_of(schema, max_pattern_total=220) == []
    assert errors_of(schema, max_pattern_total=219) == [
        ("too-many-patterns", "/allOf/9/pattern"),
        ("too-many-patterns", "/allOf/19/pattern"),
    ]


def test_limits_of_count_and_depth_are_kept():
    assert errors_of({"properties": {"a": {}, "b": {}}}, max_schema_nodes=3) == []
    assert errors_of({"properties": {"a": {}, "b": {}}}, max_schema_nodes=2) == [
        ("too-many-schemas", "/properties/b")
    ]
    assert errors_of({"not": {"not": {}}}, max_depth=3) == []
    assert errors_of({"not": {"not": {"not": {}}}}, max_depth=3) == [("too-deep", "/not/not/not")]
    assert errors_of({"enum": [1, 2, 3]}, max_enum_values=2) == [("too-many-enum-values", "/enum")]
    assert errors_of({"uniqueItems": True, "minItems": 3}, max_unique_items=2) == [
        ("too-many-unique-items", "/uniqueItems")
    ]
    assert errors_of({"uniqueItems": False, "minItems": 3}, max_unique_items=2) == []


def test_faults_begin_at_the_pointer_of_the_schema():
    (fault,) = check_user_schema({"type": 1}, D20, pointer="/tools/0/input_schema")

    assert fault.pointer == "/tools/0/input_schema/type"


def circle() -> dict:
    schema: dict = {}
    schema["not"] = schema
    return schema


def nested(depth: int, keyword: str) -> dict:
    schema: dict = {}
    for _ in range(depth):
        schema = {keyword: [schema]} if keyword == "allOf" else {keyword: schema}
    return schema


HOSTILE = {
    "10 000 properties": {"properties": {f"p{n}": {"type": "string"} for n in range(9_999)}},
    "100 000 properties": {"properties": {f"p{n}": {"type": "string"} for n in range(100_000)}},
    "a type of objects": {"type": [{} for _ in range(2_000)]},
    "an enum of objects": {"enum": [{"a": [n]} for n in range(2_000)]},
    "a schema in itself": circle(),
    "deep allOf": nested(100_000, "allOf"),
    "deep not": nested(100_000, "not"),
    "2 ** 5000": {"$defs": {f"l{n}": {"allOf": [{"$ref": f"#/$defs/l{n + 1}"}] * 2} for n in range(3_000)}},
    "a chain of unknown places": {f"x-{n}": {"$ref": f"#/x-{n + 1}"} for n in range(5_000)} | {"$ref": "#/x-0"},
    "unknown keywords": {f"requird{n}": 1 for n in range(50_000)},
    "a long name": {"properties": {"x" * 1_900_000: {"allOf": [{"bogus": 1} for _ in range(9_000)]}}},
    "many anchors": {
        "$defs": {f"d{n}": {"$id": f"u{n}", "$dynamicAnchor": "n"} for n in range(4_000)},
        "properties": {f"p{n}": {"$dynamicRef": "u1#n"} for n in range(4_000)},
    },
    "patterns": {"properties": {f"p{n}": {"pattern": f"[\\p{{L}}\\d]{{1,90}}{n}"} for n in range(3_000)}},
    "required": {"required": [f"a{n}" for n in range(50_000)]},
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_schema_costs_little(name):
    began = time.process_time()

    faults = check_user_schema(HOSTILE[name], D20)

    assert time.process_time() - began < 5  # CPU, and tracing coverage triples it
    assert len(faults) <= 2_000
    assert all(len(fault.pointer) <= 2_000 for fault in faults)


names = st.sampled_from(sorted(set().union(*(keywords_of(dialect) for dialect in Dialect))))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from(["", "#", "#/a", "x", "^a", "string", "/"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.sampled_from("ab"), inner, max_size=4),
    max_leaves=25,
)  # fmt: skip


@given(values, st.sampled_from(Dialect))
def test_any_value_is_judged_without_an_exception_and_what_passes_can_be_evaluated(schema, dialect):
    faults = check_user_schema(schema, dialect)

    if not any(fault.severity is Severity.ERROR for fault in faults):
        shape = Shape((SchemaResource(schema, dialect),))
        for value in (None, 1, "ab", [1, [2]], {"a": {"b": 1}}):
            assert is_valid(shape, value) in (True, False)
