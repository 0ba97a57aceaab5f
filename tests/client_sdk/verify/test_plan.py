from client_sdk.contract.reading import contract_from_document
from client_sdk.verify import Mode
from client_sdk.verify.plan import trials_for


def a_tool(**members):
    tool = {
        "tool_name": "pay",
        "version": "1",
        "input_schema": {
            "type": "object",
            "properties": {"to": {"type": "string"}, "currency": {"enum": ["EUR", "USD"]}},
            "required": ["to"],
        },
        "output_schema": {"type": "object"},
    }
    return contract_from_document(
        {"consumer": "a", "producer": "b", "tools": [tool | members]}
    ).tools[0]


EXAMPLE = {
    "name": "pay bob",
    "provider_state": "rich",
    "params": {"n": 1},
    "input": {"to": "bob"},
    "response": {"status_code": 200},
}


def test_examples_come_first_with_their_state_and_status():
    trial = trials_for(a_tool(examples=[EXAMPLE]), Mode.EXAMPLES, seed=0, samples=9)

    assert [
        (each.label, each.is_sample, each.input, each.state, each.params, each.expected_status)
        for each in trial
    ] == [("pay bob", False, {"to": "bob"}, "rich", {"n": 1}, 200)]


def test_samples_keep_what_the_example_pins_and_its_state():
    trials = trials_for(a_tool(examples=[EXAMPLE]), Mode.SAMPLED, seed=0, samples=9)[1:]

    assert {each.input["currency"] for each in trials} == {"EUR", "USD"}
    assert all(
        each.is_sample and each.input["to"] == "bob" and each.state == "rich" for each in trials
    )
    assert all(each.expected_status is None for each in trials)


def test_no_input_is_sent_twice_in_a_state():
    twice = [EXAMPLE, EXAMPLE | {"name": "again", "input": {"to": "bob", "currency": "EUR"}}]

    trials = trials_for(a_tool(examples=twice), Mode.SAMPLED, seed=0, samples=20)

    inputs = [tuple(sorted(each.input.items())) for each in trials]
    assert len(inputs) == len(set(inputs))


def test_a_tool_without_examples_is_sampled_alone():
    trials = trials_for(a_tool(), Mode.SAMPLED, seed=0, samples=9)

    assert [each.label for each in trials][:2] == ["minimal", "maximal"]
    assert all(each.state is None for each in trials)


def test_without_examples_and_samples_nothing_is_sent():
    assert trials_for(a_tool(), Mode.EXAMPLES, seed=0, samples=9) == ()


def test_samples_hold_no_member_that_nobody_wrote_down():
    schema = {"type": "object", "properties": {"to": {"type": "string"}}, "minProperties": 1}

    trials = trials_for(a_tool(input_schema=schema), Mode.SAMPLED, seed=0, samples=20)

    assert trials
    assert all(each.input.keys() == {"to"} for each in trials)


def test_samples_that_are_searched_for_hold_none_either():
    listed = {"type": "array", "contains": {"const": 5}}
    schema = {"type": "object", "properties": {"list": listed}, "minProperties": 1}

    trials = trials_for(a_tool(input_schema=schema), Mode.SAMPLED, seed=0, samples=20)

    assert [5] in [each.input["list"] for each in trials]
    assert all(each.input.keys() == {"list"} for each in trials)


def test_a_free_map_is_sampled_as_it_is_written():
    schema = {"type": "object", "minProperties": 1}

    trials = trials_for(a_tool(input_schema=schema), Mode.SAMPLED, seed=0, samples=3)

    assert trials[0].input == {"key1": "sample"}


def test_an_example_with_further_members_is_varied_with_them():
    schema = {"type": "object", "properties": {"urgent": {"type": "boolean"}}}
    example = {"name": "traced", "input": {"trace": "t-1"}}
    tool = a_tool(input_schema=schema, examples=[example])

    inputs = [each.input for each in trials_for(tool, Mode.SAMPLED, seed=0, samples=9)[1:]]

    assert {"trace": "t-1", "urgent": True} in inputs


def test_what_cannot_be_closed_is_sampled_as_it_is_written():
    patterns = {f"^{letter}": {"properties": {"x": {}}} for letter in "abcde"}
    tool = a_tool(input_schema={"type": "object", "patternProperties": patterns})

    assert trials_for(tool, Mode.SAMPLED, seed=0, samples=3)
