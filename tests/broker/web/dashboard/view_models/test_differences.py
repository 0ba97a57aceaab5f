"""Patches that lead from one document to the other, and texts side by side."""

from hypothesis import given
from hypothesis import strategies as st

from broker.web.dashboard.view_models.differences import (
    canonical_lines,
    edits_between,
    lines_between,
)
from client_sdk.contract.document import json_equal
from client_sdk.contract.pointer import resolve

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=12,
)


def patched(document, steps):
    whole = {"root": document}
    for step in steps:
        parent, _, last = f"/root{step['path']}".rpartition("/")
        place = resolve(whole, parent) if parent else whole
        key = last.replace("~1", "/").replace("~0", "~")
        if isinstance(place, list):
            if step["op"] == "remove":
                del place[int(key)]
            elif key == "-":
                place.append(step["value"])
            else:
                place[int(key)] = step["value"]
        elif step["op"] == "remove":
            del place[key]
        else:
            place[key] = step["value"]
    return whole["root"]


@given(VALUES, VALUES)
def test_the_patch_leads_from_the_old_document_to_the_new(old, new):
    steps = [edit.to_patch() for edit in edits_between(old, new)]
    assert json_equal(patched(old, steps), new)


def test_equal_documents_need_no_patch():
    assert list(edits_between({"a": [1, {"b": 2}]}, {"a": [1.0, {"b": 2}]})) == []


def test_long_stretches_that_are_the_same_are_left_out():
    old = [str(number) for number in range(30)]
    new = [*old[:15], "changed", *old[16:]]
    kinds = [line.kind for line in lines_between(old, new)]
    assert kinds == ["gap", *["same"] * 3, "both", *["same"] * 3, "gap"]
    assert len(lines_between(old, new, expand=True)) == 30


def test_lines_that_stand_on_one_side_only_say_so():
    assert [line.kind for line in lines_between(["a"], ["a", "b"])] == ["same", "is"]
    assert [line.kind for line in lines_between(["a", "b"], ["a"])] == ["same", "was"]


def test_texts_that_are_too_long_are_not_compared_line_by_line():
    assert lines_between(["x"] * 10_001, ["x"] * 10_000) is None


def test_equal_contents_have_equal_lines_whatever_the_order():
    assert canonical_lines({"b": [1], "a": 2}) == canonical_lines({"a": 2, "b": [1]})
