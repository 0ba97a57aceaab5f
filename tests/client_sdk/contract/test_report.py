"""Reports: their gravity, and that JSON loses nothing."""

import json

import pytest

from client_sdk.contract.errors import Severity
from client_sdk.contract.report import (
    NO_WITNESS,
    Finding,
    Hurt,
    Mode,
    Obligation,
    Report,
    Side,
    gravest,
    report_from_json,
)

REFUTED = Obligation(Hurt.CONSUMERS, "closed input(old) ⊆ input(new)", "refuted", None)
LATE = Obligation(Hurt.CONSUMERS, "examples", "undecided", reason="budget-wall")
DOUBTED = Obligation(Hurt.PRODUCERS, "examples", "undecided", reason="budget-spent")


def a_finding(severity=Severity.ERROR, **members):
    defaults = {
        "id": "input-required-added",
        "severity": severity,
        "tool": "quote",
        "side": Side.INPUT,
        "path": "/input_schema/required",
        "message": "`memo` is now required.",
        "verdict": "refuted",
    }
    return Finding(**defaults | members)


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ([], "none"),
        (["info"], "info"),
        (["info", "warning"], "warning"),
        (["warning", "error"], "error"),
    ],
)
def test_a_report_is_as_grave_as_its_gravest_finding(severities, expected):
    findings = tuple(a_finding(Severity(each)) for each in severities)

    assert Report(Mode.GUIDE, findings).severity == expected


def test_the_json_form_is_the_published_one():
    finding = a_finding(
        hurts=(Hurt.CONSUMERS,),
        witness={"a": 1},
        old=[],
        new=["memo"],
        obligations=(REFUTED, DOUBTED),
    )

    assert Report(Mode.FULL, (finding,)).to_json() == {
        "mode": "full",
        "severity": "error",
        "findings": [
            {
                "id": "input-required-added",
                "severity": "error",
                "tool": "quote",
                "side": "input",
                "path": "/input_schema/required",
                "message": "`memo` is now required.",
                "hurts": ["consumers"],
                "verdict": "refuted",
                "witness": {"a": 1},
                "old": [],
                "new": ["memo"],
                "obligations": [
                    {
                        "hurts": "consumers",
                        "question": "closed input(old) ⊆ input(new)",
                        "verdict": "refuted",
                        "witness": None,
                    },
                    {
                        "hurts": "producers",
                        "question": "examples",
                        "verdict": "undecided",
                        "reason": "budget-spent",
                    },
                ],
            }
        ],
    }


@pytest.mark.parametrize("witness", [NO_WITNESS, None, False, {"a": [1]}])
def test_json_and_back_is_the_same_report_even_with_a_null_witness(witness):
    finding = a_finding(witness=witness, obligations=(REFUTED, DOUBTED), against_version="1.2")
    report = Report(Mode.BACKWARD_TRANSITIVE, (finding, a_finding(Severity.INFO)))

    assert report_from_json(json.loads(json.dumps(report.to_json()))) == report


def test_only_the_transitive_modes_look_further_back():
    assert {mode.value for mode in Mode if mode.is_transitive} == {
        "backward_transitive",
        "forward_transitive",
        "full_transitive",
    }


def test_a_refutation_is_graver_than_doubt_and_doubt_than_proof():
    assert gravest(("proved", "undecided", "refuted")) == "refuted"
    assert gravest(("proved", "undecided")) == "undecided"
    assert gravest(()) == "proved"


@pytest.mark.parametrize(
    ("findings", "step"),
    [
        ((), "none"),
        ((a_finding(),), "major"),
        ((a_finding(Severity.WARNING),), "minor"),
        ((a_finding(Severity.INFO, id="input-format-changed"),), "patch"),
        ((a_finding(Severity.INFO, id="input-format-changed"), a_finding(Severity.INFO)), "minor"),
    ],
)
def test_a_report_suggests_the_step_of_the_version(findings, step):
    assert Report(Mode.GUIDE, findings).suggested_step == step


def test_a_report_that_the_wall_clock_cut_short_is_not_repeatable():
    calm, cut = a_finding(obligations=(REFUTED, DOUBTED)), a_finding(obligations=(DOUBTED, LATE))

    assert Report(Mode.GUIDE).is_repeatable
    assert Report(Mode.GUIDE, (calm,)).is_repeatable
    assert not Report(Mode.GUIDE, (calm, cut)).is_repeatable
