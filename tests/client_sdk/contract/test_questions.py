"""The containments behind a comparison: which are asked, and how each can end."""

import pytest
from builders import a_contract, a_tool

from client_sdk.contract.compat import Budget, Proved
from client_sdk.contract.questions import (
    INPUT_CONSUMERS,
    INPUT_PRODUCERS,
    Ledger,
    ask,
    questions_about,
)
from client_sdk.contract.report import NO_WITNESS

TEXT = {"type": "string"}


def tool(**members):
    return a_contract(tools=[a_tool(**members)]).tool("quote")


def asked(old, new):
    return [question.text for question in questions_about(old, new)]


def answer(question, old, new, budget=None):
    found = ask(question, old, new, Ledger(budget or Budget()))
    return found.verdict, found.reason


def test_each_status_that_both_handle_is_asked_about_once():
    old, new = tool(status_codes=[200, 201, 404]), tool(status_codes=[404, 201, 500])

    assert asked(old, new) == [
        "closed input(old) ⊆ input(new)",
        "closed input(new) ⊆ closed input(old)",
        "closed output(new, 200) ⊆ output(old, 200)",
        "output(old, 200) ⊆ output(new, 200)",
        "closed output(new, 404) ⊆ output(old, 404)",
        "output(old, 404) ⊆ output(new, 404)",
    ]


def test_without_a_success_on_one_side_there_is_no_body_to_ask_about():
    assert len(asked(tool(status_codes=[404]), tool(status_codes=[200]))) == 2


@pytest.mark.parametrize(
    ("question", "old", "new", "expected"),
    [
        (INPUT_CONSUMERS, {"a": TEXT}, {"a": TEXT}, ("proved", "")),
        (INPUT_CONSUMERS, {"a": TEXT}, {"a": TEXT, "b": TEXT}, ("proved", "")),
        (INPUT_CONSUMERS, {"a": TEXT, "b": TEXT}, {"a": TEXT}, ("undecided", "undeclared-input")),
        (INPUT_CONSUMERS, {"a": TEXT}, {"a": {"type": "integer"}}, ("refuted", "")),
        (INPUT_PRODUCERS, {"a": TEXT}, {"a": TEXT, "b": TEXT}, ("refuted", "")),
        (INPUT_PRODUCERS, {"a": TEXT, "b": TEXT}, {"a": TEXT}, ("proved", "")),
    ],
)
def test_inputs_are_compared_as_they_are_sent(question, old, new, expected):
    assert answer(question, tool(input_schema=old), tool(input_schema=new)) == expected


def test_a_proof_about_what_the_closing_emptied_is_none():
    old = tool(input_schema={"properties": {"a": {}}, "minProperties": 2})
    new = tool(input_schema={"properties": {"a": TEXT}, "minProperties": 2})

    assert answer(INPUT_CONSUMERS, old, new) == ("undecided", "closed-empty")


def test_a_schema_that_takes_nothing_is_proved_to_hurt_nobody():
    old = tool(input_schema={"not": {}})

    assert answer(INPUT_CONSUMERS, old, tool()) == ("proved", "")


def test_a_closing_too_wide_is_undecided():
    patterns = {f"^{letter}": {"properties": {"x": {}}} for letter in "abcde"}
    old = tool(input_schema={"patternProperties": patterns})

    assert answer(INPUT_CONSUMERS, old, tool()) == ("undecided", "closing-too-wide")
    assert not INPUT_CONSUMERS.separates({}, old, tool())
    assert not INPUT_CONSUMERS.tells_apart({}, old, tool())


def test_without_time_the_answer_says_that_the_clock_decided():
    new = tool(input_schema={"sku": {"maxLength": 3}})

    assert answer(INPUT_CONSUMERS, tool(), new, Budget(wall_seconds=0)) == (
        "undecided",
        "budget-wall",
    )


def test_after_many_questions_the_answer_is_that_the_budget_is_spent():
    new = tool(input_schema={"sku": {"maxLength": 3}})
    ledger = Ledger(Budget(steps=1))
    ledger.answers.update({(number, number): Proved() for number in range(10)})

    assert ask(INPUT_CONSUMERS, tool(), new, ledger).reason == "budget-spent"


def test_nothing_is_asked_twice():
    old, new, ledger = tool(), tool(input_schema={"sku": {"maxLength": 3}}), Ledger(Budget())
    first = ask(INPUT_PRODUCERS, old, new, ledger)
    asked_so_far = len(ledger.answers)

    assert ask(INPUT_PRODUCERS, old, new, ledger) == first
    assert len(ledger.answers) == asked_so_far
    assert first.witness is not NO_WITNESS


def test_read_literally_every_question_is_about_the_schemas_as_written():
    old, new = (tool(input_schema=each) for each in ({"a": TEXT}, {"a": TEXT, "b": TEXT}))

    found = {each.text: each.sides(old, new) for each in questions_about(old, new, literal=True)}

    assert found == {
        "input(old) ⊆ input(new)": (old.input_shape(), new.input_shape()),
        "input(new) ⊆ input(old)": (new.input_shape(), old.input_shape()),
        "output(new, 200) ⊆ output(old, 200)": (new.output_shape(200), old.output_shape(200)),
        "output(old, 200) ⊆ output(new, 200)": (old.output_shape(200), new.output_shape(200)),
    }
