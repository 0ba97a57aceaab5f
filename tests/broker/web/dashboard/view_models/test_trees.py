"""Documents as trees with a JSON Pointer at every place."""

from broker.web.dashboard.view_models.tree import MOST_NODES, tree_of


def test_every_place_has_its_pointer():
    tree = tree_of({"a/b": [1, {"c": None}]}, "/tools/0", "tool")
    (inner,) = tree.children
    assert (inner.pointer, inner.name, inner.text) == ("/tools/0/a~1b", "a/b", "2 items")
    assert [each.pointer for each in inner.children] == ["/tools/0/a~1b/0", "/tools/0/a~1b/1"]
    assert inner.children[1].children[0].text == "null"


def test_an_empty_container_is_a_leaf():
    assert tree_of({}, "", "x").text == "{}"


def test_a_document_too_large_for_a_page_is_no_tree():
    assert tree_of([0] * MOST_NODES, "", "x") is None
