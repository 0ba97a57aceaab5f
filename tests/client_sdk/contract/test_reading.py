"""Each rule of the contract file that trips people up, as a claim."""

import json
from pathlib import Path

import pytest
from contract_documents import document, faults_of, tool

from client_sdk.contract.document import dumps, parse_untrusted
from client_sdk.contract.errors import DocumentInvalid, Severity
from client_sdk.contract.lint import lint
from client_sdk.contract.model import ABSENT
from client_sdk.contract.reading import contract_from_document, parse_contract
from client_sdk.contract.validation import is_valid
from client_sdk.contract.values import Limits

CONTRACTS = Path(__file__).parents[3] / "contracts"


@pytest.mark.parametrize("path", sorted(CONTRACTS.glob("*.contract.json")), ids=lambda p: p.name)
def test_the_example_contracts_read_without_a_single_fault(path):
    raw = path.read_bytes()

    contract = parse_contract(raw)

    assert lint(parse_untrusted(raw)) == ()
    assert parse_contract(dumps(contract.document).encode()).digest == contract.digest
    assert f"{contract.consumer}--{contract.producer}.contract.json" == path.name


def test_a_small_contract_has_the_defaults_of_the_format():
    (read,) = contract_from_document(document()).tools

    assert (read.status_codes, read.required_output_fields, read.optional_output_fields) == (
        (200,),
        (),
        (),
    )
    assert (dict(read.responses), read.constraints, read.examples) == ({}, (), ())
    assert (read.expectations, read.description) == ({}, "")


def test_a_full_contract_is_read_as_written():
    doc = document(
        tool(
            description="d",
            input_schema={"a": {"type": "string"}},
            optional_output_fields=["x", "/y/z"],
            status_codes=[200, 404],
            responses={"404": {"title": {"type": "string"}}},
            constraints=[
                {"type": "field_equals", "field": "a", "value": None, "message": "m"},
                {
                    "type": "field_present_if",
                    "condition_field": "a",
                    "condition_value": 1,
                    "required_field": "b",
                },
                {
                    "type": "field_absent_if",
                    "condition_field": "a",
                    "condition_value": 1,
                    "absent_field": "b",
                },
                {"type": "field_matches", "field": "a", "pattern": "^x", "severity": "info"},
                {"type": "schema", "schema": {"maxProperties": 3}},
            ],
            examples=[
                {"name": "e", "input": {"a": "b"}, "provider_state": "s", "params": {"k": 1}},
                {
                    "name": "f",
                    "input": {},
                    "provider_state": None,
                    "response": {"status_code": 404},
                },
                {
                    "name": "g",
                    "input": {},
                    "response": {"status_code": 404, "body": {"title": "x"}},
                },
            ],
            expectations={"latency_ms": {"p95": 300}, "max_bytes": 100000},
        ),
        metadata={"any": ["thing"]},
    )

    contract = contract_from_document(doc)
    read = contract.tools[0]

    assert lint(doc) == ()
    assert contract.document is doc
    assert contract.metadata == {"any": ["thing"]}
    assert read.input_schema == {"a": {"type": "string"}}
    assert read.input.schema == {"type": "object", "properties": {"a": {"type": "string"}}}
    assert [type(each).__name__ for each in read.constraints] == [
        "FieldEquals", "FieldPresentIf", "FieldAbsentIf", "FieldMatches", "SchemaConstraint",
    ]  # fmt: skip
    assert read.constraints[3].severity is Severity.INFO
    assert [example.name for example in read.examples] == ["e", "f", "g"]
    assert read.examples[0].provider_state == "s"
    assert read.examples[0].response is None
    assert read.examples[1].response.body is ABSENT
    assert read.examples[2].response.body == {"title": "x"}
    assert read.expectations == {"latency_ms": {"p95": 300}, "max_bytes": 100000}


def test_all_faults_come_at_once_with_their_pointers():
    doc = {
        "consumer": "c\n",
        "tools": [
            tool(status_codes=[True, 99, 200.5, "200"], version=1),
            tool(input_schema=3, constraints=[{"type": "nope"}, 7]),
            9,
        ],
    }

    with pytest.raises(DocumentInvalid) as refusal:
        contract_from_document(doc)

    assert [(fault.code, fault.pointer) for fault in refusal.value.faults] == [
        ("name-invalid", "/consumer"),
        ("missing-member", ""),
        ("name-invalid", "/tools/0/version"),
        ("wrong-type", "/tools/0/status_codes/0"),
        ("wrong-type", "/tools/0/status_codes/1"),
        ("wrong-type", "/tools/0/status_codes/2"),
        ("wrong-type", "/tools/0/status_codes/3"),
        ("not-a-schema", "/tools/1/input_schema"),
        ("unknown-constraint", "/tools/1/constraints/0/type"),
        ("wrong-type", "/tools/1/constraints/1"),
        ("duplicate-tool", "/tools/1/tool_name"),
        ("wrong-type", "/tools/2"),
    ]
    assert "/consumer" in str(refusal.value)
    assert "(and 11 more)" in str(refusal.value)


@pytest.mark.parametrize("doc", [None, [], "x", 1, True])
def test_a_contract_is_an_object(doc):
    assert faults_of(doc) == [("not-an-object", "")]
    with pytest.raises(DocumentInvalid):
        contract_from_document(doc)


@pytest.mark.parametrize(
    ("doc", "fault"),
    [
        ({"consumer": "c", "producer": "p"}, ("missing-member", "")),
        ({"consumer": "c", "producer": "p", "tools": []}, ("empty-array", "/tools")),
        ({"consumer": "c", "producer": "p", "tools": {}}, ("wrong-type", "/tools")),
        (document(metadata=[]), ("wrong-type", "/metadata")),
        (document(tool(tool_name=" t")), ("name-invalid", "/tools/0/tool_name")),
        (document(tool(status_codes=[])), ("empty-array", "/tools/0/status_codes")),
        (document(tool(status_codes=200)), ("wrong-type", "/tools/0/status_codes")),
        (document(tool(responses={"200": {}})), ("response-status", "/tools/0/responses/200")),
        (document(tool(responses={"4xx": {}})), ("response-status", "/tools/0/responses/4xx")),
        (document(tool(responses={"٤٠٤": {}})), ("response-status", "/tools/0/responses/٤٠٤")),
        (document(tool(responses={"404": 1})), ("not-a-schema", "/tools/0/responses/404")),
        (document(tool(required_output_fields=["/a/1000"])), ("field-invalid", "/tools/0/required_output_fields/0")),
        (document(tool(required_output_fields=[1])), ("wrong-type", "/tools/0/required_output_fields/0")),
        (document(tool(optional_output_fields="a")), ("wrong-type", "/tools/0/optional_output_fields")),
        (document(tool(description=1)), ("wrong-type", "/tools/0/description")),
        (document(tool(examples=[{"name": "e"}])), ("missing-member", "/tools/0/examples/0")),
        (document(tool(examples=[{"input": 1}])), ("missing-member", "/tools/0/examples/0")),
        (document(tool(examples=[{"name": "e", "input": 1, "provider_state": 1}])), ("wrong-type", "/tools/0/examples/0/provider_state")),
        (document(tool(examples=[{"name": "e", "input": 1, "params": 1}])), ("wrong-type", "/tools/0/examples/0/params")),
        (document(tool(examples=[{"name": "e", "input": 1, "response": {}}])), ("missing-member", "/tools/0/examples/0/response")),
        (document(tool(expectations={"latency_ms": {"p95": 0}})), ("wrong-type", "/tools/0/expectations/latency_ms/p95")),
        (document(tool(expectations={"max_bytes": True})), ("wrong-type", "/tools/0/expectations/max_bytes")),
        (document(**{"$schema": "http://json-schema.org/draft-03/schema#"}), ("unknown-dialect", "/$schema")),
        (document(**{"$schema": 7}), ("wrong-type", "/$schema")),
        (document(tool(input_schema={"$schema": "urn:x", "type": "object"})), ("unknown-dialect", "/tools/0/input_schema/$schema")),
    ],
)  # fmt: skip
def test_a_wrong_member_is_refused_where_it_stands(doc, fault):
    assert fault in faults_of(doc)


def test_integral_numbers_are_statuses_however_they_are_spelt():
    raw = json.dumps(document(tool(status_codes=[200]))).replace("[200]", "[200.0, 4.04e2]")

    assert parse_contract(raw.encode()).tools[0].status_codes == (200, 404)


def test_too_many_tools_are_refused_unread():
    doc = document(*[tool(tool_name=f"t{index}") for index in range(4)])

    with pytest.raises(DocumentInvalid) as refusal:
        contract_from_document(doc, limits=Limits(max_tools=3))

    assert [fault.code for fault in refusal.value.faults] == ["too-many-tools"]


def test_a_required_name_may_be_a_pointer():
    read = contract_from_document(document(tool(required_output_fields=["a", "/b/0"]))).tools[0]

    assert is_valid(read.output_shape(200), {"a": 1, "b": [1]})
    assert not is_valid(read.output_shape(200), {"a": 1, "b": []})


# Field map or schema?


# Unknown members


def test_unknown_members_are_kept_and_named():
    doc = document(tool(owner="me", **{"x-team": 1}), note={"a": 1})

    assert faults_of(doc, Severity.WARNING) == [
        ("unknown-member", "/note"),
        ("unknown-member", "/tools/0/owner"),
    ]
    assert contract_from_document(doc).document == doc


@pytest.mark.parametrize(
    ("doc", "pointer", "meant"),
    [
        (document(tool(constraint=[])), "/tools/0/constraint", "constraints"),
        (document(tool(required_output_field=[])), "/tools/0/required_output_field", "required_output_fields"),
        (document(tol=[]), "/tol", "tools"),
        (document(tool(constraints=[{"type": "field_equals", "field": "a", "value": 1, "severty": "info"}])), "/tools/0/constraints/0/severty", "severity"),
        (document(tool(examples=[{"name": "e", "input": 1, "respons": {}}])), "/tools/0/examples/0/respons", "response"),
        (document(tool(expectations={"latency": {}, "latency_m": {}})), "/tools/0/expectations/latency_m", "latency_ms"),
    ],
)  # fmt: skip
def test_a_misspelt_member_is_an_error_because_it_would_check_nothing(doc, pointer, meant):
    (fault,) = [fault for fault in lint(doc) if fault.severity is Severity.ERROR]

    assert (fault.code, fault.pointer) == ("misspelt-member", pointer)
    assert f"did you mean '{meant}'?" in fault.message


# Constraints


@pytest.mark.parametrize(
    ("constraint", "code", "below"),
    [
        ({}, "missing-member", ""),
        ({"type": 1}, "wrong-type", "/type"),
        ({"type": "field_equal", "field": "a", "value": 1}, "unknown-constraint", "/type"),
        ({"type": "field_equals", "field": "a"}, "missing-member", ""),
        ({"type": "field_equals", "value": 1}, "missing-member", ""),
        ({"type": "field_equals", "field": 1, "value": 1}, "wrong-type", "/field"),
        ({"type": "field_equals", "field": "", "value": 1}, "field-invalid", "/field"),
        ({"type": "field_equals", "field": "/a/1000", "value": 1}, "field-invalid", "/field"),
        ({"type": "field_equals", "field": "a", "value": 1, "severity": "fatal"}, "unknown-severity", "/severity"),
        ({"type": "field_equals", "field": "a", "value": 1, "message": 1}, "wrong-type", "/message"),
        ({"type": "field_present_if", "condition_field": "a", "required_field": "b"}, "missing-member", ""),
        ({"type": "field_absent_if", "condition_field": "a", "condition_value": 1}, "missing-member", ""),
        ({"type": "field_matches", "field": "a", "pattern": "("}, "pattern-invalid", "/pattern"),
        ({"type": "field_matches", "field": "a", "pattern": "(a)\\1"}, "pattern-unsupported", "/pattern"),
        ({"type": "field_matches", "field": "a", "pattern": "x" * 1001}, "pattern-too-long", "/pattern"),
        ({"type": "schema", "schema": 1}, "not-a-schema", "/schema"),
        ({"type": "schema", "schema": {"$ref": "#/nowhere"}}, "reference-unresolved", "/schema/$ref"),
    ],
)  # fmt: skip
def test_a_constraint_that_could_be_silently_true_is_refused(constraint, code, below):
    doc = document(tool(constraints=[constraint]))

    assert (code, f"/tools/0/constraints/0{below}") in faults_of(doc)


def test_fields_that_compile_to_too_much_are_refused():
    doc = document(tool(required_output_fields=["/999" * 31 + f"/{name}" for name in "abc"]))

    assert {code for code, _ in faults_of(doc)} == {"field-invalid"}


def test_a_repeated_field_or_status_is_a_warning_and_counts_once():
    doc = document(tool(required_output_fields=["a", "a"], status_codes=[200, 200.0]))

    assert faults_of(doc, Severity.WARNING) == [
        ("repeated-field", "/tools/0/required_output_fields/1"),
        ("repeated-status", "/tools/0/status_codes/1"),
    ]
    read = contract_from_document(doc).tools[0]
    assert (read.required_output_fields, read.status_codes) == (("a",), (200,))


# Examples


def test_the_input_of_an_example_must_fit_its_schema():
    doc = document(
        tool(
            input_schema={"a": {"type": "string"}},
            examples=[{"name": "good", "input": {"a": "x"}}, {"name": "bad", "input": {"a": 1}}],
        )
    )

    assert faults_of(doc) == [("example-input", "/tools/0/examples/1/input/a")]


def test_the_body_of_an_example_must_be_understood():
    doc = document(
        tool(
            output_schema={"a": {"type": "string"}},
            required_output_fields=["a"],
            examples=[
                {"name": "e", "input": {}, "response": {"status_code": 200, "body": {"a": 1}}}
            ],
        )
    )

    assert faults_of(doc) == [("example-body", "/tools/0/examples/0/response/body/a")]


def test_doubtful_examples_are_warned_of():
    doc = document(
        tool(
            examples=[
                {"name": "e", "input": 1, "response": {"status_code": 404}},
                {"name": "e", "input": 1},
            ]
        )
    )

    assert faults_of(doc, Severity.WARNING) == [
        ("unlisted-status", "/tools/0/examples/0/response/status_code"),
        ("repeated-example", "/tools/0/examples/1/name"),
    ]


def test_an_example_that_cannot_be_judged_is_a_fault_not_a_crash():
    schema = {
        "$ref": "#/$defs/n",
        "$defs": {"n": {"allOf": [{"items": {"$ref": "#/$defs/n"}}] * 2}},
    }
    deep: list = []
    for _ in range(40):
        deep = [deep]

    doc = document(tool(input_schema=schema, examples=[{"name": "e", "input": deep}]))

    assert faults_of(doc) == [("example-input", "/tools/0/examples/0/input")]


def test_all_examples_of_a_document_share_one_budget():
    constraints = [{"type": "schema", "schema": {"maxItems": 9_000}} for _ in range(400)]
    response = {"status_code": 200, "body": list(range(8_000))}
    examples = [{"name": name, "input": 1, "response": response} for name in "abcd"]

    (fault,) = [
        fault
        for fault in lint(document(tool(constraints=constraints, examples=examples)))
        if fault.severity is Severity.ERROR and fault.pointer.endswith("/1/response/body")
    ]

    assert "too much work" in fault.message


def test_different_unknown_names_beyond_a_limit_refuse_the_document():
    doc = document(**{f"stranger {number}": 1 for number in range(5_001)})

    assert faults_of(doc) == [("too-many-unknown-members", "")]


def test_an_unknown_name_that_comes_again_costs_nothing():
    doc = document(*[tool(tool_name=f"t{number}", owner="me") for number in range(900)])

    assert faults_of(doc) == []


def test_a_missing_schema_is_named():
    doc = document({"tool_name": "t", "version": "1", "input_schema": {}})

    assert faults_of(doc) == [("missing-member", "/tools/0")]


def test_faults_are_bounded_however_many_there_are():
    doc = document(tool(required_output_fields=[1] * 5000))

    assert len(faults_of(doc)) == 1000


def test_a_pointer_to_a_very_long_name_is_shortened():
    (fault,) = lint(document(tool(**{"n" * 100_000: 1})))

    assert len(fault.pointer) == 2000
    assert fault.pointer.endswith("…")
    assert len(fault.message) < 200
