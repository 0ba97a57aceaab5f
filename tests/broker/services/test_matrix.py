"""The matrix: rows of versions against versions, filtered and in pages."""

import pytest
from builders import World, failed, passed

from broker.domain.errors import CursorInvalid, EnvironmentUnknown, ParticipantUnknown
from broker.domain.matrix import MatrixQuery, RowOutcome
from broker.domain.paging import Page
from broker.services.can_i_deploy import matrix


@pytest.fixture
def broker(world: World) -> World:
    """Three publications, two results."""
    world.has_environment()
    world.publishes("shop@1", "pricing", ["a"], branch="main")
    world.publishes("shop@2", "pricing", ["b"], branch="feature")
    world.publishes("web@1", "pricing", ["c"])
    world.verifies("pricing@1", "shop@1", failed("a"))
    world.verifies("pricing@2", "shop@1", failed("a"))
    world.verifies("pricing@2", "shop@1", passed("a"))
    return world


def rows(world, **filters):
    found = matrix(world.store, MatrixQuery(**filters))
    return [f"{r.consumer}×{r.producer_version} {r.outcome.value}" for r in found.items]


def test_a_row_is_a_publication_with_a_producer_version_that_ran_its_content(broker):
    assert rows(broker) == [
        "web@1×None unknown",
        "shop@2×None unknown",
        "shop@1×2 verified",
        "shop@1×1 failed",
    ]


def test_rows_are_filtered_by_either_side_branch_and_outcome(broker):
    assert rows(broker, consumer="Web") == ["web@1×None unknown"]
    assert len(rows(broker, producer="pricing")) == 4
    assert rows(broker, branch="feature") == ["shop@2×None unknown"]
    assert rows(broker, outcome=RowOutcome.FAILED) == ["shop@1×1 failed"]


def test_an_environment_shows_what_stands_there_against_each_other(broker):
    broker.deploys("shop@2")
    assert rows(broker, environment="production") == ["shop@2×None missing"]
    broker.deploys("pricing@1")
    assert rows(broker, environment="production") == ["shop@2×1 unknown"]
    assert rows(broker, environment="production", outcome=RowOutcome.VERIFIED) == []


def test_pages_follow_each_other_without_gap_or_repetition(broker):
    seen, page = [], Page(limit=1)
    while True:
        found = matrix(broker.store, MatrixQuery(page=page))
        seen.extend(f"{r.consumer}×{r.producer_version}" for r in found.items)
        if found.next is None:
            break
        page = Page(found.next, 1)
    assert seen == ["web@1×None", "shop@2×None", "shop@1×2", "shop@1×1"]


def test_unknown_names_and_cursors_are_refused(broker):
    with pytest.raises(ParticipantUnknown):
        rows(broker, consumer="nobody")
    with pytest.raises(EnvironmentUnknown):
        rows(broker, environment="moon")
    with pytest.raises(CursorInvalid):
        rows(broker, page=Page("bm90IG9uZQ"))
