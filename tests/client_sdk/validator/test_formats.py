"""Formats are checked (v7)."""

import pytest

from client_sdk.validator import (
    AgentContract,
    ContractValidator,
    Severity,
    SeverityPolicy,
    ToolContract,
)


def validator(schema, **options):
    judge = ContractValidator(**options)
    tool = ToolContract("get_mail", "1.0", {"to": {"format": "email"}}, schema)
    judge.add_contract(AgentContract("buyer", "gateway", [tool]))
    return judge


def found(schema, body, **options):
    answer = {"status_code": 200, "body": body}
    violations = validator(schema, **options).validate_response("get_mail", answer)
    return [(each.rule, each.path, each.severity) for each in violations]


WRONG = [("format", "/a", Severity.ERROR)]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date", "2026-02-28", "2026-02-30"),
        ("date", "2024-02-29", "20240229"),
        ("date-time", "2026-01-01T00:00:00Z", "2026-01-01 00:00:00Z"),
        ("date-time", "2026-01-01T23:59:60.25+02:00", "2026-01-01T24:00:00Z"),
        ("date-time", "2026-01-01t00:00:00z", "2026-13-01T00:00:00Z"),
        ("date-time", "2026-01-01T00:00:00-00:00", "2026-01-01T00:00:00"),
        ("time", "12:00:00Z", "12:00"),
        ("email", "a@example.com", "example.com"),
        ("email", "a+b@localhost", "a@b..c"),
        ("hostname", "a-1.example.com", "-a.example.com"),
        ("ipv4", "127.0.0.1", "127.0.0.256"),
        ("ipv6", "::1", "::g"),
        ("ipv6", "fe80::1", "fe80::1%eth0"),
        ("uri", "https://example.com/a?b#c", "example.com"),
        ("uri", "urn:a:b", "http://a b"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567e89b12d3a456426614174000"),
    ],
)
def test_a_text_must_have_the_format_of_its_schema(name, good, bad):
    """v7"""
    schema = {"a": {"type": "string", "format": name}}

    assert found(schema, {"a": good}) == []
    assert found(schema, {"a": bad}) == WRONG
    assert found(schema, {"a": f"{good}\n"}) == WRONG


def test_an_unknown_format_is_a_note():
    assert found({"a": {"format": "escrow-id"}}, {"a": "?"}) == []


def test_a_format_is_about_texts_only():
    assert found({"a": {"format": "date"}}, {"a": 7}) == []


DATED = {"format": "date"}


@pytest.mark.parametrize(
    ("schema", "body", "path"),
    [
        ({"properties": {"a": {"properties": {"b": DATED}}}}, {"a": {"b": "x"}}, "/a/b"),
        ({"properties": {"a": {"items": DATED}}}, {"a": ["2026-01-01", "x"]}, "/a/1"),
        ({"properties": {"a": {"prefixItems": [{}, DATED]}}}, {"a": ["x", "x"]}, "/a/1"),
        ({"additionalProperties": DATED, "properties": {"b": {}}}, {"a": "x", "b": "x"}, "/a"),
        ({"allOf": [{"properties": {"a": DATED}}]}, {"a": "x"}, "/a"),
        ({"properties": {"a": {"$ref": "#/$defs/d"}}, "$defs": {"d": DATED}}, {"a": "x"}, "/a"),
        (
            {"type": ["object", "string"], "properties": {"a": {"$ref": "#"}}, "allOf": [DATED]},
            {"a": "x"},
            "/a",
        ),
        (
            {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{}, DATED]},
            ["x", "x"],
            "/1",
        ),
    ],
)
def test_every_schema_that_surely_applies_is_reached(schema, body, path):
    """v7"""
    assert found(schema, body) == [("format", path, Severity.ERROR)]


def test_beside_a_reference_of_draft_7_nothing_counts():
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": {"a": {"$ref": "#/definitions/any", "format": "date"}},
        "definitions": {"any": {}},
    }

    assert found(schema, {"a": "x"}) == []


def test_branches_are_not_reached():
    """One of them may not apply."""
    schema = {"properties": {"a": {"anyOf": [DATED, {"format": "email"}]}}}

    assert found(schema, {"a": "x"}) == []


def test_values_may_be_nested_deeper_than_calls():
    tree = {"type": ["object", "string"], "format": "date", "properties": {"a": {"$ref": "#"}}}
    deep = "x"
    for _ in range(2_000):
        deep = {"a": deep}

    assert len(found(tree, deep)) == 1


def test_a_reference_inside_an_embedded_document_is_not_followed():
    inner = {"$id": "urn:a", "properties": {"b": {"$ref": "#/$defs/d"}}, "$defs": {"d": DATED}}

    assert found({"properties": {"a": inner}}, {"a": {"b": "x"}}) == []


@pytest.mark.parametrize(
    ("options", "severities"),
    [
        ({"formats": "warn"}, [Severity.WARNING]),
        ({"formats": "ignore"}, []),
        ({"policy": SeverityPolicy({"format": "info"})}, [Severity.INFO]),
    ],
)
def test_how_grave_a_format_is_can_be_said(options, severities):
    """v6"""
    violations = found({"a": DATED}, {"a": "x"}, **options)

    assert [severity for _, _, severity in violations] == severities


def test_the_words_of_formats_are_checked():
    with pytest.raises(ValueError, match="formats"):
        ContractValidator(formats="maybe")


def test_inputs_are_held_to_their_formats_too():
    """v8"""
    judge = validator({})

    assert judge.validate_request("get_mail", {"to": "a@example.com"}) == []
    (violation,) = judge.validate_request("get_mail", {"to": "nobody"})
    assert violation.message == 'to should have the format email, is "nobody"'
