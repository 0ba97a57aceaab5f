"""Changes of a tool around its schemas: responses, constraints and examples."""

from builders import a_contract, a_tool

from client_sdk.contract.changes.tools import tool_changes

TEXT, NUMBER = {"type": "string"}, {"type": "number"}
ONE = {"type": "field_equals", "field": "price", "value": 1}
TWO = {"type": "field_equals", "field": "price", "value": 2}
CHEAP = {"name": "cheap", "input": {"sku": "a"}}
DEAR = {"name": "dear", "input": {"sku": "b"}}


def tool(**members):
    return a_contract(tools=[a_tool(**members)]).tool("quote")


def changes(old, new):
    return [(each.rule, each.path, each.what) for each in tool_changes(old, new)]


def with_responses(**bodies):
    return tool(status_codes=[200, 404, 409], responses={k[1:]: v for k, v in bodies.items()})


def test_a_change_in_one_response_made_alone_leaves_the_others():
    old = with_responses(_404={"why": TEXT}, _409={"why": TEXT})
    new = with_responses(_404={"why": NUMBER}, _409={"why": TEXT})

    (change,) = tool_changes(old, new)

    assert change.path == "/responses/404/properties/why/type"
    assert change.status == 404
    assert change.apply(old).responses == new.responses


def test_a_response_that_comes_or_goes_is_made_alone():
    less, more = with_responses(_404=TEXT), with_responses(_404=TEXT, _409=NUMBER)

    (added,), (removed,) = tool_changes(less, more), tool_changes(more, less)

    assert (added.rule, added.path) == ("response-added", "/responses/409")
    assert (added.old, added.new) == (None, NUMBER)
    assert added.apply(less).responses == more.responses
    assert (removed.rule, removed.path) == ("response-removed", "/responses/409")
    assert (removed.old, removed.new) == (NUMBER, None)
    assert removed.apply(more).responses == less.responses


def test_a_change_of_the_body_made_alone_leaves_the_input():
    old, new = tool(output_schema={"price": NUMBER}), tool(output_schema={"price": TEXT})

    (change,) = tool_changes(old, new)

    assert change.apply(old).output == new.output
    assert change.apply(old).input == old.input


def test_a_keyword_that_goes_from_one_branch_is_made_alone():
    old = tool(input_schema={"sku": {"anyOf": [{"minLength": 2, **TEXT}, NUMBER]}})
    new = tool(input_schema={"sku": {"anyOf": [TEXT, NUMBER]}})

    (change,) = tool_changes(old, new)

    assert change.path == "/input_schema/properties/sku/anyOf/0/minLength"
    assert change.apply(old).input == new.input


def test_only_constraints_that_came_or_went_are_changes():
    old, new = tool(constraints=[ONE]), tool(constraints=[ONE, TWO])

    (added,), (removed,) = tool_changes(old, new), tool_changes(new, old)

    assert (added.rule, added.path) == ("constraint-added", "/constraints/1")
    assert (added.old, added.new) == (None, removed.old)
    assert removed.new is None
    assert added.new["properties"] == {"price": {"const": 2}}
    assert added.apply(old).constraints == new.constraints
    assert (removed.rule, removed.path) == ("constraint-removed", "/constraints/1")
    assert removed.apply(new).constraints == old.constraints


def test_a_constraint_that_only_warns_changes_no_set_of_values():
    warning = {**TWO, "severity": "warning", "message": "Two is dear."}

    (change,) = tool_changes(tool(constraints=[ONE]), tool(constraints=[ONE, warning]))

    assert change.apply is None
    assert change.what == "A constraint is new: Two is dear."


def test_only_examples_that_came_or_went_are_changes():
    old, new = tool(examples=[CHEAP]), tool(examples=[CHEAP, DEAR])

    assert changes(old, new) == [
        ("example-added", "/examples/1", "The example `dear` is new."),
    ]
    assert changes(new, old) == [
        ("example-removed", "/examples/1", "The example `dear` is gone."),
    ]


def test_a_field_that_stays_required_in_another_place_is_no_change():
    members = {"properties": {"price": NUMBER}}
    by_schema = tool(output_schema={**members, "required": ["price"]}, required_output_fields=[])
    by_field = tool(output_schema=members, required_output_fields=["price"])
    by_nothing = tool(output_schema=members, required_output_fields=[])

    assert changes(by_schema, by_field) == []
    assert changes(by_field, by_schema) == []
    for required in (by_schema, by_field):
        assert [each[0] for each in changes(required, by_nothing)] == ["output-required-removed"]
        assert [each[0] for each in changes(by_nothing, required)] == ["output-required-added"]
