"""Requests, responses and exchanges under contracts of every shape."""

import pytest

from client_sdk.exchange import Exchange, Result
from client_sdk.validator import (
    AgentContract,
    ContractValidator,
    ContractViolation,
    Severity,
    SeverityPolicy,
    ToolContract,
)

INPUT = {
    "type": "object",
    "properties": {"amount": {"type": "string"}, "payee": {"type": "string"}},
    "required": ["amount"],
}
OUTPUT = {
    "escrow_id": {"type": "string", "pattern": "^esc_"},
    "status": {"type": "string", "enum": ["pending", "released"]},
    "attempts": {"type": "integer"},
}
GOOD = {"escrow_id": "esc_1", "status": "pending", "attempts": 1}


def tool(**members):
    given = {
        "tool_name": "create_escrow",
        "version": "1.0",
        "input_schema": INPUT,
        "output_schema": OUTPUT,
        "required_output_fields": ["escrow_id", "status"],
    }
    return ToolContract(**(given | members))


def validator_of(*tools, consumer="buyer", producer="gateway", **options):
    validator = ContractValidator(**options)
    validator.add_contract(AgentContract(consumer, producer, list(tools) or [tool()]))
    return validator


def answered(body, status=200, **members):
    """The violations of one answer under a contract with these members."""
    response = {"status_code": status, "body": body}
    return validator_of(tool(**members)).validate_response("create_escrow", response)


def said(violations):
    return [(each.path, each.rule, each.severity.value) for each in violations]


def test_there_are_three_severities():
    """V1"""
    assert [each.name for each in Severity] == ["ERROR", "WARNING", "INFO"]


def test_a_sound_answer_has_no_violation_and_passes():
    """V6, V9"""
    validator = validator_of()

    found = validator.validate_response("create_escrow", Result(200, GOOD))

    assert found == []
    assert validator.report() == {
        "total_validations": 1,
        "total_violations": 0,
        "errors": 0,
        "warnings": 0,
        "infos": 0,
        "passed": True,
        "reason": None,
        "compatibility_checks": 0,
        "violations": [],
    }


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"status": "pending"}, [("/escrow_id", "required", "error")]),
        (GOOD | {"attempts": "1"}, [("/attempts", "type", "error")]),
        (GOOD | {"status": "held"}, [("/status", "enum", "error")]),
        (GOOD | {"escrow_id": "x"}, [("/escrow_id", "pattern", "error")]),
    ],
)
def test_required_type_enum_and_pattern_are_errors(body, expected):
    """V7, v6: the default severity of a pattern is ERROR; the guide's WARNING is a policy."""
    assert said(answered(body)) == expected


def test_an_undeclared_status_is_an_error_and_its_body_is_left_alone():
    """V7, v9"""
    assert said(answered({"title": "no"}, status=500)) == [("", "status_code", "error")]


def test_each_status_has_its_schema():
    """v9"""
    members = {
        "status_codes": [200, 402],
        "responses": {402: {"type": "object", "required": ["title"]}},
    }

    assert said(answered({}, status=402, **members)) == [("/title", "required", "error")]
    assert said(answered({"title": "no money"}, status=402, **members)) == []


@pytest.mark.parametrize(("value", "is_integer"), [(True, False), (1.0, True), (1.5, False)])
def test_types_are_those_of_json(value, is_integer):
    """v3: a boolean is no integer, 1.0 is one."""
    assert (said(answered(GOOD | {"attempts": value})) == []) is is_integer


def test_a_full_schema_is_read_as_one():
    """v2, v7: nested objects, arrays, ranges and unknown members are checked."""
    schema = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"type": "object", "required": ["id"]}},
            "count": {"minimum": 0},
        },
        "additionalProperties": False,
    }
    body = {"items": [{"id": 1}, {}], "count": -1, "more": True}

    found = answered(body, output_schema=schema, required_output_fields=[])

    assert sorted(said(found)) == [
        ("/count", "minimum", "error"),
        ("/items/1/id", "required", "error"),
        ("/more", "additionalProperties", "error"),
    ]


def test_a_field_called_type_is_a_field():
    """v2"""
    schema = {"type": {"type": "string"}}

    assert said(answered({"type": 1}, output_schema=schema, required_output_fields=[])) == [
        ("/type", "type", "error")
    ]


def test_keywords_without_a_type_and_lists_of_types_count():
    """v4"""
    schema = {"a": {"enum": [1]}, "b": {"pattern": "x"}, "c": {"type": ["string", "null"]}}
    body = {"a": 2, "b": "y", "c": 3}

    found = answered(body, output_schema=schema, required_output_fields=[])

    assert [each.rule for each in found] == ["enum", "pattern", "type"]


def test_a_pattern_is_searched_not_anchored():
    """v5"""
    schema = {"id": {"type": "string", "pattern": "[0-9]$"}}

    assert answered({"id": "abc1"}, output_schema=schema, required_output_fields=[]) == []
    assert answered({"id": "abc1\n"}, output_schema=schema, required_output_fields=[]) != []


def test_a_pattern_that_would_blow_up_is_linear():
    """v5"""
    schema = {"id": {"type": "string", "pattern": "^(a+)+$"}}

    found = answered({"id": "a" * 5_000 + "!"}, output_schema=schema, required_output_fields=[])

    assert [each.rule for each in found] == ["pattern"]


def test_the_policy_decides_how_grave_a_rule_is():
    """v6"""
    validator = validator_of(policy=SeverityPolicy.guide())

    found = validator.validate_response("create_escrow", Result(200, GOOD | {"escrow_id": "x"}))

    assert said(found) == [("/escrow_id", "pattern", "warning")]
    report = validator.report()
    assert (report["passed"], report["warnings"], report["errors"]) == (True, 1, 0)


@pytest.mark.parametrize(
    ("severities", "named"), [({"patern": "warning"}, "'pattern'"), ({"pattern": "grave"}, "grave")]
)
def test_a_policy_that_names_nothing_is_refused(severities, named):
    """v6"""
    with pytest.raises(ValueError, match=named):
        SeverityPolicy(severities)


def test_constraints_have_their_severity_and_message():
    """V7, v11"""
    constraints = [
        {"type": "field_equals", "field": "status", "value": "pending", "severity": "warning"},
        {
            "type": "field_present_if",
            "condition_field": "status",
            "condition_value": "released",
            "required_field": "released_at",
            "severity": "info",
            "message": "A released escrow says when.",
        },
    ]

    found = answered(GOOD | {"status": "released"}, constraints=constraints)

    assert [(each.rule, each.severity) for each in found] == [
        ("field_equals", Severity.WARNING),
        ("field_present_if", Severity.INFO),
    ]
    assert found[1].message == "A released escrow says when."


def test_equality_is_that_of_json_and_missing_is_not_null():
    """v11"""
    constraints = [{"type": "field_equals", "field": "attempts", "value": 1}]

    assert [each.rule for each in answered(GOOD | {"attempts": True}, constraints=constraints)] == [
        "type",
        "field_equals",
    ]
    absent = [{"type": "field_equals", "field": "memo", "value": None}]
    assert [each.rule for each in answered(GOOD, constraints=absent)] == ["field_equals"]


@pytest.mark.parametrize("body", [None, [], [1], "text", 3, False])
def test_any_json_body_is_judged(body):
    """v12"""
    assert "error" in {severity for _, _, severity in said(answered(body))}


@pytest.mark.parametrize("body", [{"attempts": float("nan")}, {1: 2}, object(), (1,)])
def test_what_is_no_json_is_an_error_not_a_crash(body):
    """v12"""
    assert said(answered(body)) == [("", "not_decided", "error")]


@pytest.mark.parametrize("response", [None, {}, "200", {"body": GOOD}, {"status_code": True}])
def test_a_response_without_a_status_is_an_error(response):
    """v1: nothing shows that there was an answer."""
    found = validator_of().validate_response("create_escrow", response)

    assert said(found) == [("", "status_code", "error")]


def test_a_body_that_is_no_json_says_why():
    found = validator_of().validate_response(
        "create_escrow", Result(200, "<html>", fault="its content type is text/html")
    )

    assert [(each.rule, "text/html" in each.message) for each in found] == [("media_type", True)]


def test_a_violation_says_whose_contract_it_breaks():
    """V2, v13: the guide's five fields come first, by position."""
    violation = ContractViolation("status", "pending", "held", Severity.ERROR, "no")
    (found,) = answered(GOOD | {"status": "held"})

    assert (violation.consumer, violation.location) == ("", None)
    assert (found.consumer, found.tool, found.version) == ("buyer", "create_escrow", "1.0")
    assert (found.field, found.path, found.actual) == ("status", "/status", "held")


def test_requests_are_validated():
    """v8"""
    validator = validator_of()

    assert sorted(said(validator.validate_request("create_escrow", {"payee": 1}))) == [
        ("/amount", "required", "error"),
        ("/payee", "type", "error"),
    ]
    assert validator.validate_request("create_escrow", {"amount": "1.00"}) == []


def test_a_request_is_some_consumers():
    """v8: two consumers never send the same; asked for one, only its contract counts."""
    validator = ContractValidator()
    for name in ("buyer", "seller"):
        schema = {"properties": {"agent": {"const": name}}, "required": ["agent"]}
        validator.add_contract(AgentContract(name, "gateway", [tool(input_schema=schema)]))

    assert validator.validate_request("create_escrow", {"agent": "seller"}) == []
    found = validator.validate_request("create_escrow", {"agent": "seller"}, consumer="buyer")
    assert [each.consumer for each in found] == ["buyer"]
    found = validator.validate_request("create_escrow", {"agent": "thief"})
    assert [each.consumer for each in found] == ["buyer", "seller"]


def test_an_exchange_is_judged_on_both_sides():
    """v8"""
    validator = validator_of()
    exchange = Exchange("create_escrow", {}, Result(200, GOOD | {"status": "held"}))

    found = validator.validate_exchange(exchange)

    assert [each.path for each in found] == ["/amount", "/status"]
    assert validator.report()["total_validations"] == 1


def test_an_exchange_without_an_answer_is_an_error():
    validator = validator_of()

    found = validator.validate_exchange(Exchange("create_escrow", {}, error="timed out"))

    assert [(each.rule, each.tool) for each in found] == [("no_answer", "create_escrow")]
    assert not validator.report()["passed"]


def test_an_answer_counts_for_those_who_may_have_asked():
    validator = ContractValidator()
    for name, status in (("buyer", "pending"), ("auditor", "released")):
        sent = {"properties": {"agent": {"const": name}}, "required": ["agent"]}
        understood = {"status": {"const": status}}
        mine = tool(input_schema=sent, output_schema=understood, required_output_fields=[])
        validator.add_contract(AgentContract(name, "gateway", [mine]))

    answer = Result(200, {"status": "pending"})

    assert validator.validate_exchange(Exchange("create_escrow", {"agent": "buyer"}, answer)) == []
    found = validator.validate_exchange(Exchange("create_escrow", {"agent": "auditor"}, answer))
    assert [each.consumer for each in found] == ["auditor"]


@pytest.mark.parametrize(
    ("undeclared", "expected"),
    [
        ("ignore", []),
        ("warn", [("/more", "undeclared", "warning")]),
        ("error", [("/more", "undeclared", "error")]),
    ],
)
def test_members_that_nobody_declared(undeclared, expected):
    """E4, v18: optional fields are declared."""
    validator = validator_of(tool(optional_output_fields=["memo"]), undeclared=undeclared)
    body = GOOD | {"more": 1, "memo": "x"}

    assert said(validator.validate_response("create_escrow", Result(200, body))) == expected


def test_after_a_status_mismatch_nothing_else_is_said():
    """v9"""
    validator = validator_of(undeclared="error")

    found = validator.validate_response("create_escrow", Result(201, {"more": 1}))

    assert said(found) == [("", "status_code", "error")]


def test_undeclared_members_of_a_request():
    validator = validator_of(undeclared="error")

    found = validator.validate_request("create_escrow", {"amount": "1.00", "note": "x"})

    assert said(found) == [("/note", "undeclared", "error")]


@pytest.mark.parametrize("name", ["undeclared", "on_unmatched", "versions"])
def test_a_misspelt_option_is_refused(name):
    with pytest.raises(ValueError, match=name):
        ContractValidator(**{name: "igmore"})


def test_what_is_no_contract_is_refused():
    """v4, v11: at load time, with every fault."""
    validator = ContractValidator()

    with pytest.raises(TypeError, match="AgentContract"):
        validator.add_contract("buyer.contract.json")
    for broken in (
        {"constraints": [{"type": "field_equal", "field": "a", "value": 1}]},
        {"constraints": [{"type": "field_equals", "fild": "a", "value": 1}]},
        {"constraints": [{"type": "field_equals", "field": "a", "value": 1, "severity": "bad"}]},
        {"output_schema": {"a": {"type": "strng"}}},
    ):
        with pytest.raises(Exception, match="No valid contract"):
            validator.add_contract(AgentContract("a", "gateway", [tool(**broken)]))
    assert validator.contracts == ()
