"""Comparing contracts: modes, doubts, and what a report says."""

import pytest
from evolve_claims import (
    INTEGER,
    NUMBER,
    TEXT,
    C,
    P,
    compared,
    contract,
    obj,
    sends,
    tool,
    understands,
)

from client_sdk.contract.evolve import Hurt, Mode, evolve


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


def test_a_break_that_another_change_makes_up_for_is_no_break():
    ten = {"type": "number", "maximum": 10}
    old = understands({"price": ten, "tax": ten})
    new = understands({"price": {"enum": [1, 2], **NUMBER}, "tax": {**NUMBER, "maximum": 20}})

    found = {each.path: each for each in compared(old, new).findings}
    made_up = found["/output_schema/properties/price/maximum"]

    assert (made_up.severity, made_up.verdict) == ("info", "undecided")
    assert made_up.message == (
        "`price` no longer has `maximum` (it was 10). "
        "Another change of this comparison decides what happens here."
    )
    assert found["/output_schema/properties/tax/maximum"].witness == {"tax": 20}


def test_the_same_words_in_another_dialect_are_compared_anew():
    draft7 = contract(tool(), **{"$schema": "http://json-schema.org/draft-07/schema#"})

    report = evolve(draft7, contract(tool()))

    assert [(each.id, each.severity) for each in report.findings] == [
        ("input-dialect-changed", "info"),
        ("output-dialect-changed", "info"),
    ]
