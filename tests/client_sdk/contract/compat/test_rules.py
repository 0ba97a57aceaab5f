"""The rule table: complete, unambiguous, and shown as a page."""

import re

import pytest

from client_sdk.contract.compat.rules import RULES, rule_of, rules_markdown
from client_sdk.contract.errors import Severity
from client_sdk.contract.report import Side


def test_ids_are_unique_kebab_case_words():
    ids = [rule.id for rule in RULES]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", each) for each in ids)


def test_an_id_begins_with_its_side():
    sided = {Side.INPUT, Side.STATUS, Side.CONSTRAINT, Side.EXAMPLE}

    assert all(rule.id.startswith(f"{rule.side}-") for rule in RULES if rule.side in sided)


def test_the_guides_four_rules_are_the_errors():
    assert {rule.id for rule in RULES if rule.severity is Severity.ERROR} == {
        "input-required-added",
        "output-required-removed",
        "output-type-changed",
        "output-enum-narrowed",
    }


def test_a_purpose_is_one_sentence():
    assert all(rule.purpose.endswith(".") and len(rule.purpose) < 80 for rule in RULES)


def test_asking_for_an_unknown_rule_is_a_bug():
    assert rule_of("status-added").side is Side.STATUS
    with pytest.raises(KeyError):
        rule_of("status-adde")


def test_the_page_has_a_row_for_every_rule():
    lines = rules_markdown().splitlines()

    assert len(lines) == len(RULES) + 2
    assert (
        "| `status-added` | status | consumers | warning | One more status is handled. |" in lines
    )
