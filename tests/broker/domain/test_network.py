"""Who is near whom, and how the pairs of an environment make one connection."""

from datetime import UTC, datetime

import pytest

from broker.domain.matrix import MatrixRow, RowOutcome
from broker.domain.network import (
    Connection,
    connection_from_row,
    connections_from_pairs,
    neighbourhood,
    weight,
)
from broker.domain.overview import IntegrationFacts, OverviewRow, State
from broker.domain.participant import VersionRef
from broker.domain.publication import Integration, Publication


def connection(pair, state=State.VERIFIED):
    return Connection(*pair.split(">"), state, "")


def named(found):
    return [f"{each.consumer}>{each.producer}" for each in found]


def pair(consumer, producer, outcome=RowOutcome.VERIFIED, *, digest="d", **about):
    name, _, number = producer.partition("@")
    participant, version = consumer.split("@")
    ref = VersionRef(participant, version)
    return MatrixRow(ref, name, number or None, digest, outcome, **about)


def in_production(*rows, **standing):
    return connections_from_pairs(rows, "production", standing)


@pytest.mark.parametrize(
    ("depth", "found"),
    [
        (1, ["a>b", "c>b"]),
        (2, ["a>b", "c>b", "c>d"]),
        (3, ["a>b", "c>b", "c>d", "d>e"]),
        (None, ["a>b", "c>b", "c>d", "d>e"]),
    ],
)
def test_a_neighbourhood_goes_as_many_steps_as_asked(depth, found):
    every = [connection(each) for each in ("a>b", "c>b", "c>d", "d>e", "y>z")]
    assert named(neighbourhood(every, "b", depth)) == found


def test_neighbours_that_need_each_other_are_shown_with_it():
    every = [connection(each) for each in ("a>b", "c>b", "a>c")]
    assert named(neighbourhood(every, "b", 1)) == ["a>b", "c>b", "a>c"]


def test_nobody_has_no_neighbours():
    assert neighbourhood([connection("a>b")], "z", None) == ()


def test_who_needs_itself_is_its_own_neighbour():
    assert named(neighbourhood([connection("a>a")], "a", 1)) == ["a>a"]


def test_the_worst_comes_first_and_equals_by_their_names():
    every = [
        connection("b>x"),
        connection("A>x"),
        connection("z>x", State.FAILED),
        connection("y>x", State.PENDING),
    ]
    assert named(sorted(every, key=weight)) == ["z>x", "y>x", "A>x", "b>x"]


@pytest.mark.parametrize(("version", "versions"), [("7", ("7",)), (None, ())])
def test_a_row_of_the_overview_is_a_connection_at_its_newest_versions(version, versions):
    newest = Publication("web", "2", "orders", "d", (), datetime(2026, 1, 1, tzinfo=UTC))
    facts = IntegrationFacts(Integration("web", "orders"), newest, version)
    found = connection_from_row(OverviewRow(facts, State.PENDING, "It waits."))
    assert found == Connection("web", "orders", State.PENDING, "It waits.", ("2",), versions)


def test_a_connection_is_as_bad_as_the_worst_pair_that_stands_there():
    (found,) = in_production(
        pair("web@1", "orders@1"),
        pair("web@2", "orders@1", RowOutcome.FAILED),
        web=("2", "1"),
        orders=("1",),
    )
    assert found == Connection(
        consumer="web",
        producer="orders",
        state=State.FAILED,
        because="orders@1 failed what web@2 needs.",
        consumer_versions=("2", "1"),
        producer_versions=("1",),
    )


@pytest.mark.parametrize(
    ("row", "state", "because"),
    [
        (pair("web@1", "orders@1"), State.VERIFIED, "orders@1 keeps to what web@1 needs."),
        (
            pair("web@1", "orders@1", RowOutcome.UNKNOWN),
            State.UNKNOWN,
            "orders@1 never verified what web@1 needs.",
        ),
        (
            pair("web@1", "orders@1", RowOutcome.UNKNOWN, stale=True),
            State.STALE,
            "orders@1 verified an earlier content, not what web@1 needs.",
        ),
        (
            pair("web@1", "orders", RowOutcome.MISSING),
            State.UNKNOWN,
            "No version of orders stands in production.",
        ),
        (
            pair("web@1", "orders@1", RowOutcome.UNKNOWN, digest=None),
            State.UNKNOWN,
            "web@1 has published no contract for orders.",
        ),
    ],
)
def test_a_connection_says_why(row, state, because):
    (found,) = in_production(row)
    assert (found.state, found.because) == (state, because)


def test_of_equally_bad_pairs_the_first_is_named():
    (found,) = in_production(
        pair("web@1", "orders@1", RowOutcome.FAILED), pair("web@2", "orders@1", RowOutcome.FAILED)
    )
    assert found.because == "orders@1 failed what web@1 needs."
