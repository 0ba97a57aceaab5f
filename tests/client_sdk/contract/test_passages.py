"""A schema that passed the gate passes again, and counts again in every document."""

from dataclasses import replace

import pytest

from client_sdk.contract import passages
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.passages import passed
from client_sdk.contract.pattern_gate import PatternGate
from client_sdk.contract.schema_gate import pass_gate
from client_sdk.contract.values import DEFAULT_LIMITS

SCHEMA = {
    "type": "object",
    "properties": {"a": {"pattern": "^one-of-a-kind$"}, "b": {"pattern": "^another one$"}},
}


@pytest.fixture
def looked(monkeypatch):
    seen = []
    monkeypatch.setattr(passages, "_PASSED", passages._Latest())
    monkeypatch.setattr(
        passages, "pass_gate", lambda *given: seen.append(given[0]) or pass_gate(*given)
    )
    return seen


def test_a_faultless_schema_is_looked_at_once(looked):
    first = passed(SCHEMA, Dialect.D2020, PatternGate())
    again = passed({**SCHEMA}, Dialect.D2020, PatternGate())

    assert first == again == pass_gate(SCHEMA, Dialect.D2020, PatternGate())
    assert looked == [SCHEMA]


def test_one_with_a_fault_is_looked_at_every_time(looked):
    faulty = {"type": "strnig"}

    assert passed(faulty, Dialect.D2020, PatternGate()).faults
    assert passed(faulty, Dialect.D2020, PatternGate()).faults
    assert len(looked) == 2


def test_another_dialect_or_another_form_of_a_number_is_another_schema(looked):
    for dialect in (Dialect.D2020, Dialect.DRAFT7):
        for least in (1, 1.0, True):
            passed({"minLength": least}, dialect, PatternGate())

    assert len(looked) == 6


def test_a_document_without_room_for_its_schemas_is_told(looked):
    passed(SCHEMA, Dialect.D2020, PatternGate())
    narrow = PatternGate(replace(DEFAULT_LIMITS, max_schema_nodes=2))

    found = passed(SCHEMA, Dialect.D2020, narrow)

    assert [fault.code for fault in found.faults] == ["too-many-schemas"]


def test_its_patterns_count_against_the_limit_of_the_next_document_too(looked):
    passed(SCHEMA, Dialect.D2020, PatternGate())
    narrow = PatternGate(replace(DEFAULT_LIMITS, max_pattern_total=50))

    found = passed(SCHEMA, Dialect.D2020, narrow)

    assert [fault.code for fault in found.faults] == ["too-many-patterns"]


def test_only_the_latest_are_remembered(looked, monkeypatch):
    monkeypatch.setattr(passages, "_MOST_REMEMBERED", 2)
    one, two, three = ({"minLength": least} for least in (1, 2, 3))

    for schema in (one, two, one, three, one, two):
        passed(schema, Dialect.D2020, PatternGate())

    assert looked == [one, two, three, two]
