"""The network as a drawing: consumers left of producers, circles and all, always the same."""

import pytest

from broker.domain.overview import IntegrationFacts, OverviewRow, State
from broker.domain.publication import Integration
from broker.web.dashboard.view_models.network import LARGEST, neighbourhood, network_of


def rows(*pairs):
    return [
        OverviewRow(IntegrationFacts(Integration(consumer, producer), None, None), State.FAILED, "")
        for consumer, producer in (pair.split(">") for pair in pairs)
    ]


def columns(network):
    return {box.name: box.x for box in network.boxes}


def named(found):
    return [f"{row.consumer}>{row.producer}" for row in found]


def test_a_consumer_stands_left_of_all_its_producers():
    places = columns(network_of(rows("a>b", "b>c", "a>c", "d>c")))
    assert places["a"] == places["d"] < places["b"] < places["c"]


def test_participants_that_need_each_other_are_drawn_all_the_same():
    network = network_of(rows("a>b", "b>a", "c>c", "b>d"))
    places = columns(network)
    assert places["a"] < places["b"] < places["d"]
    assert len(network.lines) == 4


def test_no_two_boxes_stand_on_each_other_and_all_are_within():
    network = network_of(rows("a>x", "b>x", "c>y", "a>y", "x>z", "y>x", "z>a"))
    corners = [(box.x, box.y) for box in network.boxes]
    assert len(set(corners)) == len(corners)
    assert all(x + 190 <= network.width and y + 40 <= network.height for x, y in corners)


def test_the_order_of_the_rows_moves_nothing():
    told = ["a>x", "b>x", "c>y", "a>y", "x>z", "y>x"]
    assert network_of(rows(*told)).boxes == network_of(rows(*reversed(told))).boxes


def test_a_long_chain_needs_no_deep_recursion():
    chain = [f"n{index:03}>n{index + 1:03}" for index in range(LARGEST - 1)]
    assert network_of(rows(*chain)).boxes[-1].x == 20 + 330 * (LARGEST - 1)


def test_what_nobody_could_read_is_not_drawn():
    assert network_of([]) is None
    assert network_of(rows(*(f"n{index}>m" for index in range(LARGEST)))) is None


@pytest.mark.parametrize(
    ("depth", "found"),
    [(1, ["a>b", "c>b"]), (2, ["a>b", "c>b", "c>d"]), (None, ["a>b", "c>b", "c>d", "d>e"])],
)
def test_a_neighbourhood_goes_as_many_steps_as_asked(depth, found):
    assert named(neighbourhood(rows("a>b", "c>b", "c>d", "d>e", "y>z"), "b", depth)) == found


def test_nobody_has_no_neighbours():
    assert neighbourhood(rows("a>b"), "z", None) == ()
