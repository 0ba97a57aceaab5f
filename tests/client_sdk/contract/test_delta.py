from decimal import Decimal

from client_sdk.contract.delta import delta_lines


def test_every_difference_is_named_by_its_pointer():
    old = {"a": 1, "b": {"c": [1, 2]}, "gone": "x"}
    new = {"a": 2, "b": {"c": [1, 2, 3]}, "a/b": True}
    assert delta_lines(old, new) == (
        "/a: changed from 1 to 2",
        "/a~1b: added true",
        "/b/c/2: added 3",
        '/gone: removed "x"',
    )


def test_numbers_of_equal_value_do_not_differ_and_true_is_not_one():
    assert delta_lines({"a": 1}, {"a": Decimal("1.0")}) == ()
    assert delta_lines({"a": 1}, {"a": True}) == ("/a: changed from 1 to true",)


def test_equal_values_have_no_delta():
    assert delta_lines([{"a": [1]}], [{"a": [1]}]) == ()


def test_a_value_of_another_kind_is_one_change():
    assert delta_lines({"a": {"b": 1}}, {"a": "b"}) == ('/a: changed from {"b": 1} to "b"',)


def test_a_long_delta_says_how_much_it_leaves_out():
    lines = delta_lines({}, {f"member-{number:03}": number for number in range(150)})
    assert len(lines) == 101
    assert lines[-1] == "and 50 more"


def test_what_is_too_large_is_not_taken_apart():
    assert delta_lines([], ["x" * 70_000]) == ("/: too large to be compared line by line",)
