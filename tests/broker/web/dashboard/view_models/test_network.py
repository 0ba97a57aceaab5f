"""The network as a drawing: what stands where, what is cut, what is left out."""

from itertools import pairwise

from broker.domain.network import Connection
from broker.domain.overview import State
from broker.web.dashboard.view_models.network import MARGIN, MOST_NODES, cut, drawing_of


def connections(*pairs, state=State.VERIFIED, **versions):
    return [Connection(*pair.split(">"), state, "", **versions) for pair in pairs]


def nodes(drawing):
    return {node.name: node for node, _ in drawing.parts}


def arrows(drawing):
    return {
        (each.connection.consumer, each.connection.producer): each
        for _, found in drawing.parts
        for each in found
    }


def test_a_consumer_stands_left_of_all_its_producers():
    at = nodes(drawing_of(connections("a>b", "b>c", "a>c", "d>c")))
    assert at["a"].x < at["b"].x < at["c"].x
    assert at["d"].x == at["b"].x


def test_an_arrow_ends_at_its_producer_and_points_to_it():
    drawing = drawing_of(connections("web>orders"))
    orders, arrow = nodes(drawing)["orders"], arrows(drawing)["web", "orders"]
    middle = orders.y + orders.height // 2
    assert arrow.head == f"M{orders.x} {middle}l-10-5v10z"
    assert arrow.path.startswith(f"M{MARGIN + 184} {middle}H")
    assert arrow.path.endswith(f" {orders.x - 8} {middle}")


def test_an_arrow_back_points_to_the_producer_on_the_left():
    drawing = drawing_of(connections("a>b", "b>a"))
    left, right = sorted(nodes(drawing).values(), key=lambda node: node.x)
    back = arrows(drawing)[right.name, left.name]
    assert back.head.startswith(f"M{left.x + left.width} ")
    assert back.head.endswith("l10-5v10z")


def test_an_arrow_to_oneself_leaves_and_comes_back():
    drawing = drawing_of(connections("a>a"))
    arrow, node = arrows(drawing)["a", "a"], nodes(drawing)["a"]
    assert arrow.head.startswith(f"M{node.x + node.width} ")
    assert arrow.path.count("H") == 2
    assert arrow.x + arrow.width < drawing.width


def test_one_tabs_from_left_to_right_and_from_a_participant_to_what_it_needs():
    drawing = drawing_of(connections("a>x", "b>x", "a>y", "x>z"))
    order = [node for node, _ in drawing.parts]
    assert all((one.x, one.y) < (two.x, two.y) for one, two in pairwise(order))
    needs = {
        node.name: [each.connection.producer for each in found] for node, found in drawing.parts
    }
    assert sorted(needs["a"]) == ["x", "y"]
    assert needs["z"] == []


def test_the_order_of_the_rows_moves_nothing():
    told = ["a>x", "b>x", "c>y", "a>y", "x>z", "y>x"]
    one, other = drawing_of(connections(*told)), drawing_of(connections(*reversed(told)))
    assert nodes(one) == nodes(other)
    assert arrows(one) == arrows(other)


def test_the_versions_of_all_lines_of_a_participant_are_named_once():
    first = connections("web>orders", consumer_versions=("2", "1"), producer_versions=("7",))
    second = connections("web>users", consumer_versions=("2",))
    at = nodes(drawing_of([*first, *second]))
    assert (at["web"].versions, at["orders"].versions, at["users"].versions) == (
        "2, 1",
        "7",
        "no version yet",
    )
    assert (at["web"].title, at["users"].title) == ("web at 2, 1", "users, no version yet")


def test_the_longest_names_and_versions_are_cut_and_kept():
    drawing = drawing_of(connections(f"{'W' * 128}>b", consumer_versions=("1" * 128,)))
    node = nodes(drawing)["W" * 128]
    assert node.shown == "W" * 11 + "…"
    assert node.versions == "1" * 21 + "…"
    assert node.title == f"{'W' * 128} at {'1' * 128}"


def test_a_text_is_cut_where_its_room_ends():
    assert cut("abc", 30, {}, 10) == "abc"
    assert cut("abcd", 30, {}, 10) == "ab…"
    assert cut("iiii", 30, {"i": 5}, 10) == "iiii"
    assert cut("ab, cd", 50, {}, 10) == "ab…"
    assert cut("WW", 1, {}, 10) == "W…"


def test_who_is_looked_at_is_marked():
    marked = [
        node.name for node, _ in drawing_of(connections("a>b"), focus="b").parts if node.is_focus
    ]
    assert marked == ["b"]


def test_what_nobody_could_read_is_left_out_and_counted():
    worst = connections("web>orders", state=State.FAILED)
    rest = connections(*(f"c{number:03}>hub" for number in range(200)))
    drawing = drawing_of([*worst, *rest])
    assert len(drawing.parts) == MOST_NODES
    assert ("web", "orders") in arrows(drawing)
    assert drawing.left_out == 201 - len(arrows(drawing)) == 53
    assert drawing_of(rest, most_lines=24).left_out == 176


def test_nothing_is_no_drawing():
    assert drawing_of([]) is None
