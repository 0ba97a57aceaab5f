"""Two versions of a contract: what breaks, whom, and the step of the version."""

import copy

import pytest

from client_sdk.validator import AgentContract, ContractValidator, SemverStep, ToolContract

OLD = ToolContract(
    "create_escrow",
    "1.0",
    {
        "type": "object",
        "properties": {"amount": {"type": "string"}, "memo": {"type": "string"}},
        "required": ["amount"],
    },
    {
        "escrow_id": {"type": "string"},
        "status": {"type": "string", "enum": ["pending", "released"]},
    },
    ["escrow_id", "status"],
)


def changed(version="1.0", **members):
    given = {
        "input_schema": copy.deepcopy(OLD.input_schema),
        "output_schema": copy.deepcopy(OLD.output_schema),
        "required_output_fields": list(OLD.required_output_fields),
    }
    return ToolContract("create_escrow", version, **(given | members))


def output(**fields):
    return {**copy.deepcopy(OLD.output_schema), **fields}


def rules(new, old=OLD, **options):
    found = ContractValidator().check_backward_compatibility(old, new, **options)
    return [(each.rule, each.severity.value) for each in found]


def test_the_guides_example_has_no_violation():
    """V11, v14: an enum wider and one more required field."""
    wider = output(
        status={"type": "string", "enum": ["pending", "released", "expired"]},
        fee={"type": "string"},
    )
    new = changed(output_schema=wider, required_output_fields=["escrow_id", "status", "fee"])

    assert rules(new) == []


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        ({"required_output_fields": ["status"]}, "output-required-removed"),
        ({"output_schema": output(escrow_id={"type": "integer"})}, "output-type-changed"),
        (
            {"output_schema": output(status={"type": "string", "enum": ["pending"]})},
            "output-enum-narrowed",
        ),
        (
            {"input_schema": {**OLD.input_schema, "required": ["amount", "memo"]}},
            "input-required-added",
        ),
    ],
)
def test_each_of_the_guides_four_rules_gives_exactly_its_violation(members, rule):
    """V8"""
    assert rules(changed(**members)) == [(rule, "error")]


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"required_output_fields": ["status"]}, "escrow_id"),
        ({"output_schema": output(escrow_id={"type": "integer"})}, "escrow_id"),
        ({"output_schema": output(status={"type": "string", "enum": ["pending"]})}, "status"),
        ({"input_schema": {**OLD.input_schema, "required": ["amount", "memo"]}}, "memo"),
    ],
)
def test_a_breaking_change_names_the_member_it_is_about(members, field):
    """V2, V8"""
    found = ContractValidator().check_backward_compatibility(OLD, changed(**members))

    assert [each.field for each in found] == [field]


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        (
            {"input_schema": {**OLD.input_schema, "properties": {"amount": {"type": "integer"}}}},
            "input-type-changed",
        ),
        (
            {
                "input_schema": {
                    **OLD.input_schema,
                    "properties": {"amount": {"type": "string", "maxLength": 3}},
                }
            },
            "input-bound-changed",
        ),
    ],
)
def test_inputs_are_compared_in_full(members, rule):
    """v15"""
    assert (rule, "error") in rules(changed(**members))


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        ({"output_schema": {"status": OLD.output_schema["status"]}}, "output-member-removed"),
        ({"status_codes": [200, 202]}, "status-added"),
        (
            {"constraints": [{"type": "field_equals", "field": "status", "value": "pending"}]},
            "constraint-added",
        ),
        (
            {"required_output_fields": ["status"], "optional_output_fields": ["escrow_id"]},
            "output-required-to-optional",
        ),
    ],
)
def test_what_a_person_should_see_is_in_the_report(members, rule):
    """v15"""
    report = ContractValidator().compare(OLD, changed(**members)).report

    assert (rule, "warning") in [(each.id, each.severity.value) for each in report.findings]


def test_a_violation_of_a_comparison_says_where_and_what():
    """v13"""
    (found,) = ContractValidator().check_backward_compatibility(
        OLD, changed("2.0", required_output_fields=["status"])
    )

    assert (found.tool, found.version, found.rule) == (
        "create_escrow",
        "2.0",
        "output-required-removed",
    )
    assert "escrow_id" in found.message
    assert found.path.startswith("/required_output_fields")


def test_two_different_tools_are_not_compared():
    """v16"""
    other = ToolContract("release_escrow", "1.0", {}, {})

    with pytest.raises(ValueError, match="two tools"):
        ContractValidator().check_backward_compatibility(OLD, other)
    with pytest.raises(ValueError, match="other participants"):
        ContractValidator().check_backward_compatibility(
            AgentContract("a", "b", [OLD]), AgentContract("a", "c", [OLD])
        )
    with pytest.raises(ValueError, match="two ToolContracts"):
        ContractValidator().check_backward_compatibility(OLD, AgentContract("a", "b", [OLD]))


def test_enums_of_objects_and_lists_are_compared():
    """v16: by canonical JSON."""
    enum = [{"a": 1}, [1, 2], None]
    before = changed(output_schema={"status": {"enum": enum}}, required_output_fields=[])
    after = changed(
        output_schema={"status": {"enum": [None, [1.0, 2.0], {"a": 1.0}]}},
        required_output_fields=[],
    )

    assert rules(after, before) == []


def test_the_result_reaches_the_report():
    """v16: and a comparison alone shows nothing about a producer."""
    validator = ContractValidator()
    validator.check_backward_compatibility(OLD, changed(required_output_fields=["status"]))

    report = validator.report()

    assert (report["errors"], report["passed"], report["compatibility_checks"]) == (1, False, 1)
    again = ContractValidator()
    again.check_backward_compatibility(OLD, OLD)
    assert (again.report()["passed"], again.report()["reason"]) == (False, "no_evidence")


@pytest.mark.parametrize(
    ("old", "new", "members", "suggested", "enough"),
    [
        ("1.0", "1.0", {}, SemverStep.NONE, True),
        ("1.0.0", "1.0.1", {"description": "prose"}, SemverStep.PATCH, True),
        ("1.0", "1.1", {"status_codes": [200, 202]}, SemverStep.MINOR, True),
        ("1.0", "1.0.5", {"status_codes": [200, 202]}, SemverStep.MINOR, False),
        ("1.0", "1.1", {"required_output_fields": ["status"]}, SemverStep.MAJOR, False),
        ("1.0", "2.0", {"required_output_fields": ["status"]}, SemverStep.MAJOR, True),
        ("0.1", "0.2", {"required_output_fields": ["status"]}, SemverStep.MAJOR, True),
        ("1.0", "blue", {"required_output_fields": ["status"]}, SemverStep.MAJOR, None),
    ],
)
def test_the_step_of_the_version_is_held_against_the_change(old, new, members, suggested, enough):
    """v16"""
    came = ContractValidator().compare(changed(old), changed(new, **members))

    assert (came.suggested, came.is_step_enough) == (suggested, enough)


def reader(name, *fields):
    schema = {field: {"type": "string"} for field in fields}
    sent = {"properties": {"amount": {"type": "string"}}, "required": ["amount"]}
    tool = ToolContract("create_escrow", "1.0", sent, schema, list(fields))
    return AgentContract(name, "gateway", [tool])


def test_known_consumers_decide_whom_a_change_hurts():
    """v14, v15, E4: a field that nobody reads breaks nothing; else its readers are named."""
    new = changed(required_output_fields=["status"], output_schema={"status": {"type": "string"}})
    validator = ContractValidator()

    unread = validator.check_backward_compatibility(OLD, new, consumers=[reader("a", "status")])
    read = validator.check_backward_compatibility(
        OLD, new, consumers=[reader("a", "status"), reader("b", "escrow_id")]
    )

    assert unread == []
    assert [(each.consumer, each.rule, each.severity.value) for each in read] == [
        ("b", "consumer-need", "error")
    ]


def test_without_a_consumer_that_uses_the_tool_the_guides_rules_stay():
    new = changed(required_output_fields=["status"])

    other = AgentContract("a", "gateway", [ToolContract("deposit", "1.0", {}, {})])

    assert rules(new, consumers=[]) == [("output-required-removed", "error")]
    assert rules(new, consumers=[other]) == [("output-required-removed", "error")]


def test_whole_contracts_are_compared_too():
    old = AgentContract("buyer", "gateway", [OLD])
    new = AgentContract("buyer", "gateway", [changed(required_output_fields=["status"])])

    assert rules(new, old) == [("output-required-removed", "error")]


def contract_of(*tools, consumer="buyer", producer="gateway"):
    return AgentContract(consumer, producer, list(tools))


KEPT = ToolContract("get_balance", "1.0", {}, {"balance": {"type": "string"}})


def test_a_tool_that_is_gone_breaks_the_consumer_that_uses_it():
    """v15, E4: what the new version does not have was passed over."""
    found = ContractValidator().check_backward_compatibility(
        contract_of(OLD, KEPT), contract_of(KEPT), consumers=[contract_of(OLD, consumer="shop")]
    )

    assert [(each.consumer, each.tool, each.rule, each.severity.value) for each in found] == [
        ("shop", "create_escrow", "consumer-need", "error")
    ]
    assert found[0].message == "shop relies on create_escrow, which the new version does not have"


def test_a_consumer_of_another_producer_is_not_asked():
    """E4: a tool of the same name elsewhere is another tool."""
    new = changed(required_output_fields=["status"])
    elsewhere = contract_of(OLD, consumer="shop", producer="ledger")
    found = ContractValidator().check_backward_compatibility(
        contract_of(OLD), contract_of(new), consumers=[elsewhere]
    )

    assert [each.rule for each in found] == ["output-required-removed"]


def test_participants_that_differ_in_case_are_the_same():
    """v16."""
    assert not ContractValidator().check_backward_compatibility(
        contract_of(KEPT), contract_of(KEPT, consumer="Buyer", producer="GATEWAY")
    )
