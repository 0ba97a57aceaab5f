"""Comparing contracts: what is found, how grave it is, and that no break goes unsaid."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client_sdk.contract.closed import undeclared_members
from client_sdk.contract.compat.rules import RULES, rule_of
from client_sdk.contract.document import dumps, parse_untrusted
from client_sdk.contract.evolve import Hurt, Mode, evolve, report_from_json
from client_sdk.contract.reading import contract_from_document
from client_sdk.contract.sources.mcp import contract_from_tools
from client_sdk.contract.validation import is_valid

HISTORY = Path(__file__).parents[3] / "contracts/mcp-history/filesystem"
TEXT, NUMBER, INTEGER = {"type": "string"}, {"type": "number"}, {"type": "integer"}


def contract(*tools, **members):
    return contract_from_document(
        {"consumer": "shop", "producer": "pricing", "tools": [*tools], **members}
    )


def tool(name="quote", **members):
    return {
        "tool_name": name,
        "version": "1",
        "input_schema": {"sku": TEXT},
        "output_schema": {"price": NUMBER},
        **members,
    }


def sends(schema):
    return {"input_schema": schema}


def understands(schema):
    return {"output_schema": schema}


def obj(required=(), /, **properties):
    return {"type": "object", "properties": properties, "required": list(required)}


def shut(schema):
    return {**schema, "additionalProperties": False}


def compared(old, new, mode=Mode.GUIDE):
    return evolve(contract(tool(**old)), contract(tool(**new)), mode)


C, P, BOTH, NOBODY = ("consumers",), ("producers",), ("consumers", "producers"), ()

# old, new, rule, severity in mode guide, who is hurt, verdict
CASES = {
    "prose of a tool": (
        {},
        {"description": "Says."},
        "tool-description-changed",
        "info",
        NOBODY,
        "proved",
    ),
    "version of a tool": ({}, {"version": "2"}, "tool-version-changed", "info", NOBODY, "proved"),
    "a clause": (
        {},
        {"expectations": {"max_bytes": 9}},
        "expectations-changed",
        "info",
        NOBODY,
        "proved",
    ),
    "new required input": (
        sends(obj((), sku=TEXT)),
        sends(obj(["sku"], sku=TEXT)),
        "input-required-added",
        "error",
        C,
        "refuted",
    ),
    "nested required input": (
        sends({"lines": {"items": obj((), sku=TEXT)}}),
        sends({"lines": {"items": obj(["sku"], sku=TEXT)}}),
        "input-required-added",
        "error",
        C,
        "refuted",
    ),
    "an input may be left out": (
        sends(obj(["sku"], sku=TEXT)),
        sends(obj((), sku=TEXT)),
        "input-required-removed",
        "info",
        P,
        "refuted",
    ),
    "an optional input": (
        sends({"a": TEXT}),
        sends({"a": TEXT, "memo": TEXT}),
        "input-member-added",
        "info",
        P,
        "refuted",
    ),
    "an input gone from an open schema": (
        sends({"sku": TEXT, "memo": TEXT}),
        sends({"sku": TEXT}),
        "input-member-removed",
        "warning",
        NOBODY,
        "undecided",
    ),
    "an input gone from a shut schema": (
        sends(shut(obj((), sku=TEXT, memo=TEXT))),
        sends(shut(obj((), sku=TEXT))),
        "input-member-removed",
        "error",
        C,
        "refuted",
    ),
    "input type wider": (
        sends({"n": INTEGER}),
        sends({"n": NUMBER}),
        "input-type-changed",
        "info",
        P,
        "refuted",
    ),
    "input type narrower": (
        sends({"n": NUMBER}),
        sends({"n": INTEGER}),
        "input-type-changed",
        "error",
        C,
        "refuted",
    ),
    "input type appears": (
        sends({"n": {}}),
        sends({"n": TEXT}),
        "input-type-changed",
        "error",
        C,
        "refuted",
    ),
    "input type disappears": (
        sends({"n": TEXT}),
        sends({"n": {}}),
        "input-type-changed",
        "info",
        P,
        "refuted",
    ),
    "input enum narrower": (
        sends({"n": {"enum": [1, 2]}}),
        sends({"n": {"enum": [1]}}),
        "input-enum-narrowed",
        "error",
        C,
        "refuted",
    ),
    "input enum appears": (
        sends({"n": TEXT}),
        sends({"n": {"type": "string", "enum": ["a"]}}),
        "input-enum-narrowed",
        "error",
        C,
        "refuted",
    ),
    "input enum wider": (
        sends({"n": {"enum": [1]}}),
        sends({"n": {"enum": [1, 2]}}),
        "input-enum-widened",
        "info",
        P,
        "refuted",
    ),
    "input bound tighter": (
        sends({"n": {"maximum": 9}}),
        sends({"n": {"maximum": 8}}),
        "input-bound-changed",
        "error",
        C,
        "refuted",
    ),
    "input bound looser": (
        sends({"n": {"maximum": 8}}),
        sends({"n": {"maximum": 9}}),
        "input-bound-changed",
        "info",
        P,
        "refuted",
    ),
    "input pattern": (
        sends({"n": {"pattern": "^a"}}),
        sends({"n": {"pattern": "^ab"}}),
        "input-pattern-changed",
        "error",
        C,
        "refuted",
    ),
    "an input schema is shut": (
        sends(obj((), sku=TEXT)),
        sends(shut(obj((), sku=TEXT))),
        "input-members-changed",
        "info",
        NOBODY,
        "proved",
    ),
    "an input schema is opened by name": (
        sends(shut(obj((), sku=TEXT))),
        sends({**obj((), sku=TEXT), "additionalProperties": True}),
        "input-members-changed",
        "info",
        P,
        "refuted",
    ),
    "input items": (
        sends({"n": {"type": "array"}}),
        sends({"n": {"type": "array", "items": TEXT}}),
        "input-items-changed",
        "error",
        C,
        "refuted",
    ),
    "input condition": (
        sends({"n": {"anyOf": [TEXT]}}),
        sends({"n": {"anyOf": [TEXT, NUMBER]}}),
        "input-condition-changed",
        "info",
        P,
        "refuted",
    ),
    "input reference": (
        sends({"$defs": {"a": TEXT, "b": NUMBER}, "$ref": "#/$defs/a"}),
        sends({"$defs": {"a": TEXT, "b": NUMBER}, "$ref": "#/$defs/b"}),
        "input-reference-changed",
        "error",
        BOTH,
        "refuted",
    ),
    "input format": (
        sends({"n": TEXT}),
        sends({"n": {**TEXT, "format": "date"}}),
        "input-format-changed",
        "info",
        NOBODY,
        "proved",
    ),
    "input prose": (
        sends({"n": TEXT}),
        sends({"n": {**TEXT, "title": "N"}}),
        "input-annotation-changed",
        "info",
        NOBODY,
        "proved",
    ),
    "input dialect": (
        sends(obj((), n=TEXT)),
        sends({"$schema": "http://json-schema.org/draft-07/schema#", **obj((), n=TEXT)}),
        "input-dialect-changed",
        "info",
        NOBODY,
        "proved",
    ),
    "required output gone": (
        {"required_output_fields": ["price"]},
        {},
        "output-required-removed",
        "error",
        C,
        "refuted",
    ),
    "required output gone from the schema": (
        understands(obj(["price"], price=NUMBER)),
        understands(obj((), price=NUMBER)),
        "output-required-removed",
        "error",
        C,
        "refuted",
    ),
    "nested required output now optional": (
        understands({"p": obj(["v"], v=NUMBER)}),
        {**understands({"p": obj((), v=NUMBER)}), "optional_output_fields": ["/p/v"]},
        "output-required-to-optional",
        "warning",
        C,
        "refuted",
    ),
    "required output now optional": (
        {"required_output_fields": ["price"]},
        {"optional_output_fields": ["price"]},
        "output-required-to-optional",
        "warning",
        C,
        "refuted",
    ),
    "one more required output": (
        {},
        {"required_output_fields": ["price"]},
        "output-required-added",
        "info",
        P,
        "refuted",
    ),
    "another optional field": (
        {},
        {"optional_output_fields": ["price"]},
        "output-optional-changed",
        "info",
        NOBODY,
        "proved",
    ),
    "one more output": (
        understands({"a": TEXT}),
        understands({"a": TEXT, "b": TEXT}),
        "output-member-added",
        "info",
        P,
        "refuted",
    ),
    "one more output in a shut schema": (
        understands(shut(obj((), a=TEXT))),
        understands(shut(obj((), a=TEXT, b=TEXT))),
        "output-member-added",
        "warning",
        C,
        "refuted",
    ),
    "output no longer declared": (
        understands({"a": TEXT, "b": {}}),
        understands({"a": TEXT}),
        "output-member-removed",
        "warning",
        NOBODY,
        "proved",
    ),
    "output type": (
        understands({"a": TEXT}),
        understands({"a": {"type": ["string", "null"]}}),
        "output-type-changed",
        "error",
        C,
        "refuted",
    ),
    "output integer becomes number": (
        understands({"a": INTEGER}),
        understands({"a": NUMBER}),
        "output-type-changed",
        "error",
        C,
        "refuted",
    ),
    "output number becomes integer": (
        understands({"a": NUMBER}),
        understands({"a": INTEGER}),
        "output-type-changed",
        "error",
        P,
        "refuted",
    ),
    "output type said twice": (
        understands({"a": {"enum": ["x"]}}),
        understands({"a": {"enum": ["x"], "type": "string"}}),
        "output-type-changed",
        "info",
        NOBODY,
        "proved",
    ),
    "output enum narrower": (
        understands({"a": {"enum": [1, 2]}}),
        understands({"a": {"enum": [1]}}),
        "output-enum-narrowed",
        "error",
        P,
        "refuted",
    ),
    "output enum wider": (
        understands({"a": {"enum": [1]}}),
        understands({"a": {"enum": [1, 2]}}),
        "output-enum-widened",
        "warning",
        C,
        "refuted",
    ),
    "output enum disappears": (
        understands({"a": {"type": "string", "enum": ["x"]}}),
        understands({"a": TEXT}),
        "output-enum-widened",
        "warning",
        C,
        "refuted",
    ),
    "output bound looser": (
        understands({"a": {"maximum": 1}}),
        understands({"a": {"maximum": 2}}),
        "output-bound-changed",
        "warning",
        C,
        "refuted",
    ),
    "output bound tighter": (
        understands({"a": {"maximum": 2}}),
        understands({"a": {"maximum": 1}}),
        "output-bound-changed",
        "info",
        P,
        "refuted",
    ),
    "output pattern looser": (
        understands({"a": {"pattern": "^ab"}}),
        understands({"a": {"pattern": "^a"}}),
        "output-pattern-changed",
        "warning",
        C,
        "refuted",
    ),
    "further outputs": (
        understands(obj((), a=TEXT)),
        understands(shut(obj((), a=TEXT))),
        "output-members-changed",
        "info",
        P,
        "refuted",
    ),
    "output items": (
        understands({"a": {"items": TEXT}}),
        understands({"a": {}}),
        "output-items-changed",
        "warning",
        C,
        "refuted",
    ),
    "output condition": (
        understands({"a": {"const": 1}}),
        understands({"a": {"const": 2}}),
        "output-condition-changed",
        "warning",
        BOTH,
        "refuted",
    ),
    "output reference": (
        understands({"$defs": {"a": TEXT}, "$ref": "#/$defs/a"}),
        understands({"$defs": {"a": TEXT}}),
        "output-reference-changed",
        "warning",
        C,
        "refuted",
    ),
    "output format": (
        understands({"a": {**TEXT, "format": "date"}}),
        understands({"a": TEXT}),
        "output-format-changed",
        "info",
        NOBODY,
        "proved",
    ),
    "output prose": (
        understands({"a": TEXT}),
        understands({"a": {**TEXT, "description": "A."}}),
        "output-annotation-changed",
        "info",
        NOBODY,
        "proved",
    ),
    "output dialect": (
        understands(obj((), n=TEXT)),
        understands({"$schema": "http://json-schema.org/draft-07/schema#", **obj((), n=TEXT)}),
        "output-dialect-changed",
        "info",
        NOBODY,
        "proved",
    ),
    "one more status": ({}, {"status_codes": [200, 404]}, "status-added", "warning", C, "refuted"),
    "one status less": (
        {"status_codes": [200, 404]},
        {},
        "status-removed",
        "warning",
        P,
        "refuted",
    ),
    "a body described": (
        {"status_codes": [200, 404]},
        {"status_codes": [200, 404], "responses": {"404": TEXT}},
        "response-added",
        "info",
        P,
        "refuted",
    ),
    "a body no longer described": (
        {"status_codes": [200, 404], "responses": {"404": TEXT}},
        {"status_codes": [200, 404]},
        "response-removed",
        "warning",
        C,
        "refuted",
    ),
    "a body described otherwise": (
        {"status_codes": [200, 404], "responses": {"404": {"maxLength": 3}}},
        {"status_codes": [200, 404], "responses": {"404": {"maxLength": 4}}},
        "output-bound-changed",
        "warning",
        C,
        "refuted",
    ),
    "a constraint": (
        {},
        {"constraints": [{"type": "field_equals", "field": "price", "value": 1}]},
        "constraint-added",
        "warning",
        P,
        "refuted",
    ),
    "a constraint that only warns": (
        {},
        {
            "constraints": [
                {"type": "field_equals", "field": "price", "value": 1, "severity": "warning"}
            ]
        },
        "constraint-added",
        "warning",
        NOBODY,
        "proved",
    ),
    "a constraint gone": (
        {"constraints": [{"type": "field_equals", "field": "price", "value": 1}]},
        {},
        "constraint-removed",
        "warning",
        C,
        "refuted",
    ),
    "an example": (
        {},
        {"examples": [{"name": "one", "input": {}}]},
        "example-added",
        "warning",
        P,
        "refuted",
    ),
    "an example gone": (
        {"examples": [{"name": "one", "input": {}}]},
        {},
        "example-removed",
        "info",
        NOBODY,
        "proved",
    ),
    "another success status does not hide the body": (
        {**understands({"a": TEXT}), "status_codes": [200]},
        {**understands({"a": NUMBER}), "status_codes": [201]},
        "output-type-changed",
        "error",
        BOTH,
        "refuted",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_found_graded_and_decided(case):
    old, new, rule, severity, hurts, verdict = CASES[case]

    found = {finding.id: finding for finding in compared(old, new).findings}

    assert rule in found
    finding = found[rule]
    assert (finding.severity, finding.hurts, finding.verdict) == (severity, hurts, verdict)
    if not case.startswith(("another", "an optional input")):
        assert len(found) == 1 or set(found) == {rule, "output-optional-changed"}


def test_every_rule_is_shown_by_a_case():
    elsewhere = {"tool-added", "tool-removed", "more-findings"}
    together = {"input-narrowed", "input-widened", "output-narrowed", "output-widened"}

    assert {case[2] for case in CASES.values()} | elsewhere | together == {
        rule.id for rule in RULES
    }


def test_a_case_agrees_with_the_table_on_the_side_and_who_can_be_hurt():
    for old, new, rule, _, hurts, _ in CASES.values():
        row = rule_of(rule)
        assert set(hurts) <= set(row.hurts), rule
        assert all(
            finding.side is rule_of(finding.id).side for finding in compared(old, new).findings
        )


def test_the_guides_example_has_no_error():
    before = {
        **understands({"status": {"enum": ["pending", "done"]}, "id": TEXT}),
        "required_output_fields": ["id"],
    }
    after = {
        **understands({"status": {"enum": ["pending", "done", "expired"]}, "id": TEXT}),
        "required_output_fields": ["id", "status"],
    }

    report = compared(before, after)

    assert [(each.id, each.severity) for each in report.findings] == [
        ("output-enum-widened", "warning"),
        ("output-required-added", "info"),
    ]


def errors(old, new):
    return [each.id for each in compared(old, new).findings if each.severity == "error"]


def test_each_of_the_guides_four_rules_gives_its_error_and_no_other():
    status = {"enum": ["pending", "done"]}
    everything = {
        **sends(obj(["sku"], sku=TEXT, memo=TEXT)),
        **understands({"status": status, "id": TEXT}),
        "required_output_fields": ["id", "status"],
    }

    assert errors(everything, {**everything, "required_output_fields": ["status"]}) == [
        "output-required-removed"
    ]
    assert errors(everything, {**everything, **understands({"status": status, "id": INTEGER})}) == [
        "output-type-changed"
    ]
    assert errors(
        everything, {**everything, **understands({"status": {"enum": ["done"]}, "id": TEXT})}
    ) == ["output-enum-narrowed"]
    assert errors(
        everything, {**everything, **sends(obj(["sku", "memo"], sku=TEXT, memo=TEXT))}
    ) == ["input-required-added"]


def test_tools_come_and_go():
    one, two = contract(tool("quote")), contract(tool("quote"), tool("order"))

    (added,), (removed,) = evolve(one, two).findings, evolve(two, one).findings

    assert (added.id, added.severity, added.hurts, added.tool) == (
        "tool-added",
        "info",
        (Hurt.PRODUCERS,),
        "order",
    )
    assert (removed.id, removed.severity, removed.verdict) == ("tool-removed", "info", "proved")


# who is hurt decides every mode but guide; the transitive ones judge like their base
MODES = {
    Mode.BACKWARD: (C,),
    Mode.BACKWARD_TRANSITIVE: (C,),
    Mode.FORWARD: (P,),
    Mode.FORWARD_TRANSITIVE: (P,),
    Mode.FULL: (C, P),
    Mode.FULL_TRANSITIVE: (C, P),
    Mode.NONE: (),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("old", "new", "hurts"),
    [
        (sends({"n": NUMBER}), sends({"n": INTEGER}), C),
        (sends({"n": INTEGER}), sends({"n": NUMBER}), P),
        (understands({"n": INTEGER}), understands({"n": NUMBER}), C),
        (understands({"n": NUMBER}), understands({"n": INTEGER}), P),
    ],
)
def test_a_mode_holds_an_error_against_whom_it_protects(mode, old, new, hurts):
    assert compared(old, new, mode).severity == ("error" if hurts in MODES[mode] else "info")


def test_doubt_about_those_a_mode_protects_is_a_warning():
    old, new = sends({"sku": TEXT, "memo": TEXT}), sends({"sku": TEXT})

    assert compared(old, new, Mode.BACKWARD).severity == "warning"
    assert compared(old, new, Mode.FORWARD).severity == "info"
    assert compared(old, new, Mode.NONE).severity == "info"


def test_a_pure_rewriting_is_no_error():
    old = understands(
        {"type": "object", "required": ["a"], "properties": {"a": {"anyOf": [TEXT, NUMBER]}}}
    )
    new = understands(
        {
            "type": "object",
            "allOf": [{"required": ["a"]}],
            "properties": {"a": {"anyOf": [NUMBER, TEXT]}},
        }
    )

    report = compared(old, new)

    assert {finding.verdict for finding in report.findings} == {"proved"}
    assert report.severity == "info"


def test_prose_that_a_reference_leads_into_is_no_prose():
    old = sends({"x-parts": {"a": {"maximum": 9}}, "properties": {"n": {"$ref": "#/x-parts/a"}}})
    new = sends({"x-parts": {"a": {"maximum": 8}}, "properties": {"n": {"$ref": "#/x-parts/a"}}})

    report = compared(old, new)

    assert [(each.id, each.severity) for each in report.findings] == [
        ("input-narrowed", "error"),
        ("input-annotation-changed", "info"),
    ]


def test_a_place_that_the_closing_empties_is_undecided():
    old, new = (
        sends({"properties": {"a": {}}, "minProperties": 2}),
        sends({"properties": {"a": TEXT}, "minProperties": 2}),
    )

    (finding,) = compared(old, new).findings

    assert finding.verdict == "undecided"
    assert {each.reason for each in finding.obligations} == {"closed-empty"}


def test_what_breaks_only_together_is_said():
    old = understands({"properties": {"a": {"minimum": 0, "maximum": 9}}})
    new = understands({"properties": {"a": {"minimum": 5, "maximum": 20}}})

    report = compared(old, new)

    assert report.severity == "warning"
    assert {hurt for finding in report.findings for hurt in finding.hurts} == {
        "consumers",
        "producers",
    }


def test_a_message_says_what_changed_who_is_hurt_and_what_to_do():
    (finding,) = compared(sends({"n": {"enum": [1, 2]}}), sends({"n": {"enum": [1]}})).findings

    assert finding.message == (
        '`n` no longer allows 2. A consumer that still sends {"n": 2} is refused. '
        "Keep accepting it, or publish a new tool version beside it."
    )


def test_without_a_predecessor_or_a_difference_nothing_is_found():
    only = contract(tool())

    assert evolve(None, only).findings == ()
    assert evolve(only, contract(tool(), metadata={"team": "x"})).findings == ()


def test_beyond_five_hundred_findings_only_their_number_is_said():
    many = {f"f{index}": TEXT for index in range(520)}

    report = compared(sends({}), sends(many))

    assert len(report.findings) == 501
    assert [each.id for each in report.findings].count("more-findings") == 1


NAMES = st.sampled_from(["a", "b"])
SCALARS = st.sampled_from(
    [TEXT, NUMBER, INTEGER, {"enum": ["x", "y"]}, {"enum": ["x"]}, {"maximum": 3}, {"const": 1}, {}]
)
FIELDS = st.fixed_dictionaries(
    {"type": st.just("object")},
    optional={
        "properties": st.dictionaries(
            NAMES, SCALARS | st.builds(obj, st.just([]), a=SCALARS), max_size=2
        ),
        "required": st.lists(NAMES, max_size=2, unique=True),
        "additionalProperties": st.booleans() | SCALARS,
        "minProperties": st.integers(0, 3),
        "anyOf": st.lists(
            st.builds(obj, st.lists(NAMES, max_size=1), b=SCALARS), min_size=1, max_size=2
        ),
        "not": st.builds(obj, st.lists(NAMES, min_size=1, max_size=1)),
    },
)
TOOLS = st.fixed_dictionaries(
    {"input_schema": FIELDS, "output_schema": FIELDS},
    optional={
        "required_output_fields": st.lists(NAMES, max_size=2, unique=True),
        "status_codes": st.sampled_from([[200], [201], [200, 404]]),
    },
)
RANDOM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@given(old=TOOLS, new=TOOLS, mode=st.sampled_from(list(Mode)))
@RANDOM
def test_a_witness_separates_and_no_broken_question_goes_unsaid(old, new, mode):
    before, after = contract(tool(**old)), contract(tool(**new))
    report = evolve(before, after, mode)
    one, other = before.tool("quote"), after.tool("quote")

    for finding in report.findings:
        assert finding.id in {rule.id for rule in RULES}
        assert (finding.verdict == "refuted") is bool(finding.hurts)
        for each in finding.obligations:
            if each.verdict == "refuted" and "put(" in each.question:
                left, right = sides(each.question, one, other)
                assert is_valid(left, each.witness)
                assert not is_valid(right, each.witness) or undeclared_members(right, each.witness)
    assert report_from_json(parse_untrusted(dumps(report.to_json()).encode())) == report
    assert [each.to_json() for each in evolve(before, after, mode).findings] == [
        each.to_json() for each in report.findings
    ]


def sides(question, old, new):
    """The two shapes that a question such as `closed input(old) ⊆ input(new)` is about, as written."""
    tools = {"old": old, "new": new}

    def shape(text):
        kind, _, inside = text.removeprefix("closed ").partition("(")
        name, _, status = inside.rstrip(")").partition(", ")
        return (
            tools[name].input_shape() if kind == "input" else tools[name].output_shape(int(status))
        )

    left, _, right = question.partition(" ⊆ ")
    return shape(left), shape(right)


@given(
    old=TOOLS,
    new=TOOLS,
    values=st.lists(
        st.dictionaries(NAMES, st.sampled_from([1, 5, "x", "z", {"a": 1}, None]), max_size=2),
        max_size=12,
    ),
)
@RANDOM
def test_a_value_that_tells_two_contents_apart_means_a_finding(old, new, values):
    before, after = contract(tool(**old)), contract(tool(**new))
    one, other = before.tool("quote"), after.tool("quote")
    full = evolve(before, after, Mode.FULL)
    differs = any(
        is_valid(one.input_shape(), value) != is_valid(other.input_shape(), value)
        or is_valid(one.output_shape(200), value) != is_valid(other.output_shape(200), value)
        for value in values
    )

    assert full.findings or not differs
    if any(
        is_valid(one.input_shape(), value)
        and not undeclared_members(one.input_shape(), value)
        and not is_valid(other.input_shape(), value)
        for value in values
    ):
        assert full.severity in {"error", "warning"}
        assert any(
            each.hurts is Hurt.CONSUMERS and each.verdict != "proved"
            for finding in full.findings
            for each in finding.obligations
        )


@given(only=TOOLS, mode=st.sampled_from(list(Mode)))
@RANDOM
def test_nothing_changes_between_a_contract_and_itself(only, mode):
    assert evolve(contract(tool(**only)), contract(tool(**only)), mode).findings == ()


def versions():
    paths = HISTORY.glob("*.tools.json")
    return sorted(
        paths,
        key=lambda path: [int(each) for each in path.name.removesuffix(".tools.json").split(".")],
    )


def served(path):
    listing = json.loads(path.read_text(encoding="utf-8"))
    names = [each["name"] for each in listing["tools"]]
    document = contract_from_tools(listing, consumer="agent", producer="filesystem", tools=names)
    return contract_from_document(document)


def told(old, new):
    """What a comparison of two versions says, except that every tool has another version."""
    report = evolve(served(HISTORY / f"{old}.tools.json"), served(HISTORY / f"{new}.tools.json"))
    return {
        (each.tool, each.id, each.severity.value, each.verdict)
        for each in report.findings
        if each.id != "tool-version-changed"
    }


def test_real_history_is_told_version_by_version():
    names = [path.name.removesuffix(".tools.json") for path in versions()]
    loud = {(old, new) for old, new in itertools.pairwise(names) if told(old, new)}

    assert loud == {
        ("0.6.2", "2025.1.14"),
        ("2025.3.28", "2025.7.1"),
        ("2025.7.1", "2025.7.29"),
        ("2025.8.21", "2025.11.25"),
        ("2026.7.4", "2026.7.10"),
    }
    assert told("0.6.2", "2025.1.14") == {
        ("directory_tree", "tool-added", "info", "refuted"),
        ("edit_file", "tool-added", "info", "refuted"),
        ("search_files", "input-member-added", "info", "refuted"),
    }
    assert told("2026.7.4", "2026.7.10") == {
        ("read_media_file", "output-condition-changed", "warning", "refuted"),
    }


def test_outputs_described_at_last_hurt_no_consumer_but_a_list_that_may_not_be_empty_does():
    found = told("2025.8.21", "2025.11.25")

    assert {each for each in found if each[2] != "info"} == {
        ("read_multiple_files", "input-bound-changed", "error", "refuted"),
    }
    assert ("read_file", "output-condition-changed", "info", "refuted") in found
    assert ("directory_tree", "input-member-added", "info", "refuted") in found
    assert ("list_directory", "input-members-changed", "info", "proved") in found
