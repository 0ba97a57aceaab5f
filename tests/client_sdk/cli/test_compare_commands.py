"""`tally contains` and `tally diff`: verdicts as exit codes, in every output."""

from __future__ import annotations

import json

import pytest
from builders import a_tool, contract_bytes

OUTPUTS = ["table", "json", "markdown", "junit", "sarif", "github"]
WHOLE = {"type": "integer"}
FROM_THREE = {"type": "number", "minimum": 3}


@pytest.fixture
def compare(tally, tmp_path):
    """Ask `tally contains` about two schemas."""

    def ask(a, b, *more):
        for name, schema in (("A.json", a), ("B.json", b)):
            (tmp_path / name).write_text(json.dumps(schema))
        return tally("contains", "A.json", "B.json", *more)

    return ask


@pytest.fixture
def diff(tally, tmp_path):
    """Ask `tally diff` about two versions of one tool."""

    def ask(old, new, *more):
        for name, members in (("old.json", old), ("new.json", new)):
            (tmp_path / name).write_bytes(contract_bytes(tools=[a_tool(**members)]))
        return tally("diff", "old.json", "new.json", *more)

    return ask


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize(
    ("a", "b", "code"),
    [
        (WHOLE, {"type": "number"}, 0),
        (WHOLE, FROM_THREE, 1),
        ({"type": "string"}, {"pattern": "(?<=a)b"}, 3),
    ],
)
def test_a_verdict_is_an_exit_code_in_every_output(compare, output, a, b, code):
    said = compare(a, b, "--output", output)

    assert said.code == code
    assert said.out.strip()


def test_a_refutation_shows_the_value(compare):
    assert compare(WHOLE, FROM_THREE, "--output", "json").json == {
        "verdict": "refuted",
        "witness": 0,
        "path": "",
        "keyword": "minimum",
    }
    assert compare(WHOLE, FROM_THREE).out.splitlines()[-1] == "0"


def test_a_proof_is_a_passing_test_and_a_doubt_a_skipped_one(compare):
    proved = compare(WHOLE, WHOLE, "--output", "junit").out
    undecided = compare({"type": "string"}, {"pattern": "(?<=a)b"}, "--output", "junit").out

    assert 'tests="1" failures="0" skipped="0"' in proved
    assert 'tests="1" failures="0" skipped="1"' in undecided


def test_what_is_no_schema_is_refused_with_its_place(compare):
    said = compare({"properties": {"a": {"type": "strng"}}}, WHOLE)

    assert said.code == 2
    assert "/properties/a/type" in said.err
    assert "did you mean" in said.err


def test_a_dialect_may_be_given_for_schemas_that_do_not_say_theirs(compare):
    assert compare({}, {"const": 1}, "--dialect", "draft4").code == 0
    assert compare({}, {"const": 1}).code == 1


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize(
    ("mode", "code"), [("guide", 0), ("backward", 0), ("forward", 1), ("full", 1), ("none", 0)]
)
def test_the_mode_decides_what_is_an_error(diff, output, mode, code):
    before = {"output_schema": {"price": {"type": "number"}}, "required_output_fields": []}
    after = {**before, "required_output_fields": ["price"]}

    assert diff(before, after, "--mode", mode, "--output", output).code == code


def test_a_difference_suggests_the_step_of_the_version(diff):
    narrowed = {"input_schema": {"type": "object", "properties": {"sku": {"maxLength": 3}}}}
    plain = {"input_schema": {"type": "object", "properties": {"sku": {"type": "string"}}}}

    def step(old, new):
        return diff(old, new, "--output", "json").json["suggested_step"]

    assert step(plain, narrowed) == "major"
    assert step(plain, plain) == "none"
    assert step(plain, {**plain, "description": "words"}) == "patch"
    assert step(plain, {**plain, "status_codes": [200, 404]}) == "minor"


def test_the_literal_question_leaves_the_closed_reading_out(diff):
    old = {"input_schema": {"type": "object", "properties": {"a": {"type": "string"}}}}
    new = {
        "input_schema": {
            "type": "object",
            "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        }
    }

    assert diff(old, new, "--mode", "backward").code == 0
    said = diff(old, new, "--mode", "backward", "--literal", "--output", "json")

    assert said.code == 1
    assert said.json["findings"][0]["witness"]["b"] is None


def test_no_difference_is_a_passing_test(diff):
    assert 'tests="1" failures="0"' in diff({}, {}, "--output", "junit").out
