"""Laws of the plan of a graph: nothing on anything, forward where possible, always the same."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.web.dashboard.view_models.layering import layered
from broker.web.dashboard.view_models.levels import LANE, spread
from broker.web.dashboard.view_models.placing import BOX_WIDTH, LABEL_ROOM, WIDEST, plan

NAMES = [f"n{number}" for number in range(9)]
EDGES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=22)
ALONE = st.lists(st.sampled_from([*NAMES, "alone", "also alone"]), max_size=4)


def areas(found):
    """Boxes, and the rooms of labels, as (left, top, right, bottom)."""
    boxes = [(box.x, box.y, box.x + BOX_WIDTH, box.y + box.height) for box in found.boxes]
    labels = [
        (
            line.stops[0].x,
            line.stops[0].y - LANE // 2,
            line.stops[0].end,
            line.stops[0].y + LANE // 2,
        )
        for line in found.lines
    ]
    return boxes + labels


def ends(line):
    """The boxes on the left and on the right."""
    return line.edge[::-1] if line.turned else line.edge


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(ALONE, EDGES)
def test_everything_is_there_once(nodes, edges):
    found = plan(nodes, edges)
    assert [box.name for box in found.boxes] == sorted({*nodes, *(n for e in edges for n in e)})
    assert [line.edge for line in found.lines] == sorted({*edges})


@given(ALONE, EDGES)
def test_no_box_and_no_label_lies_on_another(nodes, edges):
    found = areas(plan(nodes, edges))
    assert not [pair for pair in combinations(found, 2) if overlap(*pair)]


@given(ALONE, EDGES)
def test_no_line_passes_through_a_box_or_a_label_of_another_where_it_is_level(nodes, edges):
    found = plan(nodes, edges)
    for line in found.lines:
        for stop in line.stops[1:-1]:
            lane = (stop.x, stop.y - LANE // 2, stop.end, stop.y + LANE // 2)
            assert not [area for area in areas(found) if overlap(lane, area)]


@given(ALONE, EDGES)
def test_all_of_it_lies_within_its_frame(nodes, edges):
    found = plan(nodes, edges)
    for left, top, right, bottom in areas(found):
        assert left >= 0
        assert top >= 0
        assert right <= found.width
        assert bottom <= found.height


@given(ALONE, EDGES)
def test_lines_lead_from_left_to_right_and_those_of_consumers_are_not_turned(nodes, edges):
    found = plan(nodes, edges)
    at = {box.name: box for box in found.boxes}
    for line in found.lines:
        source, target = ends(line)
        if source != target:
            assert at[source].x + BOX_WIDTH == line.stops[0].x
            assert at[target].x == line.stops[-1].end
            assert all(one.end < two.x for one, two in pairwise(line.stops))


@given(EDGES)
def test_a_line_starts_and_ends_at_the_height_of_its_boxes(edges):
    found = plan([], edges)
    at = {box.name: box for box in found.boxes}
    for line in found.lines:
        source, target = ends(line)
        for name, stop in ((source, line.stops[0]), (target, line.stops[-1])):
            assert at[name].y < stop.y < at[name].y + at[name].height


@given(EDGES)
def test_lines_of_one_box_do_not_cross_beside_it(edges):
    lines = [line for line in plan([], edges).lines if line.edge[0] != line.edge[1]]
    for one, other in combinations(lines, 2):
        for near, next_to_it in ((0, 1), (-1, -2)):
            here = (one.stops[near], other.stops[near])
            if here[0].x == here[1].x and ends(one)[near] == ends(other)[near]:
                beyond = (one.stops[next_to_it], other.stops[next_to_it])
                assert (here[0].y < here[1].y) == (beyond[0].y < beyond[1].y)


@given(EDGES)
def test_without_a_circle_no_edge_is_turned(edges):
    forward = [(source, target) for source, target in edges if source < target]
    assert not layered(NAMES, forward).turned


@given(EDGES)
def test_the_edges_that_are_left_have_no_circle(edges):
    graph = layered(NAMES, edges)
    layer = {vertex: index for index, each in enumerate(graph.layers) for vertex in each}
    for chain in graph.chains.values():
        assert [layer[vertex] for vertex in chain] == [
            *range(layer[chain[0]], layer[chain[-1]] + 1)
        ]


@given(st.data(), ALONE, EDGES)
def test_the_same_in_any_order_is_the_same_picture(data, nodes, edges):
    again = plan(data.draw(st.permutations(nodes)), data.draw(st.permutations(edges)))
    assert again == plan(nodes, edges)


@given(
    st.lists(
        st.tuples(st.integers(-300, 300), st.sampled_from([0.01, 1.0, 6.0])),
        min_size=1,
        max_size=12,
    ),
    st.data(),
)
def test_places_keep_their_order_and_the_room_between_them(wanted, data):
    room = [data.draw(st.integers(1, 80)) for _ in wanted[1:]]
    places = spread(wanted, room)
    assert all(two - one >= gap for (one, two), gap in zip(pairwise(places), room, strict=True))


def test_whoever_has_room_stands_where_it_wants():
    assert spread([(0, 1), (100, 1), (200, 1)], [50, 50]) == [0, 100, 200]
    assert spread([(0, 1), (0, 1)], [50]) == [-25, 25]
    assert spread([(0, 1), (0, 3)], [40]) == [-30, 10]


def test_a_consumer_stands_left_of_all_its_producers_and_level_with_a_single_one():
    found = plan([], [("web", "orders"), ("orders", "payments"), ("web", "payments")])
    at = {box.name: box for box in found.boxes}
    assert at["web"].x < at["orders"].x < at["payments"].x
    line = next(each for each in plan([], [("a", "b")]).lines)
    assert line.stops[0].y == line.stops[-1].y


def test_two_that_need_each_other_have_two_lines_beside_each_other():
    lines = plan([], [("a", "b"), ("b", "a")]).lines
    assert [line.turned for line in lines] in ([False, True], [True, False])
    assert abs(lines[0].stops[0].y - lines[1].stops[0].y) == LANE


def test_who_calls_itself_has_a_line_that_leaves_and_comes_back():
    (line,) = plan([], [("a", "a")]).lines
    leaves, returns = line.stops
    assert leaves.x == returns.x == BOX_WIDTH
    assert leaves.end == BOX_WIDTH + LABEL_ROOM
    assert returns.y - leaves.y == LANE


def test_parts_stand_beside_each_other_as_far_as_the_page_is_wide():
    found = plan([], [(f"c{number:02}", f"p{number:02}") for number in range(12)])
    assert found.width <= WIDEST
    assert len({box.y for box in found.boxes}) == 6


def test_lines_do_not_cross_where_they_need_not():
    found = plan([], [("a", "z"), ("b", "y"), ("c", "x")] + [("hub", each) for each in "xyz"])
    at = {box.name: box.y for box in found.boxes}
    order = sorted("xyz", key=at.__getitem__)
    assert sorted("abc", key=at.__getitem__) == [{"z": "a", "y": "b", "x": "c"}[e] for e in order]


@pytest.mark.parametrize("shape", ["chain", "star", "circle", "all calls all", "ladder"])
def test_three_hundred_nodes_of_any_shape_have_a_plan(shape):
    names = [f"n{number:03}" for number in range(300)]
    shapes = {
        "chain": list(pairwise(names)),
        "star": [(name, "hub") for name in names],
        "circle": [*pairwise(names), (names[-1], names[0])],
        "all calls all": [(one, two) for one in names[:18] for two in names[:18]],
        "ladder": [(one, two) for one, two in zip(names, names[7:] + names[:7], strict=True)],
    }
    found = plan(names, shapes[shape])
    assert len(found.lines) == len(shapes[shape])
    assert len(found.boxes) == 300 + (shape == "star")


def test_nothing_has_an_empty_plan():
    assert (plan([], []).width, plan([], []).height) == (0, 0)
