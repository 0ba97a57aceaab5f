"""Each kind of change: that it is found, how grave it is, who is hurt."""

import pytest
from evolve_claims import compared
from evolve_inputs import INPUTS
from evolve_outputs import OUTPUTS

from client_sdk.contract.compat.rules import RULES, rule_of

CASES = INPUTS | OUTPUTS


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
